package dev.procpool.testkit;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Something that the test does meanwhile, on a daemon thread of its own. Thread-safe.
 *
 * @param <T> the type of what it gives
 */
final class Background<T> {

  private final Thread thread;
  private final CompletableFuture<Ending<T>> ending = new CompletableFuture<>();

  private Background(Callable<? extends T> body) {
    thread =
        new Thread(
            () -> {
              try {
                ending.complete(new Ending<>(body.call(), null));
              } catch (Throwable e) {
                ending.complete(new Ending<>(null, e));
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

  /** Waits for what it gives. */
  @SuppressWarnings("NullAway") // null, too, is what it may give
  T value() throws Exception {
    Ending<T> ending = ending();
    if (ending.failure != null) {
      throw new AssertionError("expected a value", ending.failure);
    }
    return ending.value;
  }

  /** Waits for what it throws. */
  Throwable failure() throws Exception {
    Ending<T> ending = ending();
    if (ending.failure == null) {
      throw new AssertionError("expected a failure, got " + ending.value);
    }
    return ending.failure;
  }

  private Ending<T> ending() throws Exception {
    return ending.get(ContractTest.BOUND.toSeconds(), TimeUnit.SECONDS);
  }

  private record Ending<T>(@Nullable T value, @Nullable Throwable failure) {}
}
