package dev.procpool.local.settings;

import dev.procpool.ResultTooLargeException;
import dev.procpool.codec.PayloadTooLargeException;
import org.jspecify.annotations.Nullable;

/**
 * How large a result may be: no larger than the user says, and no larger than half of this JVM's
 * heap, which has to hold its bytes and the object made of them.
 *
 * @param maxPayload the user's limit
 * @param heapBytes the most that this JVM's heap may take
 */
public record ResultLimit(long maxPayload, long heapBytes) {

  /** What to do if results don't fit in the heap. */
  public static final String ADVICE =
      "Give it a larger heap with -Xmx, have fewer results at a time (imap keeps a bounded number),"
          + " or return less: for example the name of a file instead of its content";

  /** A result that takes more than one of so many parts of the heap is at fault itself. */
  private static final int LARGE_PARTS = 16;

  public static ResultLimit of(long maxPayload) {
    return new ResultLimit(maxPayload, Runtime.getRuntime().maxMemory());
  }

  /** The most bytes that a result may take. */
  public long bytes() {
    return Math.max(1, Math.min(maxPayload, heapBytes / 2));
  }

  /** Whether a result is at fault if there is no memory for it, and not what is there already. */
  public boolean isLarge(long size) {
    return size > heapBytes / LARGE_PARTS;
  }

  /** What to tell of a result that exceeds the limit. */
  public ResultTooLargeException exceeded(long index, long size) {
    String why =
        maxPayload <= bytes()
            ? new PayloadTooLargeException(size, maxPayload).forResult().getMessage()
            : "it takes "
                + size
                + " bytes, more than half of the heap of "
                + heapBytes
                + " bytes of the program that made the pool. "
                + ADVICE;
    return new ResultTooLargeException(
        "item " + index + ": the result can't be serialized: " + why, null);
  }

  /** What to tell of a result for which there was no memory. */
  public ResultTooLargeException withoutMemory(
      long index, long size, @Nullable OutOfMemoryError cause) {
    return new ResultTooLargeException(
        "item "
            + index
            + ": there is no memory for its result of "
            + size
            + " bytes in the program that made the pool, whose heap takes at most "
            + heapBytes
            + " bytes. "
            + ADVICE,
        cause);
  }

  /** What to tell of a call whose results don't fit together. */
  public ResultTooLargeException together() {
    return new ResultTooLargeException(
        "there is no memory for more results of the call in the program that made the pool, whose"
            + " heap takes at most "
            + heapBytes
            + " bytes; those there were are let go. "
            + ADVICE,
        null);
  }
}
