package dev.procpool.cli.limit;

import java.util.Iterator;

/**
 * Rows that are held back, each until its turn. Rows are taken by one thread, the pool's; any
 * thread may close it.
 *
 * @param <T> the rows' type
 */
abstract class HeldRows<T> implements Iterable<T>, AutoCloseable {

  private final Iterable<T> rows;

  /** Guarded by this. */
  private boolean closed;

  HeldRows(Iterable<T> rows) {
    this.rows = rows;
  }

  /** Waits by {@link #wait} until the next row may come; an interrupt says that the pool ends. */
  abstract void awaitTurn() throws InterruptedException;

  /** Takes note that a row goes. Under the lock of this, as is all of a turn. */
  abstract void handOut();

  /** Tells whether nobody is to be held up any more. Under the lock of this. */
  final boolean isClosed() {
    return closed;
  }

  @Override
  public Iterator<T> iterator() {
    Iterator<T> source = rows.iterator();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return source.hasNext();
      }

      @Override
      public T next() {
        T row = source.next();
        turn();
        return row;
      }
    };
  }

  private synchronized void turn() {
    try {
      awaitTurn();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the pool ends
    }
    handOut();
  }

  /** Holds up nobody any more. */
  @Override
  public final synchronized void close() {
    closed = true;
    notifyAll();
  }
}
