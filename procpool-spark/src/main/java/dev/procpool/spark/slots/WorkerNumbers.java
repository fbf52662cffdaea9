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
 *
 * <pre>
 * a number is   known  used   is left when
 * free          no     no     a slot takes it → used
 * used          yes    yes    its slot leaves → unused; its executor is lost → free; its slot is
 *                             gone and the worker has ended → free
 * unused        yes    no     a slot takes it → used; it is surplus, or its executor is lost → free
 * </pre>
 */
final class WorkerNumbers {

  /** The executor of each known number. */
  private final Map<Integer, String> executors = new HashMap<>();

  /** The numbers that an executor has and no slot uses. */
  private final Map<String, BitSet> unused = new HashMap<>();

  private final BitSet known = new BitSet();
  private final BitSet used = new BitSet();
  private int usedCount;

  /**
   * Takes a number for a slot: one that its executor has already, if any; else one that nobody has;
   * else one of another executor's. There must be one below the target that no slot uses.
   *
   * @return the number, and the executor that has to end its worker of that number, if any
   */
  Taken take(String executor, int target) {
    BitSet own = unused.get(executor);
    int number = own == null ? -1 : own.nextSetBit(0);
    String before = null;
    if (number < 0 || number >= target) {
      number = known.nextClearBit(0);
      if (number >= target) {
        number = used.nextClearBit(0);
        before = executors.get(number);
      }
    }
    forget(number);
    executors.put(number, executor);
    known.set(number);
    used.set(number);
    usedCount++;
    return new Taken(number, before);
  }

  /**
   * A number that was taken.
   *
   * @param number the number
   * @param before the executor that has a worker of that number; null for none
   */
  record Taken(int number, @Nullable String before) {}

  /** Nobody has a number any more. */
  private void forget(int number) {
    String executor = executors.remove(number);
    known.clear(number);
    if (used.get(number)) {
      used.clear(number);
      usedCount--;
    }
    BitSet own = executor == null ? null : unused.get(executor);
    if (own != null) {
      own.clear(number);
      if (own.isEmpty()) {
        unused.remove(executor);
      }
    }
  }

  /** The slot of a number is gone; its worker may be there still. */
  void leave(int number) {
    if (number >= 0 && used.get(number)) {
      used.clear(number);
      usedCount--;
      unused.computeIfAbsent(executors.get(number), e -> new BitSet()).set(number);
    }
  }

  /** The worker of a number whose slot is gone has ended: nobody has the number any more. */
  void free(int number) {
    forget(number);
  }

  /** How many slots have a number. */
  int used() {
    return usedCount;
  }

  /** How many workers there are, or are to be. */
  int known() {
    return executors.size();
  }

  /** An executor is gone, and its workers with it. Its slots have left. */
  void lost(String executor) {
    BitSet own = unused.get(executor);
    if (own != null) {
      for (int number : own.stream().toArray()) {
        forget(number);
      }
    }
  }

  /** The numbers from a target on that no slot uses, by executor; they are forgotten. */
  Map<Integer, String> surplus(int target) {
    int number = known.nextSetBit(target);
    if (number < 0) {
      return Map.of();
    }
    Map<Integer, String> surplus = new TreeMap<>();
    for (; number >= 0; number = known.nextSetBit(number + 1)) {
      if (!used.get(number)) {
        surplus.put(number, executors.get(number));
        forget(number);
      }
    }
    return surplus;
  }
}
