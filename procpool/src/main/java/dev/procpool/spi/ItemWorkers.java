package dev.procpool.spi;

import dev.procpool.WorkerEnd;
import dev.procpool.WorkerExit;
import dev.procpool.WorkerInfo;
import dev.procpool.guard.SafeLog;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The workers of an {@link ItemBackend}: made when there is work for them, replaced when they end.
 * Guarded by the backend's lock, which every method is called with.
 */
final class ItemWorkers {

  private final IntFunction<? extends ItemWorker> maker;
  private final ItemNews news;
  private final TreeMap<Integer, ItemSlot> slots = new TreeMap<>();

  /** Those without an item, the one used last first. */
  private final Deque<ItemSlot> idle = new ArrayDeque<>();

  private int target;

  ItemWorkers(int target, IntFunction<? extends ItemWorker> maker, ItemNews news) {
    this.target = target;
    this.maker = maker;
    this.news = news;
  }

  /** Whether one has nothing to do, or may be made. */
  boolean isFree() {
    return !idle.isEmpty() || slots.size() < target;
  }

  /** Takes one that has nothing to do, made if there is none. */
  ItemSlot take() {
    return idle.isEmpty() ? make() : idle.pop();
  }

  /** Makes all that there may be. */
  void makeAll() {
    while (slots.size() < target) {
      idle.add(make());
    }
  }

  private ItemSlot make() {
    int number = 0;
    while (slots.containsKey(number)) {
      number++;
    }
    ItemSlot slot = newSlot(number);
    slots.put(number, slot);
    news.started(slot);
    return slot;
  }

  private ItemSlot newSlot(int number) {
    try {
      return new ItemSlot(
          number,
          Objects.requireNonNull(
              maker.apply(number), "the maker of workers gave null for worker " + number));
    } catch (Throwable e) {
      return new ItemSlot(number, new NoWorker(e));
    }
  }

  /** Takes back one whose item has ended. */
  void giveBack(ItemSlot slot) {
    slot.attempt = null;
    slot.tasksDone++;
    if (slots.size() > target || slot.isToBeReplaced) {
      end(slot, WorkerEnd.STOPPED, null);
    } else {
      idle.push(slot);
    }
  }

  /** Ends one that is not idle; another may be made. */
  void end(ItemSlot slot, WorkerEnd why, @Nullable WorkerExit exit) {
    slots.remove(slot.number, slot);
    slot.attempt = null;
    news.ended(slot, why, exit);
    try {
      slot.worker.end();
    } catch (Throwable e) { // the others must end
      SafeLog.log(System.Logger.Level.ERROR, "worker " + slot.number + " could not be ended", e);
    }
  }

  void resize(int number) {
    target = number;
    while (slots.size() > target && !idle.isEmpty()) {
      end(idle.removeLast(), WorkerEnd.STOPPED, null);
    }
  }

  /** Ends all. */
  void endAll() {
    target = 0;
    idle.clear();
    while (!slots.isEmpty()) {
      end(slots.firstEntry().getValue(), WorkerEnd.STOPPED, null);
    }
  }

  List<WorkerInfo> describe() {
    return slots.values().stream().map(ItemSlot::describe).toList();
  }

  BackendStats stats() {
    return new BackendStats(target, slots.values().stream().map(ItemSlot::stats).toList(), -1, -1);
  }

  /** Stands for one that could not be made: the item that it was for fails with the reason. */
  private record NoWorker(Throwable reason) implements ItemWorker {
    @Override
    public WorkerName name() {
      return WorkerName.NONE;
    }

    @Override
    public void start(ItemAttempt<@Nullable Object, @Nullable Object> attempt) throws Exception {
      if (reason instanceof Error error) {
        throw error;
      }
      throw (Exception) reason;
    }

    @Override
    public void end() {}
  }
}
