package dev.procpool.spark.wire;

import dev.procpool.local.ProcessPool;
import java.time.Duration;
import java.util.List;

/**
 * What executors have to know of the pool's options. Immutable.
 *
 * @param name the pool's name
 * @param jvmOptions options of the workers' JVMs
 * @param maxTasksPerWorker after how many items a worker is replaced; 0 for never
 * @param gracePeriod how long an item that is stopped may take to end
 */
public record ExecutorSettings(
    String name, List<String> jvmOptions, int maxTasksPerWorker, Duration gracePeriod) {

  /** Copies the list. */
  public ExecutorSettings {
    jvmOptions = List.copyOf(jvmOptions);
  }

  /** Sets them where a worker is made. */
  public void apply(ProcessPool.Builder builder) {
    builder.name(name).jvmOptions(jvmOptions).gracePeriod(gracePeriod).inheritJvmOptions(false);
    if (maxTasksPerWorker > 0) {
      builder.maxTasksPerWorker(maxTasksPerWorker);
    }
  }
}
