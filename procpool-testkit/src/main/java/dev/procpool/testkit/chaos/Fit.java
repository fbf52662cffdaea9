package dev.procpool.testkit.chaos;

import dev.procpool.Outcome;
import dev.procpool.RemoteTaskException;
import dev.procpool.TaskSerializationException;
import dev.procpool.WorkerExit;
import dev.procpool.WorkerExit.Reason;

/** Tells which outcomes fit what an item does, when nobody interferes from outside. */
final class Fit {

  private Fit() {}

  static boolean isSuccessOf(ChaosItem item, Outcome.Success<Object> outcome) {
    return item.kind().succeeds()
        && item.isValue(outcome.value())
        && (item.kind() != ItemKind.RECOVERS || outcome.attempts() > 1);
  }

  /**
   * @param index what the call knows the item by
   */
  static boolean isFailureOf(ChaosItem item, long index, Throwable error) {
    String message = ChaosTask.message(item);
    return switch (item.kind()) {
      case CHECKED_EXCEPTION ->
          error instanceof ChaosTask.CheckedException && message.equals(error.getMessage());
      case UNCHECKED_EXCEPTION ->
          error instanceof IllegalArgumentException && message.equals(error.getMessage());
      case UNSERIALIZABLE_EXCEPTION ->
          isRemote(error, ChaosTask.UnserializableException.class.getName(), message);
      case UNKNOWN_EXCEPTION -> isRemote(error, Foreign.nameOf(ForeignFailure.class), message);
      case ERROR -> error instanceof AssertionError && message.equals(error.getMessage());
      case STACK_OVERFLOW -> error instanceof StackOverflowError;
      case UNSERIALIZABLE_RESULT, UNDECODABLE_RESULT, UNKNOWN_RESULT ->
          error instanceof TaskSerializationException
              && String.valueOf(error.getMessage()).startsWith("item " + index + ":");
      default -> false;
    };
  }

  private static boolean isRemote(Throwable error, String className, String message) {
    return error instanceof RemoteTaskException remote
        && className.equals(remote.className())
        && message.equals(remote.remoteMessage());
  }

  static boolean isLossOf(ChaosItem item, WorkerExit exit) {
    return switch (item.kind()) {
      case EXIT -> isExit(exit, ChaosTask.EXIT_CODE);
      case HALT, RECOVERS -> isExit(exit, ChaosTask.HALT_CODE);
      case KILL -> exit.reason() == Reason.KILLED && exit.signal().orElse("").equals("SIGKILL");
      case SEGFAULT -> exit.reason() == Reason.NATIVE_CRASH && exit.crashFile().isPresent();
      case NATIVE_STACK_OVERFLOW -> // no stack is left to write a crash file on
          exit.reason() == Reason.NATIVE_CRASH && exit.signal().orElse("").equals("SIGSEGV");
      case HEAP -> // or its collector takes all the processor time there is
          exit.reason() == Reason.OUT_OF_MEMORY || exit.reason() == Reason.FROZEN;
      case STOP -> exit.reason() == Reason.FROZEN;
      default -> false;
    };
  }

  private static boolean isExit(WorkerExit exit, int code) {
    return exit.reason() == Reason.EXITED && exit.exitCode().orElse(-1) == code;
  }
}
