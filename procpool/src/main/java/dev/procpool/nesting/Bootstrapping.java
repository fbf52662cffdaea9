package dev.procpool.nesting;

import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether a worker is still making the classes and objects that its task needs, and refuses
 * the calls on pools that it makes meanwhile, as Python does in its bootstrapping phase.
 *
 * <p>A worker has the parent's classes, and initializes them anew. A call in a static initializer
 * would so be made in each worker, by workers of which it would be made again: a chain of processes
 * without end. The same goes for what runs while a task or its argument is deserialized.
 *
 * <p>Thread-safe, without state of its own. To be used in workers only: it looks at stacks.
 */
public final class Bootstrapping {

  /** At the bottom of the stack of the thread that runs tasks. */
  private static final String WORKER_MAIN = "dev.procpool.worker.WorkerMain";

  private static final String DECODER = "dev.procpool.codec.Codec";
  private static final String DECODE = "decode";

  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /**
   * How long the task thread may wait within a static initializer before it counts as waiting for
   * the very thread that makes the call.
   */
  private static final long WAIT_NANOS = TimeUnit.SECONDS.toNanos(3);

  /** What of ours is on the stack of a call. */
  private static final Set<String> CALL_PACKAGES =
      Set.of("dev.procpool", "dev.procpool.call", "dev.procpool.function", "dev.procpool.nesting");

  private static final String AGAIN =
      " in a worker, whose own workers would make the call again, and so on without end.";

  private static final String CURE =
      " Make the call in a method that only the parent calls, such as main, or move the task and"
          + " what it uses to classes without that call";

  private static volatile @Nullable Thread taskThread;

  private Bootstrapping() {}

  /** Tells whether a call that this thread makes now would be refused. */
  public static boolean isUnderWay() {
    StackTraceElement[] own = new Throwable().getStackTrace();
    return cause(own) != null || (!isTaskThread(own) && causeInTaskThread() != null);
  }

  /**
   * Refuses a call that is made too early. One that is made by another thread than the task's own
   * waits until the task's own is done with its classes; for a thread that waits for it, it would
   * wait for ever.
   *
   * @param pool the name of the pool that is called
   * @throws IllegalStateException that names the static initializer or the method that makes the
   *     call, and says what to do
   */
  public static void refuseCall(String pool) {
    StackTraceElement[] own = new Throwable().getStackTrace();
    String cause = cause(own);
    if (cause != null) {
      throw new IllegalStateException(cause + " calls pool '" + pool + "'" + AGAIN + CURE);
    }
    if (isTaskThread(own)) {
      return;
    }
    long waitsSince = 0;
    for (cause = causeInTaskThread(); cause != null; cause = causeInTaskThread()) {
      Thread task = taskThread;
      long now = System.nanoTime();
      if (task == null || task.getState() == Thread.State.RUNNABLE) {
        waitsSince = 0;
      } else if (waitsSince == 0) {
        waitsSince = now;
      } else if (now - waitsSince > WAIT_NANOS || Thread.currentThread().isInterrupted()) {
        throw new IllegalStateException(
            cause
                + " waits in a worker, as it seems for thread "
                + Thread.currentThread().getName()
                + ", which calls pool '"
                + pool
                + "'"
                + AGAIN
                + CURE);
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  /** Tells whether this thread is the one that runs the worker's tasks. */
  public static boolean isTaskThread() {
    return isTaskThread(new Throwable().getStackTrace());
  }

  private static boolean isTaskThread(StackTraceElement[] stack) {
    return stack.length > 0 && stack[stack.length - 1].getClassName().equals(WORKER_MAIN);
  }

  private static @Nullable String causeInTaskThread() {
    Thread thread = taskThread;
    if (thread == null) {
      for (var entry : Thread.getAllStackTraces().entrySet()) {
        if (isTaskThread(entry.getValue())) {
          thread = entry.getKey();
          taskThread = thread;
        }
      }
    }
    return thread == null ? null : cause(thread.getStackTrace());
  }

  /** What of a worker's beginnings a stack is in; null for nothing. */
  private static @Nullable String cause(StackTraceElement[] stack) {
    StackTraceElement initializer = StaticInitializer.innermost(stack);
    if (initializer != null) {
      return "the static initializer of "
          + StaticInitializer.describe(initializer)
          + ", which every worker runs that needs the class,";
    }
    return isTaskThread(stack) ? decoding(stack) : null;
  }

  private static @Nullable String decoding(StackTraceElement[] stack) {
    StackTraceElement usersOwn = null;
    for (StackTraceElement frame : stack) {
      if (frame.getClassName().equals(DECODER) && frame.getMethodName().equals(DECODE)) {
        return (usersOwn == null ? "a class" : usersOwn.toString())
            + ", which runs while a value is deserialized,";
      }
      if (usersOwn == null && !isOfPlatform(frame.getClassName())) {
        usersOwn = frame;
      }
    }
    return null;
  }

  private static boolean isOfPlatform(String className) {
    int end = className.lastIndexOf('.');
    return CALL_PACKAGES.contains(className.substring(0, Math.max(0, end)))
        || className.startsWith("java.")
        || className.startsWith("jdk.");
  }
}
