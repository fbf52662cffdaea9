package dev.procpool.cli.run;

import dev.procpool.cli.row.Row;

/**
 * Holds back large rows while many are out already: a look-ahead counts rows, of which each may be
 * of megabytes. Thread-safe: one thread puts rows in, another takes them out.
 */
final class LargeRows implements AutoCloseable {

  /** A row of more characters is large. */
  static final int LARGE = 1024;

  private final int most;

  // ---- guarded by this

  private int out;
  private boolean closed;

  /**
   * Makes it.
   *
   * @param most how many large rows may be out
   */
  LargeRows(int most) {
    this.most = most;
  }

  /** Waits until a row may go out. An interrupt ends the wait, and is kept: the pool ends. */
  void put(Row row) {
    if (isLarge(row)) {
      awaitRoom();
    }
  }

  private synchronized void awaitRoom() {
    try {
      while (out >= most && !closed) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    out++;
  }

  /** A row is out no more. */
  void taken(Row row) {
    if (isLarge(row)) {
      makeRoom();
    }
  }

  private synchronized void makeRoom() {
    out--;
    notifyAll();
  }

  private static boolean isLarge(Row row) {
    long characters = 0;
    for (int i = 0; i < row.fields().size(); i++) {
      characters += row.fields().get(i).length();
    }
    return characters > LARGE;
  }

  /** Holds up nobody any more. */
  @Override
  public synchronized void close() {
    closed = true;
    notifyAll();
  }
}
