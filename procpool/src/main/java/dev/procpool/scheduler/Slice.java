package dev.procpool.scheduler;

/**
 * A run of consecutive items that wait or are under way. Immutable.
 *
 * @param firstIndex the index of the first item in its call
 * @param count how many items, at least one
 * @param attempt how often they will have been started once they run
 * @param items whatever holds the items; the scheduler does not look into it
 * @param from the place of the first item in {@code items}
 */
public record Slice(long firstIndex, int count, int attempt, Object items, int from) {

  /**
   * Gives a part of this.
   *
   * @param begin the first item of the part, relative to this
   * @param end the item after the last
   * @return the part
   */
  public Slice part(int begin, int end) {
    if (begin < 0 || end > count || begin >= end) {
      throw new IllegalArgumentException("no items " + begin + " to " + end + " in " + this);
    }
    return begin == 0 && end == count
        ? this
        : new Slice(firstIndex + begin, end - begin, attempt, items, from + begin);
  }

  /**
   * Gives one item for another attempt.
   *
   * @return the same item, to be started once more
   */
  Slice again() {
    return new Slice(firstIndex, count, attempt + 1, items, from);
  }
}
