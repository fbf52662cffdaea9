package dev.procpool.local.engine;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Collections;
import java.util.Iterator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The channels that the engine waits for, and its sleep among them. Any thread wakes it; the rest
 * belongs to the engine's own.
 */
final class Selection {

  /** How often channels are looked at while there is always something to do. */
  private static final long BUSY_NANOS = 50_000;

  private final HeapReserve reserve;
  private volatile @Nullable Selector selector;

  /** When channels were looked at last. */
  private long lookedAt;

  Selection(HeapReserve reserve) {
    this.reserve = reserve;
  }

  /** Gives it what it waits with; it closes that at its end. */
  void open(Selector made) {
    selector = made;
  }

  Selector selector() {
    return Objects.requireNonNull(selector, "it is not open");
  }

  /** Ends the sleep, or the next one; does nothing before it is open. */
  void wake() {
    Selector sleepsIn = selector;
    if (sleepsIn != null) {
      sleepsIn.wakeup();
    }
  }

  /** Looks which channels are ready. */
  void look() throws IOException {
    try {
      selector().selectNow();
    } catch (OutOfMemoryError e) {
      reserve.release(); // as where it waits
    }
  }

  /**
   * Sleeps until a channel is ready, or somebody wakes it.
   *
   * @param millis for how long at most; {@code Long.MAX_VALUE} for no limit
   */
  void sleep(long millis) throws IOException {
    try {
      selector().select(millis == Long.MAX_VALUE ? 0 : millis);
    } catch (OutOfMemoryError e) {
      reserve.release(); // and another look; what is ready is so then as well
    }
  }

  /** Tells whether it is time to look at channels though there is something else to do. */
  boolean isOld() {
    return System.nanoTime() - lookedAt > BUSY_NANOS;
  }

  /** Has the channels handled that were ready when they were looked at. */
  void handle(Driver driver) {
    Thread.interrupted(); // a stranger's: it would end each wait from now on at once
    lookedAt = System.nanoTime();
    Iterator<SelectionKey> keys = ready();
    while (keys.hasNext()) {
      SelectionKey key = keys.next();
      keys.remove();
      if (key.isValid()) {
        driver.ready(key);
      }
    }
  }

  /** Those that are ready; none if there is no memory: they still are at the next look. */
  private Iterator<SelectionKey> ready() {
    try {
      return selector().selectedKeys().iterator();
    } catch (OutOfMemoryError e) {
      reserve.release();
      return Collections.emptyIterator();
    }
  }

  /** Closes it, as soon as there is memory for it. */
  void close() {
    Selector left = selector;
    long begin = System.nanoTime();
    boolean again = true;
    while (left != null && again) {
      try {
        left.close();
        again = false;
      } catch (VirtualMachineError | LinkageError e) {
        again = reserve.awaitMemoryQuietly(begin);
      } catch (IOException e) {
        again = false; // nothing depends on it any more
      }
    }
  }
}
