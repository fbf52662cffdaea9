package dev.procpool.spark.slots;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * All slots, each where it belongs by what it does: whoever changes one has it {@linkplain #sort
 * sorted} at once. Guarded by the scheduler's owner.
 *
 * @param <P> what the owner knows of an item
 */
final class SlotPlaces<P> {

  private record Partition(long job, int number) {
    static Partition of(SlotKey key) {
      return new Partition(key.job(), key.partition());
    }
  }

  private final Map<SlotKey, Slot<P>> slots = new LinkedHashMap<>();

  /** The attempts at each partition, the first one in front: as a rule there is one. */
  private final Map<Partition, List<Slot<P>>> attempts = new HashMap<>();

  private final SpareWork<P> spare = new SpareWork<>();

  // ---- those slots of which no earlier attempt at the same partition is there

  /** Slots that ask and have no items. */
  private final Set<Slot<P>> idle = new LinkedHashSet<>();

  /** Slots that ask and have items still; without those that turned out not to need more yet. */
  private final Set<Slot<P>> early = new LinkedHashSet<>();

  // ---------------------------------------------------------------- changes

  /** Makes a slot, which does not ask yet. */
  Slot<P> begin(SlotKey key, long now) {
    List<Slot<P>> all = attempts.computeIfAbsent(Partition.of(key), p -> new ArrayList<>(1));
    Slot<P> slot = new Slot<>(key, all, now);
    all.add(slot);
    slots.put(key, slot);
    return slot;
  }

  /** Puts a slot, which has changed, where it belongs. */
  void sort(Slot<P> slot, long now) {
    boolean isCopy = slot.isCopy();
    put(slot, idle, !isCopy && slot.isIdle());
    put(slot, early, !isCopy && slot.asks() && slot.holds() > 0 && !slot.isOver(now));
    spare.changed(slot);
  }

  private static <P> void put(Slot<P> slot, Set<Slot<P>> where, boolean isThere) {
    if (isThere) {
      where.add(slot);
    } else {
      where.remove(slot);
    }
  }

  /** A slot's question has its answer. */
  void answered(Slot<P> slot) {
    slot.answered();
    idle.remove(slot);
    early.remove(slot);
  }

  /** A slot turned out not to need more before one of its items ends. */
  void notEarly(Slot<P> slot) {
    early.remove(slot);
  }

  /** A slot is gone. */
  void remove(Slot<P> slot, long now) {
    slots.remove(slot.key());
    idle.remove(slot);
    early.remove(slot);
    spare.changed(slot);
    List<Slot<P>> all = slot.attempts();
    all.remove(slot);
    if (all.isEmpty()) {
      attempts.remove(Partition.of(slot.key()));
    } else {
      sort(all.get(0), now);
    }
  }

  // ---------------------------------------------------------------- work that one has too much of

  /** A slot hands back an item. */
  void handedBack(Slot<P> slot) {
    spare.answered(slot);
  }

  /** Takes work from slots that have too much of it for those that have none. */
  void askBack(int looks, long now, SlotOrders<P> orders) {
    spare.askBack(idle.size(), looks, now, orders);
  }

  /** Takes work from slots for a call that is more urgent. */
  void preempt(int priority, long now, SlotOrders<P> orders) {
    spare.preempt(slots.values(), priority, now, orders);
  }

  // ---------------------------------------------------------------- what there is

  /** Gives the slot of a key; null if it is gone, or never was. */
  @Nullable Slot<P> get(SlotKey key) {
    return slots.get(key);
  }

  boolean isIdle(Slot<P> slot) {
    return idle.contains(slot);
  }

  /** The slot that has been idle for longest; null for none. */
  @Nullable Slot<P> firstIdle() {
    return idle.isEmpty() ? null : idle.iterator().next();
  }

  /** The slot that has asked first of those that have items; null for none. */
  @Nullable Slot<P> firstEarly() {
    return early.isEmpty() ? null : early.iterator().next();
  }

  /** The idle ones as they are now, for who changes them. */
  List<Slot<P>> idle() {
    return List.copyOf(idle);
  }

  /** How many slots may be given items now. */
  int askingCount() {
    return idle.size() + early.size();
  }

  /** All as they are now, for who changes them. */
  List<Slot<P>> all() {
    return List.copyOf(slots.values());
  }

  int size() {
    return slots.size();
  }

  /** The slots of a kind. */
  List<SlotKey> keys(Predicate<SlotKey> which) {
    return slots.keySet().stream().filter(which).toList();
  }
}
