package dev.procpool.spark.wire;

import dev.procpool.TaskOptions;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/**
 * What workers have to know of a call's options. Immutable.
 *
 * @param isByItem whether each item has a time limit of its own
 * @param time how long each may run; empty for no limit
 * @param stall how long each may report nothing; empty for no limit
 * @param cpu how much processor time each may take; empty for no limit
 * @param chunkSize how many go to a worker at a time; 0 to choose automatically
 */
public record CallLimits(
    boolean isByItem,
    Optional<Duration> time,
    Optional<Duration> stall,
    Optional<Duration> cpu,
    int chunkSize) {

  /** What there is to know of options. */
  public static CallLimits of(TaskOptions options) {
    return new CallLimits(
        options.hasTimeoutByItem(),
        options.hasTimeoutByItem() ? Optional.empty() : options.timeout(),
        options.stallTimeout(),
        options.cpuTimeout(),
        options.chunkSize().orElse(0));
  }

  /**
   * Gives options for a worker of an executor.
   *
   * @param byItem gives the limit of an item that has its own
   */
  public TaskOptions options(Function<Object, Duration> byItem) {
    TaskOptions options = TaskOptions.defaults();
    if (isByItem) {
      options = options.timeout(byItem);
    } else if (time.isPresent()) {
      options = options.timeout(time.get());
    }
    if (stall.isPresent()) {
      options = options.stallTimeout(stall.get());
    }
    if (cpu.isPresent()) {
      options = options.cpuTimeout(cpu.get());
    }
    return chunkSize > 0 ? options.chunkSize(chunkSize) : options;
  }
}
