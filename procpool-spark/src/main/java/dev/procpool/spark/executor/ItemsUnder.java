package dev.procpool.spark.executor;

import dev.procpool.spark.wire.Chunk;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The items of a call that are under way, by index. Those of a chunk follow each other as a rule,
 * so they are kept as runs: each in a map would cost more than a small item does. Thread-safe.
 */
final class ItemsUnder {

  /** An item, and the slot that has it. */
  record Under(Chunk.Item given, SlotWork slot) {}

  /** Items whose indexes follow each other. */
  private static final class Run {
    private final long first;
    private final List<Chunk.Item> items;
    private final SlotWork slot;
    private final BitSet gone = new BitSet();
    private int left;

    Run(List<Chunk.Item> items, SlotWork slot) {
      this.first = index(items, 0);
      this.items = items;
      this.slot = slot;
      this.left = items.size();
    }

    boolean has(long index) {
      long place = index - first;
      return place >= 0 && place < items.size() && !gone.get((int) place);
    }

    Under get(long index) {
      return new Under(items.get((int) (index - first)), slot);
    }

    Under remove(long index) {
      gone.set((int) (index - first));
      left--;
      return get(index);
    }
  }

  // ---- guarded by the monitor

  /** Those that came first in front. An item that is tried again is gone from its first run. */
  private final List<Run> runs = new ArrayList<>();

  /** Where the last item was found, and the next one is as a rule; null for none. */
  private @Nullable Run last;

  /** Adds items of a slot, of which none is under way. */
  synchronized void add(List<Chunk.Item> items, SlotWork slot) {
    int from = 0;
    for (int i = 1; i <= items.size(); i++) {
      if (i == items.size() || index(items, i) != index(items, i - 1) + 1) {
        runs.add(new Run(items.subList(from, i), slot));
        from = i;
      }
    }
  }

  private static long index(List<Chunk.Item> items, int place) {
    return items.get(place).item().index();
  }

  private @Nullable Run find(long index) {
    if (last != null && last.has(index)) {
      return last;
    }
    for (Run run : runs) {
      if (run.has(index)) {
        last = run;
        return run;
      }
    }
    return null;
  }

  /** Gives an item; null if it is not under way. */
  synchronized @Nullable Under get(long index) {
    Run run = find(index);
    return run == null ? null : run.get(index);
  }

  /** Takes an item out; null if it is not under way. */
  synchronized @Nullable Under remove(long index) {
    Run run = find(index);
    if (run == null) {
      return null;
    }
    Under its = run.remove(index);
    if (run.left == 0) {
      runs.remove(run);
      last = null;
    }
    return its;
  }

  /** Tells whether there are items of a slot. */
  synchronized boolean has(SlotWork slot) {
    return runs.stream().anyMatch(run -> run.slot == slot);
  }

  synchronized boolean isEmpty() {
    return runs.isEmpty();
  }

  /** All as they are now. */
  synchronized List<Under> all() {
    List<Under> all = new ArrayList<>();
    for (Run run : runs) {
      int size = run.items.size();
      for (int i = run.gone.nextClearBit(0); i < size; i = run.gone.nextClearBit(i + 1)) {
        all.add(run.get(run.first + i));
      }
    }
    return all;
  }
}
