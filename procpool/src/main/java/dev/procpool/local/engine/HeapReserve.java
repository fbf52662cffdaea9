package dev.procpool.local.engine;

import dev.procpool.guard.SafeText;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A little memory that is kept for the time when there is none: what has to be done then can be
 * done with it. Thread-safe.
 *
 * <p>Others may take what is let go before we do. So what must happen is tried again until there is
 * memory for it, {@linkplain #awaitMemory for a minute}. Whoever does so must take an {@link
 * InternalError} and a {@link LinkageError} for a lack of memory as well: the JVM throws these
 * where a lambda or a class is first used and there is none.
 */
public final class HeapReserve {

  /** Less than half a region of the G1 collector, where such an array is a region's alone. */
  private static final int PIECE_BYTES = 64 * 1024;

  private static final int PIECES = 8;

  /** The share of a small heap that may be kept: one of so many parts. */
  private static final int PARTS = 32;

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long LIMIT_NANOS = TimeUnit.MINUTES.toNanos(1);

  /** A pause is not longer, unless the process was stopped. */
  private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(2);

  private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final int MOST_PROBED = 1024 * 1024;

  private final long maxBytes = Runtime.getRuntime().maxMemory();

  /** A field, so that the compiler does not leave the array out. */
  private volatile byte @Nullable [] probe;

  private volatile byte @Nullable [] @Nullable [] kept;

  /** For how long the process was stopped during the wait that began then. */
  private volatile long stopped;

  private volatile long stoppedSince;
  private volatile long triedAt = System.nanoTime() - RETRY_NANOS;

  /**
   * Tells whether something was thrown for lack of memory, in whatever form: also as the exception
   * that a {@code try} with resources throws, where using and closing throw the very same error.
   */
  public static boolean isShortage(Throwable error) {
    return error instanceof VirtualMachineError
        || error instanceof LinkageError
        || (error.getClass() == IllegalArgumentException.class
            && SafeText.cause(error) instanceof VirtualMachineError);
  }

  /** Makes a reserve; one without memory if there is too little. */
  HeapReserve() {
    restore();
  }

  /**
   * Tells whether there is room for what has come and for what has to be done with it. Takes no
   * time while there is much; else room is made, to see whether it can be.
   */
  public boolean hasRoom() {
    Runtime runtime = Runtime.getRuntime();
    if (maxBytes - runtime.totalMemory() + runtime.freeMemory() >= maxBytes / PARTS * 2) {
      return true;
    }
    try {
      probe = new byte[(int) Math.min(MOST_PROBED, maxBytes / PARTS)];
      boolean isMade = probe != null;
      probe = null;
      return isMade;
    } catch (OutOfMemoryError e) {
      return false;
    }
  }

  /** After how many bytes of results to ask {@link #hasRoom}. */
  public long askAfterBytes() {
    return Math.min(MOST_PROBED, maxBytes / PARTS) / 8;
  }

  /** Lets the memory go. */
  public void release() {
    kept = null;
  }

  /** Takes memory again if it was let go and there is some; looks once a second at most. */
  void restore() {
    long now = System.nanoTime();
    if (kept != null || now - triedAt < RETRY_NANOS) {
      return;
    }
    triedAt = now;
    try {
      byte[][] pieces = new byte[PIECES][];
      long most = maxBytes / PARTS;
      for (int i = 0; i < PIECES && (i + 1) * (long) PIECE_BYTES <= most; i++) {
        pieces[i] = new byte[PIECE_BYTES];
      }
      kept = pieces;
    } catch (OutOfMemoryError e) {
      // later, then
    }
  }

  /**
   * Lets the memory go and waits a moment, so that others let go of some. Makes no object.
   *
   * @param begin when there was none for the first time, by {@link System#nanoTime()}
   * @return false if that was more than a minute ago, in which this process was not stopped
   */
  public boolean awaitMemory(long begin) {
    release();
    long before = System.nanoTime();
    LockSupport.parkNanos(PAUSE_NANOS);
    long now = System.nanoTime();
    long sum = stoppedSince == begin ? stopped : 0; // else another shortage, or another's wait
    sum += Math.max(0, now - before - LONGEST_PAUSE_NANOS);
    stoppedSince = begin;
    stopped = sum;
    return now - begin - sum < LIMIT_NANOS;
  }

  /** The same; if not even that can be called, nothing was awaited, and the answer is yes. */
  public boolean awaitMemoryQuietly(long begin) {
    try {
      return awaitMemory(begin);
    } catch (VirtualMachineError | LinkageError e) {
      return true;
    }
  }
}
