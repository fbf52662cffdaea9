package dev.procpool.local;

import dev.procpool.codec.Codec;
import dev.procpool.guard.SafeText;

/**
 * What a worker's start failed with, as the worker says.
 *
 * @param error what was thrown
 * @param text the same in words
 */
record StartFailure(Throwable error, String text) {

  /** Reading it takes too long. */
  static final StartFailure UNREADABLE =
      of(new IllegalStateException("what the worker says of it can't be read"));

  /** Reads what a worker sent; runs users' code. */
  static StartFailure read(Codec codec, byte[] bytes, ClassLoader loader) {
    return of(codec.decodeThrowable(bytes, 0, bytes.length, loader));
  }

  private static StartFailure of(Throwable error) {
    return new StartFailure(error, SafeText.of(error));
  }
}
