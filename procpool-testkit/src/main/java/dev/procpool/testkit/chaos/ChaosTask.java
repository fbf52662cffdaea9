package dev.procpool.testkit.chaos;

import dev.procpool.WorkerContext;
import dev.procpool.function.Task1;
import dev.procpool.testkit.chaos.Ledger.Entry;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The task of the run: records its start, does what the item's kind says, records its end.
 *
 * @param ledger the ledger's file
 * @param call the call's number
 */
record ChaosTask(String ledger, int call) implements Task1<ChaosItem, Object> {

  static final int EXIT_CODE = 7;
  static final int HALT_CODE = 9;

  /** A checked exception that crosses as itself. */
  static final class CheckedException extends Exception {
    private static final long serialVersionUID = 1;

    CheckedException(String message) {
      super(message);
    }
  }

  /** An exception that can't be serialized. */
  static final class UnserializableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    @SuppressWarnings({"serial", "unused"}) // that it can't be serialized is what it is for
    private final Object field = new Object();

    UnserializableException(String message) {
      super(message);
    }
  }

  /** A result that only the process that made it can decode. */
  static final class Undecodable implements Serializable {
    private static final long serialVersionUID = 1;
    private final long pid = ProcessHandle.current().pid();

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      in.defaultReadObject();
      if (pid != ProcessHandle.current().pid()) {
        throw new IOException("can't be decoded here");
      }
    }
  }

  @Override
  public Object call(ChaosItem item) throws Exception {
    int attempt = WorkerContext.current().attempt();
    record(true, item, attempt);
    try {
      if (!item.isIntact()) {
        throw new IllegalStateException("the argument came damaged");
      }
      return act(item, attempt, ledger);
    } finally {
      record(false, item, attempt);
    }
  }

  private void record(boolean isStart, ChaosItem item, int attempt) throws IOException {
    long pid = ProcessHandle.current().pid();
    Ledger.append(ledger, new Entry(isStart, call, item.index(), attempt, pid, System.nanoTime()));
  }

  static String message(ChaosItem item) {
    return "item " + item.index() + " of salt " + item.salt();
  }

  private static Object act(ChaosItem item, int attempt, String mark) throws Exception {
    switch (item.kind()) {
      case VALUE, MEDIUM_RESULT, BIG_RESULT -> {}
      case NAP -> TimeUnit.MILLISECONDS.sleep(Math.abs(item.salt() % 50));
      case CHILD -> startForGood("sh", "-c", "while sleep 100; do :; done", mark);
      case DAEMON -> startForGood("setsid", "sh", "-c", "while sleep 100; do :; done", mark);
      case CHECKED_EXCEPTION -> throw new CheckedException(message(item));
      case UNCHECKED_EXCEPTION -> throw new IllegalArgumentException(message(item));
      case UNSERIALIZABLE_EXCEPTION -> throw new UnserializableException(message(item));
      case ERROR -> throw new AssertionError(message(item));
      case UNKNOWN_EXCEPTION ->
          throw (RuntimeException) Foreign.make(ForeignFailure.class, message(item));
      case STACK_OVERFLOW -> deeper(item.index());
      case NATIVE_STACK_OVERFLOW -> DeepClasses.load();
      case UNSERIALIZABLE_RESULT -> {
        return new Object();
      }
      case UNDECODABLE_RESULT -> {
        return new Undecodable();
      }
      case UNKNOWN_RESULT -> {
        return Foreign.make(ForeignResult.class, message(item));
      }
      case EXIT -> System.exit(EXIT_CODE);
      case HALT -> Runtime.getRuntime().halt(HALT_CODE);
      case KILL -> signalItself("KILL");
      case STOP -> signalItself("STOP");
      case SEGFAULT -> segfault();
      case HEAP -> exhaustHeap();
      case RECOVERS -> {
        if (attempt == 1) {
          Runtime.getRuntime().halt(HALT_CODE);
        }
      }
      case BUSY_HANG -> spinUntilInterrupted();
      case SLEEP_HANG -> TimeUnit.DAYS.sleep(1);
      case DEAF_HANG -> sleepForGood();
      case DEAF_BUSY_HANG -> spinForGood();
      case UNPOLLED_HANG -> spinUnpolled(item.salt());
    }
    return item.value();
  }

  /** Starts a process that never ends, and that its last argument tells from others. */
  private static void startForGood(String... command) throws IOException {
    new ProcessBuilder(command)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  @SuppressWarnings("InfiniteRecursion") // what it is for
  private static int deeper(int depth) {
    return deeper(depth + 1) + 1;
  }

  private static void signalItself(String name) throws IOException, InterruptedException {
    Signal.send(name, ProcessHandle.current().pid());
    TimeUnit.DAYS.sleep(1); // the signal may take a moment
  }

  private static void segfault() throws ReflectiveOperationException {
    Class<?> type = Class.forName("sun.misc.Unsafe");
    Field field = type.getDeclaredField("theUnsafe");
    field.setAccessible(true);
    type.getMethod("putAddress", long.class, long.class).invoke(field.get(null), 0L, 0L);
  }

  private static void exhaustHeap() {
    List<byte[]> hoard = new ArrayList<>();
    while (hoard.size() < 100_000) {
      hoard.add(new byte[1 << 20]);
    }
    throw new IllegalStateException("the heap has no end: " + hoard.size() + " MB");
  }

  private static void spinUntilInterrupted() throws InterruptedException {
    while (!Thread.interrupted()) {
      Thread.onSpinWait();
    }
    throw new InterruptedException();
  }

  private static void spinForGood() {
    while (true) {
      Thread.onSpinWait();
    }
  }

  /** The compiler makes the inner loop one without safepoints, for half a minute at a time. */
  private static void spinUnpolled(long salt) {
    long sum = salt;
    while (sum != Long.MIN_VALUE) { // which it does not become
      for (int i = 1; i < Integer.MAX_VALUE; i++) {
        sum = sum / (i & 15 | 1) + i;
      }
    }
  }

  private static void sleepForGood() {
    while (true) {
      try {
        TimeUnit.DAYS.sleep(1);
      } catch (InterruptedException e) {
        // deaf to it
      }
    }
  }
}
