package dev.procpool.spark.slots;

import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Which slots have items that others could start before them, and which were asked for some. A slot
 * that was asked is not asked again for half a second. Guarded by the scheduler's owner.
 *
 * @param <P> what the owner knows of an item
 */
final class SpareWork<P> {

  /** Work that others wait for is asked back if it would take longer than this. */
  private static final long BACK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /** How long it takes until a slot that was asked for items is asked again. */
  static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  /** Slots that have several items, without those that were asked lately. */
  private final Set<Slot<P>> loaded = new LinkedHashSet<>();

  /** Slots that were asked lately, the first one in front; some may be gone. */
  private final Queue<Slot<P>> asked = new ArrayDeque<>();

  /** When slots were asked for the sake of a more urgent call. */
  private long preemptedAt = Long.MIN_VALUE;

  /** How many of them have not answered. */
  private int unanswered;

  /** A slot has got items, or has fewer. */
  void changed(Slot<P> slot) {
    if (slot.holds() > 1 && !slot.isAskedBack()) {
      loaded.add(slot);
    } else {
      loaded.remove(slot);
    }
    if (slot.holds() == 0) {
      answered(slot);
    }
  }

  /** A slot hands back an item, or has none any more. */
  void answered(Slot<P> slot) {
    unanswered -= slot.answerBack() ? 1 : 0;
  }

  /**
   * Has slots asked for what they have not started of calls that are less urgent than one that has
   * just come. Looks at all slots, at most twice a second.
   */
  void preempt(Iterable<Slot<P>> slots, int priority, long now, SlotOrders<P> orders) {
    if (preemptedAt != Long.MIN_VALUE && now - preemptedAt < PAUSE_NANOS) {
      return;
    }
    preemptedAt = now;
    for (Slot<P> slot : slots) {
      int most = slot.lessUrgent(priority);
      if (most > 0 && !slot.isAskedBack() && slot.nanos() > BACK_NANOS) {
        ask(slot, most, now, orders);
        loaded.remove(slot);
      }
    }
  }

  private void ask(Slot<P> slot, int most, long now, SlotOrders<P> orders) {
    slot.askBack(now);
    asked.add(slot);
    unanswered++;
    orders.askBack(slot, most);
  }

  /**
   * Has slots asked for items, as many slots as are idle, without those that are still to answer.
   *
   * @param idle how many slots have nothing to do
   * @param looks at how many slots to look at most
   */
  void askBack(int idle, int looks, long now, SlotOrders<P> orders) {
    while (!asked.isEmpty() && now - asked.element().askedBackAt() >= PAUSE_NANOS) {
      Slot<P> slot = asked.remove();
      slot.mayBeAskedBack();
      answered(slot);
      changed(slot);
    }
    int missing = idle - unanswered;
    for (int i = Math.min(looks, loaded.size()); i > 0 && missing > 0; i--) {
      Slot<P> slot = loaded.iterator().next();
      loaded.remove(slot);
      if (slot.isStill(now) || slot.nanos() > BACK_NANOS) {
        missing--;
        ask(slot, slot.isStill(now) ? slot.holds() - 1 : slot.holds() / 2, now, orders);
      } else {
        loaded.add(slot); // others are looked at before it is again
      }
    }
  }
}
