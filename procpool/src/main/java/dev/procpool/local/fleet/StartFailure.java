package dev.procpool.local.fleet;

import dev.procpool.codec.Codec;
import dev.procpool.guard.SafeText;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * What a worker's start failed with, as the worker says.
 *
 * @param error what was thrown
 * @param text the same in words
 */
record StartFailure(Throwable error, String text) {

  /** How long it may take to be read. */
  private static final long LIMIT_SECONDS = 10;

  /** Reading it takes too long. */
  static final StartFailure UNREADABLE =
      of(new IllegalStateException("what the worker says of it can't be read"));

  /**
   * Reads what a worker sent, and for a while at most: that runs users' code, which may not end.
   *
   * @param threads where to read, and where to wait: the JDK's thread for time limits never ends
   * @param then is given it, on one of those threads
   */
  static void read(
      Codec codec,
      byte[] bytes,
      ClassLoader loader,
      Executor threads,
      Consumer<StartFailure> then) {
    CompletableFuture<StartFailure> read =
        CompletableFuture.supplyAsync(
            () -> of(codec.decodeThrowable(bytes, 0, bytes.length, loader)), threads);
    threads.execute(() -> then.accept(await(read)));
  }

  private static StartFailure await(CompletableFuture<StartFailure> read) {
    try {
      return read.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      return UNREADABLE;
    }
  }

  private static StartFailure of(Throwable error) {
    return new StartFailure(error, SafeText.of(error));
  }
}
