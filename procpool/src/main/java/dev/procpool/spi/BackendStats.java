package dev.procpool.spi;

import dev.procpool.PoolStats;
import dev.procpool.WorkerInfo;
import java.util.List;
import java.util.Optional;

/**
 * What a backend adds to the statistics of its pool. Immutable.
 *
 * @param targetWorkers how many workers there may be
 * @param workers the workers that there are, ordered by number
 * @param sentBytes how many bytes of arguments went to workers; -1 if it does not count
 * @param receivedBytes how many bytes of results came from workers; -1 if it does not count
 * @param times where the time of workers went; {@link PoolStats.Times#NONE} if it does not tell
 * @since 0.2.0
 */
public record BackendStats(
    int targetWorkers,
    List<PoolStats.Worker> workers,
    long sentBytes,
    long receivedBytes,
    PoolStats.Times times) {

  /** Copies the list. */
  public BackendStats {
    workers = List.copyOf(workers);
  }

  /**
   * Tells nothing of where the time went.
   *
   * @param targetWorkers how many workers there may be
   * @param workers the workers that there are, ordered by number
   * @param sentBytes how many bytes of arguments went to workers; -1 if it does not count
   * @param receivedBytes how many bytes of results came from workers; -1 if it does not count
   */
  public BackendStats(
      int targetWorkers, List<PoolStats.Worker> workers, long sentBytes, long receivedBytes) {
    this(targetWorkers, workers, sentBytes, receivedBytes, PoolStats.Times.NONE);
  }

  /**
   * Makes what is known of workers alone.
   *
   * @param workers the workers
   * @return statistics without items and bytes
   */
  public static BackendStats of(List<WorkerInfo> workers) {
    return new BackendStats(
        workers.size(),
        workers.stream().map(info -> new PoolStats.Worker(info, Optional.empty())).toList(),
        -1,
        -1);
  }
}
