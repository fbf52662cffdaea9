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
 * @param times where the time of the workers went since then
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
    Totals totals,
    Times times) {

  /** Copies the lists. */
  public PoolStats {
    workers = List.copyOf(workers);
    calls = List.copyOf(calls);
  }

  /**
   * Tells how much memory was resident, of all workers together.
   *
   * @return the number of bytes; a worker counts as 0 where the system does not tell
   * @since 0.2.0
   */
  public long memoryBytes() {
    return workers.stream().mapToLong(worker -> worker.info().memoryBytes().orElse(0)).sum();
  }

  /**
   * Says in text where the time went: of each worker, in its slowest items, and what to do about
   * it. For people; its form may change. The idea is mpire's insights.
   *
   * <pre>
   * pool 'resize', RUNNING: 4 workers
   * 2400 items in 3.1 s of calls (774/s): 2400 succeeded
   * an item ran 51 us (half of them), 80 us (95 %), 1.1 ms (99 %), 4.0 ms (longest)
   *
   * worker processes     life  start  initializer  work  input  output  tail  rest  handover
   *      0         1    3.5 s   7 %          2 %   1 %   87 %     0 %   0 %   3 %       0 %
   * …
   * slowest items
   *     4.0 ms  resize[17]
   * …
   * advice
   * - Workers waited 87 % of the time for input: the source makes 774 items/s. …
   * </pre>
   *
   * <ul>
   *   <li><b>start</b>, <b>initializer</b>: a worker's process started, or initialized.
   *   <li><b>work</b>: it ran items.
   *   <li><b>input</b>: it had nothing to do, since a call's source did not give the next item.
   *   <li><b>output</b>: it had nothing to do, since a call's results waited to be taken.
   *   <li><b>tail</b>: it had nothing to do, since all items of calls were given out.
   *   <li><b>rest</b>: no call was under way.
   *   <li><b>handover</b>: all else: items and results on their way.
   * </ul>
   *
   * @return some lines
   */
  public String report() {
    return new StatsReport(this).text();
  }

  /**
   * Says what would make the pool faster, with the figures that show it.
   *
   * @return a sentence or two for each; empty if there is nothing to say
   */
  public List<String> advice() {
    return new StatsAdvice(this).all();
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
   * @param slowest the items whose last attempts ran longest, the slowest first; 5 at most
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
      Distribution queueWaits,
      List<SlowItem> slowest) {

    /** Copies the maps and the list. */
    public Totals {
      items = Map.copyOf(items);
      workerEnds = Map.copyOf(workerEnds);
      slowest = List.copyOf(slowest);
    }

    /**
     * Tells how many items have ended.
     *
     * @return the sum over all kinds of outcomes
     */
    public long ended() {
      return items.values().stream().mapToLong(Long::longValue).sum();
    }

    /**
     * Tells how many workers were lost: crashed, for example, or killed at a time limit.
     *
     * @return the sum of {@code workerEnds} over all reasons but {@link WorkerEnd#STOPPED}
     * @since 0.2.0
     */
    public long workerLosses() {
      return workerEnds.entrySet().stream()
          .filter(end -> end.getKey() != WorkerEnd.STOPPED)
          .mapToLong(Map.Entry::getValue)
          .sum();
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

  /**
   * An item that ran for long.
   *
   * @param call its call
   * @param index its index in its call
   * @param runNanos how long its last attempt ran
   */
  public record SlowItem(PoolEvent.Call call, long index, long runNanos) {}

  /**
   * Where the time of workers went since the pool was made: see {@link PoolStats#report()} for the
   * words.
   *
   * @param workers each worker that there is or was, by number; empty if the backend does not tell
   * @param callNanos for how long at least one call was under way
   * @param chunks how many times items were sent to a worker, one or several together
   * @param maxTasksPerWorker after how many items a worker is replaced; 0 for never
   */
  public record Times(
      List<WorkerTime> workers, long callNanos, long chunks, int maxTasksPerWorker) {

    /** Of a backend that does not tell. */
    public static final Times NONE = new Times(List.of(), 0, 0, 0);

    /** Copies the list. */
    public Times {
      workers = List.copyOf(workers);
    }

    /**
     * Adds all up.
     *
     * @return the sum over the workers, with number -1
     */
    public WorkerTime total() {
      return workers.stream()
          .reduce(new WorkerTime(-1, 0, 0, 0, 0, 0, 0, 0, 0, 0), WorkerTime::plus);
    }
  }

  /**
   * Where the time of the processes went that were, one after the other, a worker.
   *
   * @param number the worker's number
   * @param processes how many there were
   * @param startNanos they started, and were not connected yet
   * @param initializerNanos their initializer ran
   * @param workNanos they ran items
   * @param inputNanos they had nothing to do: a call's source had not given the next item
   * @param outputNanos they had nothing to do: no more of a call's items was started, since its
   *     results waited to be taken
   * @param tailNanos they had nothing to do: all items of the calls under way were given out
   * @param restNanos they had nothing to do: no call was under way, or they were spare
   * @param handoverNanos all else: items and results were on their way
   */
  public record WorkerTime(
      int number,
      int processes,
      long startNanos,
      long initializerNanos,
      long workNanos,
      long inputNanos,
      long outputNanos,
      long tailNanos,
      long restNanos,
      long handoverNanos) {

    /**
     * Tells how long all of this took.
     *
     * @return the sum
     */
    public long lifeNanos() {
      return startNanos
          + initializerNanos
          + workNanos
          + inputNanos
          + outputNanos
          + tailNanos
          + restNanos
          + handoverNanos;
    }

    /**
     * Adds another.
     *
     * @param other the other
     * @return the sum, with the number of this one
     */
    public WorkerTime plus(WorkerTime other) {
      return new WorkerTime(
          number,
          processes + other.processes,
          startNanos + other.startNanos,
          initializerNanos + other.initializerNanos,
          workNanos + other.workNanos,
          inputNanos + other.inputNanos,
          outputNanos + other.outputNanos,
          tailNanos + other.tailNanos,
          restNanos + other.restNanos,
          handoverNanos + other.handoverNanos);
    }
  }
}
