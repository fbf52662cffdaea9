package dev.procpool.observe;

import dev.procpool.PoolStats;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The few items of a pool whose last attempts ran longest. Costs a comparison for items that are
 * reported together, unless one of them is among these. Not thread-safe.
 */
final class SlowItems {

  private static final int MOST = 5;

  private final List<PoolStats.SlowItem> items = new ArrayList<>(0);

  /** What an item must have run longer than to be one of them. */
  private long floor = -1;

  /** Items have ended. The longest ran so long. */
  void offer(ObservedCall call, long[] indexes, long[] nanos, int count, long longest) {
    if (longest > floor) {
      for (int i = 0; i < count; i++) {
        offer(call, indexes[i], nanos[i]);
      }
    }
  }

  /** An item has ended. */
  void offer(ObservedCall call, long index, long nanos) {
    if (nanos > floor) {
      if (items.size() == MOST) {
        items.remove(shortest());
      }
      items.add(new PoolStats.SlowItem(call.call(), index, nanos));
      floor = items.size() < MOST ? -1 : items.get(shortest()).runNanos();
    }
  }

  private int shortest() {
    int shortest = 0;
    for (int i = 1; i < items.size(); i++) {
      shortest = items.get(i).runNanos() < items.get(shortest).runNanos() ? i : shortest;
    }
    return shortest;
  }

  /** Gives them, the slowest first. */
  List<PoolStats.SlowItem> slowest() {
    return items.stream()
        .sorted(Comparator.comparingLong(PoolStats.SlowItem::runNanos).reversed())
        .toList();
  }
}
