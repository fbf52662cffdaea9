package dev.procpool.spark.slots;

import dev.procpool.scheduler.PriorityTurns;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is among the calls that have items that wait and, as far as is known, room for
 * their results. Guarded by the scheduler's owner.
 *
 * @param <P> what the owner knows of an item
 */
final class CallTurns<P> {

  private final PriorityTurns<SlotCall<P>> turns = new PriorityTurns<>();

  /** How many calls of each priority take turns. */
  private final TreeMap<Integer, Integer> priorities = new TreeMap<>();

  /** How many items these have. */
  private long waiting;

  /** The lowest priority that a call had. */
  private int lowest = Integer.MAX_VALUE;

  /** Another item of a call waits. */
  void waits(SlotCall<P> call) {
    if (call.takesTurns()) {
      waiting++;
    } else {
      takeTurns(call);
    }
  }

  /** Has a call take turns if it has items that wait. */
  void takeTurns(SlotCall<P> call) {
    if (call.waiting() > 0 && !call.takesTurns()) {
      lowest = Math.min(lowest, call.priority());
      call.takesTurns(true);
      turns.add(call, call.priority());
      priorities.merge(call.priority(), 1, Integer::sum);
      waiting += call.waiting();
    }
  }

  /** Has a call take no turn, before its items are taken out. */
  void remove(SlotCall<P> call) {
    if (call.takesTurns()) {
      turns.remove(call);
      tookTurn(call);
    }
  }

  /**
   * Takes the call whose turn it is, before it gives items; null if there is none. What is left of
   * it {@linkplain #takeTurns takes turns} again.
   */
  @Nullable SlotCall<P> poll() {
    SlotCall<P> call = turns.poll();
    if (call != null) {
      tookTurn(call);
    }
    return call;
  }

  private void tookTurn(SlotCall<P> call) {
    call.takesTurns(false);
    priorities.computeIfPresent(call.priority(), (each, count) -> count == 1 ? null : count - 1);
    waiting -= call.waiting();
  }

  boolean isEmpty() {
    return priorities.isEmpty();
  }

  /** How many items the calls have that take turns. */
  long waiting() {
    return waiting;
  }

  /** How urgent the others are, beside a call that takes no turn now. */
  ChunkSizes.Others others(SlotCall<P> call) {
    if (isEmpty()) {
      return ChunkSizes.Others.NONE;
    }
    return priorities.lastKey() > call.priority()
        ? ChunkSizes.Others.MORE_URGENT
        : ChunkSizes.Others.EQUAL;
  }

  /** Tells whether there ever was a call of a lower priority. */
  boolean isAboveLowest(int priority) {
    return priority > lowest;
  }
}
