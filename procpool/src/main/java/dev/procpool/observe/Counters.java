package dev.procpool.observe;

import dev.procpool.OutcomeKind;
import dev.procpool.PoolStats;
import dev.procpool.WorkerEnd;
import dev.procpool.spi.ItemRun;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a pool has counted since it was made; nothing of it ever falls. Thread-safe, guarded by
 * itself: the lock is taken once for items that are reported together, and nobody holds it for
 * longer than that takes.
 */
@SuppressWarnings("EnumOrdinal") // arrays by kind, as a map would box a count for each item
final class Counters {

  private final long[] items = new long[OutcomeKind.values().length];
  private long @Nullable [] workerEnds;
  private long workerStarts;
  private long retries;
  private final SlowItems slowItems = new SlowItems();
  private @Nullable Histogram runs;
  private @Nullable Histogram waits;

  /** Items have succeeded. */
  synchronized void succeeded(
      ObservedCall call, long[] indexes, long[] nanos, int count, ItemRun run) {
    items[OutcomeKind.SUCCESS.ordinal()] += count;
    slowItems.offer(call, indexes, nanos, count, runs().addAll(nanos, count));
    waited(run, count);
  }

  /** An item has ended. */
  synchronized void ended(
      ObservedCall call, OutcomeKind kind, long index, int attempts, long nanos, ItemRun run) {
    items[kind.ordinal()]++;
    if (attempts > 0) {
      slowItems.offer(call, index, nanos);
      runs().add(nanos, 1);
      waited(run, 1);
    }
  }

  /** Items have ended with their call. */
  synchronized void ended(OutcomeKind kind, long count) {
    items[kind.ordinal()] += count;
  }

  private void waited(ItemRun run, int count) {
    if (run.waitNanos() >= 0) {
      Histogram known = waits == null ? new Histogram() : waits;
      waits = known;
      known.add(run.waitNanos(), count);
    }
  }

  private Histogram runs() {
    Histogram known = runs == null ? new Histogram() : runs;
    runs = known;
    return known;
  }

  synchronized void retried() {
    retries++;
  }

  synchronized void workerStarted() {
    workerStarts++;
  }

  synchronized void workerEnded(WorkerEnd why) {
    long[] ends = workerEnds == null ? new long[WorkerEnd.values().length] : workerEnds;
    workerEnds = ends;
    ends[why.ordinal()]++;
  }

  /** Gives what was counted here, and by others what is passed. */
  synchronized PoolStats.Totals totals(long sentBytes, long receivedBytes, long droppedEvents) {
    Map<OutcomeKind, Long> byKind = new EnumMap<>(OutcomeKind.class);
    for (OutcomeKind kind : OutcomeKind.values()) {
      byKind.put(kind, items[kind.ordinal()]);
    }
    Map<WorkerEnd, Long> byEnd = new EnumMap<>(WorkerEnd.class);
    for (WorkerEnd why : WorkerEnd.values()) {
      byEnd.put(why, workerEnds == null ? 0 : workerEnds[why.ordinal()]);
    }
    return new PoolStats.Totals(
        byKind,
        retries,
        workerStarts,
        byEnd,
        sentBytes,
        receivedBytes,
        droppedEvents,
        runs == null ? PoolStats.Distribution.NONE : runs.distribution(),
        waits == null ? PoolStats.Distribution.NONE : waits.distribution(),
        slowItems.slowest());
  }
}
