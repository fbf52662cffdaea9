package dev.procpool;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A pool as it was at one moment, and what it has counted since it was made: see {@link
 * Pool#stats()}. Immutable.
 *
 * @param pool the pool's name
 * @param at the moment
 * @param state its state
 * @param isBroken whether it is broken; stays true when the state goes on to {@link
 *     PoolState#TERMINATED}
 * @param targetWorkers how many workers there may be
 * @param workers the workers that there are, ordered by number
 * @param queuedItems how many items of the calls under way were taken from their sources and don't
 *     run: they wait, or their results are on the way back
 * @param calls the calls under way, the oldest first
 * @param totals what was counted since the pool was made
 * @since 0.2.0
 */
public record PoolStats(
    String pool,
    Instant at,
    PoolState state,
    boolean isBroken,
    int targetWorkers,
    List<Worker> workers,
    long queuedItems,
    List<Call> calls,
    Totals totals) {

  /** Copies the lists. */
  public PoolStats {
    workers = List.copyOf(workers);
    calls = List.copyOf(calls);
  }

  /**
   * A worker, and what it does.
   *
   * @param info its number, process, state and memory
   * @param item the item that it runs; empty if it runs none
   */
  public record Worker(WorkerInfo info, Optional<Item> item) {}

  /**
   * An item that runs.
   *
   * @param call its call
   * @param index its index in its call
   * @param attempt how often it was started, this time included
   * @param running for how long it has been running
   * @param progress how far it has come, as its task said last; empty if nobody said
   */
  public record Item(
      PoolEvent.Call call,
      long index,
      int attempt,
      Duration running,
      Optional<Progress> progress) {}

  /**
   * A call that is under way.
   *
   * @param call its number and label
   * @param total how many items it has; empty if that is not known
   * @param done how many have ended, in whatever way
   * @param failed how many of them without success
   */
  public record Call(PoolEvent.Call call, OptionalLong total, long done, long failed) {}

  /**
   * What a pool has counted since it was made. No number of it ever falls.
   *
   * @param items how many items have ended with each kind of outcome; all kinds are there
   * @param retries how many attempts were not the last
   * @param workerStarts how many workers were started
   * @param workerEnds how many workers have ended for each reason; all reasons are there
   * @param sentBytes how many bytes went to workers: arguments; -1 if the backend does not count
   * @param receivedBytes how many bytes came from workers: results; -1 if the backend does not
   *     count
   * @param droppedEvents how many events observers were too slow for
   * @param runTimes how long attempts ran that were an item's last
   * @param queueWaits how long items waited from when they were taken from their source until their
   *     first attempt began; empty if the backend does not tell
   */
  public record Totals(
      Map<OutcomeKind, Long> items,
      long retries,
      long workerStarts,
      Map<WorkerEnd, Long> workerEnds,
      long sentBytes,
      long receivedBytes,
      long droppedEvents,
      Distribution runTimes,
      Distribution queueWaits) {

    /** Copies the maps. */
    public Totals {
      items = Map.copyOf(items);
      workerEnds = Map.copyOf(workerEnds);
    }

    /**
     * Tells how many items have ended.
     *
     * @return the sum over all kinds of outcomes
     */
    public long ended() {
      return items.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  /**
   * How durations are spread. Counted in buckets, after HdrHistogram: a percentile is at most 3.2 %
   * above the true value and never below it; the maximum is exact.
   *
   * @param count how many durations
   * @param p50Nanos half of them took no longer; 0 if there are none
   * @param p95Nanos 95 of 100 took no longer
   * @param p99Nanos 99 of 100 took no longer
   * @param maxNanos the longest
   */
  public record Distribution(
      long count, long p50Nanos, long p95Nanos, long p99Nanos, long maxNanos) {

    /** Of no durations. */
    public static final Distribution NONE = new Distribution(0, 0, 0, 0, 0);
  }
}
