package dev.procpool.cli.limit;

import java.util.Iterator;
import java.util.concurrent.TimeUnit;

/**
 * Rows that come no faster than a rate: {@code --rate}. A row that was late by more than a moment
 * leaves no arrears: those after it don't come faster.
 *
 * <p>Rows are taken by one thread, the pool's; any thread may close it.
 *
 * @param <T> the rows' type
 */
public final class RatedRows<T> extends HeldRows<T> {

  /** What a wait may take too long, and rows after it may catch up: waits are of milliseconds. */
  private static final double MOMENT_NANOS = 20e6;

  private final RateLimit rate;

  /** When the next row may come, by {@link System#nanoTime()}. Of the thread that takes. */
  private double next;

  public RatedRows(Iterable<T> rows, RateLimit rate) {
    super(rows);
    this.rate = rate;
  }

  @Override
  public Iterator<T> iterator() {
    next = System.nanoTime();
    return super.iterator();
  }

  @Override
  void awaitTurn() throws InterruptedException {
    long left = (long) next - System.nanoTime();
    while (left > 0 && !isClosed()) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
      left = (long) next - System.nanoTime();
    }
  }

  @Override
  void handOut() {
    next = Math.max(next + rate.nanos(), System.nanoTime() - MOMENT_NANOS);
  }
}
