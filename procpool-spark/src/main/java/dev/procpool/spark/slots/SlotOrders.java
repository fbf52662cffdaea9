package dev.procpool.spark.slots;

import java.util.List;

/**
 * What a scheduler has done with slots. Called in its methods, so with its owner's lock: they
 * return at once.
 *
 * @param <P> what the owner knows of an item
 */
public interface SlotOrders<P> {

  /**
   * Gives a slot that asks items of one call.
   *
   * @param slot the slot
   * @param items the items
   * @param askAt at how many items left it is to ask again
   */
  void give(Slot<P> slot, List<SlotItem<P>> items, int askAt);

  /** Has the worker of a slot that asks start, and the slot ask again. */
  void start(Slot<P> slot);

  /** Sends away a slot that asks: it is Spark's again. */
  void leave(Slot<P> slot);

  /**
   * Asks a slot for items that have not started. What it hands back comes to {@link
   * SlotScheduler#handedBack}.
   *
   * @param slot the slot
   * @param most how many
   */
  void askBack(Slot<P> slot, int most);

  /** Ends the worker of a number: no slot has it, or another executor has one of that number. */
  void release(String executor, int worker);

  /** Says how many slots there is work for. */
  void want(int slots);
}
