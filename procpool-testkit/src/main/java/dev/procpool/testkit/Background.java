package dev.procpool.testkit;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Something that the test does meanwhile, on a daemon thread of its own. Thread-safe.
 *
 * @param <T> the type of what it gives
 */
final class Background<T> {

  private final Thread thread;
  private final CompletableFuture<T> result = new CompletableFuture<>();

  private Background(Callable<? extends T> body) {
    thread =
        new Thread(
            () -> {
              try {
                result.complete(body.call());
              } catch (Throwable e) {
                result.completeExceptionally(e);
              }
            },
            "contract-test-background");
    thread.setDaemon(true);
    thread.start();
  }

  /** Starts it. */
  static <T> Background<T> of(Callable<? extends T> body) {
    return new Background<>(body);
  }

  /** Interrupts it. */
  void interrupt() {
    thread.interrupt();
  }

  /** Tells whether it waits for something. */
  boolean isWaiting() {
    return thread.getState() == Thread.State.WAITING
        || thread.getState() == Thread.State.TIMED_WAITING;
  }

  /** Waits for what it gives. */
  T value() throws Exception {
    return result.get(ContractTest.BOUND.toSeconds(), TimeUnit.SECONDS);
  }

  /** Waits for what it throws. */
  Throwable failure() throws Exception {
    try {
      throw new AssertionError("expected a failure, got " + value());
    } catch (ExecutionException e) {
      return e.getCause();
    }
  }
}
