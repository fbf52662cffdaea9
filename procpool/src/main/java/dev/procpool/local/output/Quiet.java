package dev.procpool.local.output;

/**
 * Whether one who reads has got nothing for long enough: by looks, some time apart, at a count that
 * is odd while it waits. Belongs to the thread that looks.
 */
final class Quiet {

  /** In a row: one of them may have passed while all of this process was stopped. */
  private static final int TIMES = 2;

  private long before;
  private int times;

  /** Begins with a first look. */
  Quiet(long turns) {
    before = turns;
  }

  void look(long turns) {
    times = turns % 2 == 1 && turns == before ? times + 1 : 0;
    before = turns;
  }

  boolean isLongEnough() {
    return times >= TIMES;
  }
}
