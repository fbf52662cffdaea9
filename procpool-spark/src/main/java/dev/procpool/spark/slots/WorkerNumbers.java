package dev.procpool.spark.slots;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which executor has the worker of a number, whether or not a slot has it now. Numbers count from 0
 * over the whole cluster; a number keeps its process as long as its executor keeps it. Guarded by
 * the scheduler's owner.
 */
final class WorkerNumbers {

  private final TreeMap<Integer, String> executors = new TreeMap<>();

  /** The numbers that an executor has and no slot uses. */
  private final Map<String, BitSet> unused = new HashMap<>();

  private final BitSet used = new BitSet();

  /**
   * Takes a number for a slot: one that its executor has already, if any; else one that nobody has;
   * else one of another executor's.
   *
   * @return the number, and the executor that has to end its worker of that number, if any
   */
  Taken take(String executor, int target) {
    BitSet own = unused.get(executor);
    int number = own == null ? -1 : own.nextSetBit(0);
    if (number >= 0) {
      use(number, executor);
      return new Taken(number, null);
    }
    int free = -1;
    for (number = used.nextClearBit(0); number < target; number = used.nextClearBit(number + 1)) {
      if (!executors.containsKey(number)) {
        use(number, executor);
        return new Taken(number, null);
      }
      free = free < 0 ? number : free;
    }
    number = free >= 0 ? free : used.nextClearBit(0);
    String before = executors.get(number);
    if (before != null) {
      forget(number, before);
    }
    use(number, executor);
    return new Taken(number, executor.equals(before) ? null : before);
  }

  /**
   * A number that was taken.
   *
   * @param number the number
   * @param before the executor that has a worker of that number; null for none
   */
  record Taken(int number, @Nullable String before) {}

  private void use(int number, String executor) {
    executors.put(number, executor);
    used.set(number);
    BitSet own = unused.get(executor);
    if (own != null) {
      own.clear(number);
    }
  }

  private void forget(int number, String executor) {
    executors.remove(number);
    BitSet own = unused.get(executor);
    if (own != null) {
      own.clear(number);
      if (own.isEmpty()) {
        unused.remove(executor);
      }
    }
  }

  /** The slot of a number is gone; its worker may be there still. */
  void leave(int number) {
    String executor = executors.get(number);
    if (number >= 0 && executor != null && used.get(number)) {
      used.clear(number);
      unused.computeIfAbsent(executor, e -> new BitSet()).set(number);
    }
  }

  /** How many slots have a number. */
  int used() {
    return used.cardinality();
  }

  /** An executor is gone, and its workers with it. */
  void lost(String executor) {
    executors.values().removeIf(executor::equals);
    unused.remove(executor);
    used.clear();
    // Its own slots were taken out before; those of others stay.
    executors.forEach(
        (number, owner) -> {
          BitSet own = unused.get(owner);
          if (own == null || !own.get(number)) {
            used.set(number);
          }
        });
  }

  /** The numbers from a target on that no slot uses, by executor; they are forgotten. */
  Map<Integer, String> surplus(int target) {
    Map<Integer, String> surplus = new TreeMap<>();
    executors
        .tailMap(target, true)
        .forEach(
            (number, executor) -> {
              if (!used.get(number)) {
                surplus.put(number, executor);
              }
            });
    surplus.forEach(this::forget);
    return surplus;
  }
}
