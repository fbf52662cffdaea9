package dev.procpool.spark.driver;

import dev.procpool.WorkerLog;
import dev.procpool.WorkerOutput;
import dev.procpool.guard.SafeLog;
import dev.procpool.local.engine.SerialExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where what workers print and log goes in the driver. Users' code runs on threads that carry
 * nothing else, one for each, in the order in which it came. What waits for a slow consumer is
 * bounded: executors that have more hold it back, and their workers wait, as those of one machine
 * do. What each executor has under way by then still comes. Thread-safe.
 */
final class Sinks {

  /** What may wait for consumers before executors are to hold more back. */
  static final long MOST_WAITING_BYTES = 8L << 20;

  /** What a line takes in memory beside its text, about. */
  private static final int OVERHEAD = 256;

  private final @Nullable WorkerOutput output;
  private final @Nullable Consumer<? super WorkerLog> logs;
  private final SerialExecutor outputs;
  private final SerialExecutor records;

  // ---- guarded by the monitor

  private long waitingBytes;
  private boolean isEnding;

  /** What is done once there is room. */
  private final List<Runnable> askers = new ArrayList<>();

  /**
   * Makes them.
   *
   * @param output takes lines; null if they stay in the executors' own output
   * @param logs takes records; null if they are not forwarded
   * @param threads where both are run
   */
  Sinks(
      @Nullable WorkerOutput output, @Nullable Consumer<? super WorkerLog> logs, Executor threads) {
    this.output = output;
    this.logs = logs;
    outputs = new SerialExecutor(threads);
    records = new SerialExecutor(threads);
  }

  boolean takesOutput() {
    return output != null;
  }

  boolean takesLogs() {
    return logs != null;
  }

  /** A line, of so many bytes. */
  void printed(WorkerOutput.Line line, int bytes) {
    if (output != null) {
      deliver(outputs, bytes, () -> output.accept(line));
    }
  }

  /** A record, of so many bytes. */
  void logged(WorkerLog log, int bytes) {
    if (logs != null) {
      deliver(records, bytes, () -> logs.accept(log));
    }
  }

  private void deliver(SerialExecutor thread, int bytes, Runnable consumer) {
    long all = (long) bytes + OVERHEAD;
    waits(all);
    try {
      thread.execute(
          () -> {
            guarded(consumer);
            waits(-all);
          });
    } catch (Throwable e) { // no thread to be had
      waits(-all);
      throw e;
    }
  }

  private void waits(long bytes) {
    List<Runnable> served = List.of();
    synchronized (this) {
      waitingBytes += bytes;
      if (!isFull()) {
        served = List.copyOf(askers);
        askers.clear();
      }
    }
    served.forEach(Sinks::guarded);
  }

  /** Tells whether executors are to hold back what workers print and log. */
  synchronized boolean isFull() {
    return waitingBytes > MOST_WAITING_BYTES && !isEnding;
  }

  /** Does something once there is room: at once, or on the thread that makes it. */
  void whenRoom(Runnable what) {
    synchronized (this) {
      if (isFull()) {
        askers.add(what);
        return;
      }
    }
    what.run();
  }

  /** The pool ends: what workers have still to say is taken, however slow its consumer is. */
  void end() {
    synchronized (this) {
      isEnding = true;
    }
    waits(0);
  }

  private static void guarded(Runnable consumer) {
    try {
      consumer.run();
    } catch (Throwable e) { // users' code, or an answer that can't be sent
      SafeLog.log(System.Logger.Level.WARNING, "what takes workers' output or logs threw", e);
    }
  }
}
