package dev.procpool.scheduler;

import org.jspecify.annotations.Nullable;

/** So many items that are there from the start. */
final class FixedItems implements ItemQueue {
  private final int total;
  private int taken;

  FixedItems(int total) {
    this.total = total;
  }

  @Override
  public @Nullable Slice take(int max) {
    int count = Math.min(max, ready());
    taken += count;
    return count == 0 ? null : new Slice(taken - count, count, 1, this, taken - count);
  }

  @Override
  public int ready() {
    return total - taken;
  }

  @Override
  public boolean isEnded() {
    return true;
  }
}
