package dev.procpool.call;

import dev.procpool.Outcome;
import dev.procpool.OutcomeKind;
import dev.procpool.PoolEvent;
import dev.procpool.observe.Observation;
import dev.procpool.observe.ObservedCall;
import dev.procpool.spi.ItemRun;
import dev.procpool.spi.Nanos;
import java.util.BitSet;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * What a pool's observers are told of the items of one call, and how many of them went wrong.
 *
 * <p>Threads: guarded by the call's lock, under which each item is told of, as none is told after
 * the end of its call. Where there is no memory to tell, it is not told: the item has its outcome
 * by now, and the call must count it.
 */
final class CallNews {

  private final ObservedCall call;

  /** Null once the call has ended, so that a result that is kept does not keep its pool. */
  private volatile @Nullable Observation observation;

  /** How many items have ended with the call, without an outcome of their own. */
  private long unreported;

  /** How many items have ended without success, with an outcome of their own or not. */
  private long failed;

  /** Made when an observer is to be told. */
  private volatile PoolEvent.@Nullable Call name;

  CallNews(ObservedCall call, Observation observation) {
    this.call = call;
    this.observation = observation;
  }

  /** How events name the call. Needs no lock. */
  PoolEvent.Call name(long number, Optional<String> label) {
    PoolEvent.Call known = name;
    if (known == null) {
      known = new PoolEvent.Call(number, label);
      name = known;
    }
    return known;
  }

  /** How many items have ended with the call, without an outcome of their own. */
  long unreported() {
    return unreported;
  }

  /** How many items have ended without success. */
  long failed() {
    return failed;
  }

  void tellSuccess(long index, int attempts, long nanos, ItemRun run) {
    tell(OutcomeKind.SUCCESS, null, index, attempts, nanos, run);
  }

  /**
   * Tells of items that have succeeded.
   *
   * @param old which of them had ended before; null for none
   */
  void tellSuccesses(
      long[] indexes, long[] nanos, int count, @Nullable BitSet old, int attempts, ItemRun run) {
    Observation observers = observation;
    if (observers == null) {
      return;
    }
    if (old == null) {
      try {
        observers.succeeded(call, indexes, nanos, count, attempts, run);
      } catch (OutOfMemoryError e) {
        observers.missed(count);
      }
    } else { // rare: the call was stopped meanwhile
      for (int i = old.nextClearBit(0); i < count; i = old.nextClearBit(i + 1)) {
        tellSuccess(indexes[i], attempts, nanos[i], run);
      }
    }
  }

  void tell(Outcome<?> outcome, ItemRun run) {
    boolean isSuccess = outcome.isSuccess();
    failed += isSuccess ? 0 : 1;
    tell(
        OutcomeKind.of(outcome),
        isSuccess ? null : outcome,
        outcome.index(),
        outcome.attempts(),
        Nanos.of(outcome.duration()),
        run);
  }

  private void tell(
      OutcomeKind kind,
      @Nullable Outcome<?> outcome,
      long index,
      int attempts,
      long nanos,
      ItemRun run) {
    Observation observers = observation;
    if (observers != null) {
      try {
        observers.ended(call, kind, outcome, index, attempts, nanos, run);
      } catch (OutOfMemoryError e) {
        observers.missed(1);
      }
    }
  }

  /** Counts items that end with the call; the cause is null if there is none. */
  void countUnreported(@Nullable Throwable cause, long count) {
    Observation observers = observation;
    unreported += count;
    failed += count;
    if (observers != null && count > 0) {
      observers.countEnded(kindOf(cause), count);
    }
  }

  /** Tells of items that end with the call and were counted. */
  void tellUnreported(@Nullable Throwable cause, long from, long to) {
    Observation observers = observation;
    if (observers != null) {
      try {
        observers.endedWithCall(call, kindOf(cause), from, to);
      } catch (OutOfMemoryError e) {
        observers.missed(to - from);
      }
    }
  }

  /** Tells whether anybody listens to {@link #tellUnreported}. */
  boolean tellsItems() {
    Observation observers = observation;
    return observers != null && observers.recordsItems();
  }

  private static OutcomeKind kindOf(@Nullable Throwable cause) {
    return cause instanceof CancellationException ? OutcomeKind.CANCELLED : OutcomeKind.FAILURE;
  }

  /** Nothing more is told: the call has ended. */
  void end() {
    observation = null;
  }
}
