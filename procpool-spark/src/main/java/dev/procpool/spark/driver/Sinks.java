package dev.procpool.spark.driver;

import dev.procpool.WorkerLog;
import dev.procpool.WorkerOutput;
import dev.procpool.guard.SafeLog;
import dev.procpool.local.engine.SerialExecutor;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where what workers print and log goes in the driver. Users' code runs on threads that carry
 * nothing else, one for each, in the order in which it came. Thread-safe.
 */
final class Sinks {

  private final @Nullable WorkerOutput output;
  private final @Nullable Consumer<? super WorkerLog> logs;
  private final SerialExecutor outputs;
  private final SerialExecutor records;

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

  void printed(WorkerOutput.Line line) {
    if (output != null) {
      outputs.execute(() -> guarded(() -> output.accept(line)));
    }
  }

  void logged(WorkerLog log) {
    if (logs != null) {
      records.execute(() -> guarded(() -> logs.accept(log)));
    }
  }

  private static void guarded(Runnable consumer) {
    try {
      consumer.run();
    } catch (Throwable e) { // users' code
      SafeLog.log(System.Logger.Level.WARNING, "a consumer of workers' output or logs threw", e);
    }
  }
}
