package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.procpool.AsyncResult;
import dev.procpool.MapResult;
import dev.procpool.Pool;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Section 2 of the contract: a call as a {@link CompletableFuture}, and who gives it up. */
public abstract class CompletableFutureContract extends ContractTest {

  private static final int SOON = 20;

  /** For subclasses. */
  protected CompletableFutureContract() {}

  /** A call whose item runs, until it is stopped. */
  private AsyncResult<String> hanging(Pool pool, String name) throws Exception {
    FileLatch started = latch("started-" + name);
    FileLatch never = latch("never");
    AsyncResult<String> result =
        pool.applyAsync(
            () -> {
              started.countDown();
              never.await();
              return "released";
            });
    started.await();
    return result;
  }

  private static void assertStopped(Pool pool, AsyncResult<?> result, String how) throws Exception {
    assertThat(pool.apply(() -> 1)).as("the only worker is free after " + how).isEqualTo(1);
    Eventually.until("the call is cancelled by " + how, result::isCancelled);
  }

  @Test
  void whoGivesTheFutureUpStopsTheItem() throws Exception {
    Pool pool = pool(1);
    Map<String, Consumer<CompletableFuture<String>>> ways =
        Map.of(
            "cancel(true)", future -> future.cancel(true),
            "cancel(false)", future -> future.cancel(false), // Kotlin's await() does so
            "complete", future -> future.complete("mine"),
            "completeExceptionally", future -> future.completeExceptionally(new Exception()),
            "orTimeout", future -> future.orTimeout(SOON, TimeUnit.MILLISECONDS),
            "completeOnTimeout",
                future -> future.completeOnTimeout("x", SOON, TimeUnit.MILLISECONDS),
            "completeAsync", future -> future.completeAsync(() -> "mine"),
            "obtrudeValue", future -> future.obtrudeValue("mine"),
            "obtrudeException", future -> future.obtrudeException(new Exception()));
    for (Map.Entry<String, Consumer<CompletableFuture<String>>> way : ways.entrySet()) {
      AsyncResult<String> result = hanging(pool, way.getKey());
      way.getValue().accept(result.toCompletableFuture());
      assertStopped(pool, result, way.getKey());
    }
  }

  @Test
  void whoGivesTheLastStageUpStopsTheItem() throws Exception {
    Pool pool = pool(1);
    Map<String, Consumer<CompletableFuture<String>>> ways =
        Map.of(
            "thenApply, cancel", future -> future.thenApply(x -> x).cancel(false),
            "copy, cancel", future -> future.copy().cancel(true),
            "two stages, orTimeout",
                future ->
                    future
                        .thenApply(x -> x)
                        .handle((x, e) -> x)
                        .orTimeout(SOON, TimeUnit.MILLISECONDS),
            "completeOnTimeout",
                future ->
                    future.thenApply(x -> x).completeOnTimeout("late", SOON, TimeUnit.MILLISECONDS),
            "under a longer limit",
                future -> future.orTimeout(1, TimeUnit.HOURS).thenApply(x -> x).cancel(false));
    for (Map.Entry<String, Consumer<CompletableFuture<String>>> way : ways.entrySet()) {
      AsyncResult<String> result = hanging(pool, way.getKey());
      way.getValue().accept(result.toCompletableFuture());
      assertStopped(pool, result, way.getKey());
    }
  }

  @Test
  void aStageThatOthersWaitBesideStopsNothing() throws Exception {
    Pool pool = pool(1);
    FileLatch release = latch("release");
    CompletableFuture<String> future =
        pool.applyAsync(
                () -> {
                  release.await();
                  return "released";
                })
            .toCompletableFuture();
    CompletableFuture<String> other = future.thenApply(x -> x + ", other");
    assertThat(future.thenApply(x -> x).cancel(true)).isTrue();
    release.countDown();
    assertThat(other.get(BOUND.toSeconds(), TimeUnit.SECONDS)).isEqualTo("released, other");
  }

  @Test
  void aStageIsNotTheLastWhileAThreadWaitsForTheFuture() throws Exception {
    Pool pool = pool(1);
    FileLatch release = latch("release");
    CompletableFuture<String> future =
        pool.applyAsync(
                () -> {
                  release.await();
                  return "released";
                })
            .toCompletableFuture();
    Background<String> waiting = Background.of(future::get);
    Eventually.until("a thread waits", () -> future.getNumberOfDependents() == 1);
    assertThat(future.thenApply(x -> x).cancel(true)).isTrue();
    release.countDown();
    assertThat(waiting.value()).isEqualTo("released");
  }

  @Test
  void whatComesAfterTheCallChangesNothing() throws Exception {
    Pool pool = pool(1);
    AsyncResult<Integer> result = pool.applyAsync(() -> 42);
    CompletableFuture<Integer> future = result.toCompletableFuture();
    assertThat(future.orTimeout(1, TimeUnit.HOURS).get()).isEqualTo(42);
    assertThat(future.complete(1)).isFalse();
    assertThat(future.cancel(true)).isFalse();
    assertThat(future.thenApply(x -> x + 1).cancel(true)).isFalse();
    assertThat(result.get()).isEqualTo(42);
    assertThat(result.isCancelled()).isFalse();
  }

  @Test
  void aTimeOutOfTheFutureIsToldAsOne() throws Exception {
    Pool pool = pool(1);
    AsyncResult<String> result = hanging(pool, "one");
    CompletableFuture<String> future =
        result.toCompletableFuture().orTimeout(SOON, TimeUnit.MILLISECONDS);
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(future::get)
        .withCauseInstanceOf(TimeoutException.class);
    assertStopped(pool, result, "a time-out");
  }

  @Test
  void allItemsOfAMapStop() throws Exception {
    Pool pool = pool(1);
    FileLatch started = latch("started");
    FileLatch never = latch("never");
    MapResult<Integer> result =
        pool.mapAsync(
            x -> {
              started.countDown();
              never.await();
              return x;
            },
            List.of(1, 2, 3));
    CompletableFuture<List<Integer>> future = result.toCompletableFuture();
    started.await();
    assertThat(future.cancel(false)).isTrue();
    assertThatExceptionOfType(CancellationException.class).isThrownBy(future::join);
    assertStopped(pool, result, "cancel(false)");
    assertThat(result.outcomes()).hasSize(3).noneMatch(outcome -> outcome.isSuccess());
  }
}
