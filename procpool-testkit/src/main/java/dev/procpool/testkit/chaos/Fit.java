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

  static boolean isFailureOf(ChaosItem item, Throwable error) {
    String message = ChaosTask.message(item);
    return switch (item.kind()) {
      case OWN_EXCEPTION ->
          error instanceof ChaosTask.OwnException && message.equals(error.getMessage());
      case UNSERIALIZABLE_EXCEPTION ->
          error instanceof RemoteTaskException && error.getMessage().contains(message);
      case ERROR -> error instanceof AssertionError && message.equals(error.getMessage());
      case STACK_OVERFLOW -> error instanceof StackOverflowError;
      case UNSERIALIZABLE_RESULT, UNDECODABLE_RESULT ->
          error instanceof TaskSerializationException
              && error.getMessage().contains("item " + item.index());
      default -> false;
    };
  }

  static boolean isLossOf(ChaosItem item, WorkerExit exit) {
    return switch (item.kind()) {
      case EXIT -> isExit(exit, ChaosTask.EXIT_CODE);
      case HALT, RECOVERS -> isExit(exit, ChaosTask.HALT_CODE);
      case KILL -> exit.reason() == Reason.KILLED && exit.signal().orElse("").equals("SIGKILL");
      case SEGFAULT -> exit.reason() == Reason.NATIVE_CRASH && exit.crashFile().isPresent();
      case HEAP -> exit.reason() == Reason.OUT_OF_MEMORY;
      case STOP -> exit.reason() == Reason.FROZEN;
      default -> false;
    };
  }

  private static boolean isExit(WorkerExit exit, int code) {
    return exit.reason() == Reason.EXITED && exit.exitCode().orElse(-1) == code;
  }
}
