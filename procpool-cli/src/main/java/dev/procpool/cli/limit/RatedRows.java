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
public final class RatedRows<T> implements Iterable<T>, AutoCloseable {

  /** What a wait may take too long, and rows after it may catch up: waits are of milliseconds. */
  private static final double MOMENT_NANOS = 20e6;

  private final Iterable<T> rows;
  private final RateLimit rate;

  /** When the next row may come, by {@link System#nanoTime()}. Of the thread that takes. */
  private double next;

  /** Guarded by this. */
  private boolean closed;

  public RatedRows(Iterable<T> rows, RateLimit rate) {
    this.rows = rows;
    this.rate = rate;
  }

  @Override
  public Iterator<T> iterator() {
    Iterator<T> source = rows.iterator();
    next = System.nanoTime();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return source.hasNext();
      }

      @Override
      public T next() {
        T row = source.next();
        awaitTurn();
        return row;
      }
    };
  }

  private synchronized void awaitTurn() {
    long left = (long) next - System.nanoTime();
    try {
      while (left > 0 && !closed) {
        TimeUnit.NANOSECONDS.timedWait(this, left);
        left = (long) next - System.nanoTime();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the pool ends
    }
    next = Math.max(next + rate.nanos(), System.nanoTime() - MOMENT_NANOS);
  }

  /** Holds up nobody any more. */
  @Override
  public synchronized void close() {
    closed = true;
    notifyAll();
  }
}
