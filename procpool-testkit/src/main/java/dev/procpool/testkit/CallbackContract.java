package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.procpool.AsyncResult;
import dev.procpool.MapResult;
import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.WorkerContext;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Section 3 of the contract: when callbacks are called, and with what. */
public abstract class CallbackContract extends ContractTest {

  /** For subclasses. */
  protected CallbackContract() {}

  @Test
  void onSuccessIsCalledOnceWithTheWholeList() throws Exception {
    Pool pool = pool(2);
    List<List<Integer>> calls = new CopyOnWriteArrayList<>();
    List<Throwable> failures = new CopyOnWriteArrayList<>();
    pool.mapAsync(x -> x * x, List.of(1, 2, 3)).onSuccess(calls::add).onFailure(failures::add);
    end(pool);
    assertThat(calls).containsExactly(List.of(1, 4, 9));
    assertThat(failures).isEmpty();
  }

  @Test
  void onFailureIsCalledOnceWithTheExceptionItselfAndOnSuccessNever() throws Exception {
    Pool pool = pool(2);
    List<List<Integer>> values = new CopyOnWriteArrayList<>();
    List<Throwable> calls = new CopyOnWriteArrayList<>();
    pool.mapAsync(CallbackContract::failingAbove1, List.of(1, 2, 3))
        .onSuccess(values::add)
        .onFailure(calls::add);
    end(pool);
    assertThat(values).isEmpty();
    assertThat(calls).hasSize(1);
    assertThat(calls.get(0)).isExactlyInstanceOf(IOException.class).hasMessage("item 2");
  }

  @Test
  void callbacksOfASingleCallGetItsValueOrItsFailure() throws Exception {
    Pool pool = pool(1);
    List<Object> calls = new CopyOnWriteArrayList<>();
    pool.applyAsync(CallbackContract::failingAbove1, 1).onSuccess(calls::add);
    pool.applyAsync(CallbackContract::failingAbove1, 2)
        .onFailure(failure -> calls.add(failure.getMessage()));
    end(pool);
    assertThat(calls).containsExactlyInAnyOrder(1, "item 2");
  }

  @Test
  void aCallbackRegisteredAfterCompletionIsCalledToo() throws Exception {
    Pool pool = pool(1);
    AsyncResult<Integer> success = pool.applyAsync(() -> 1);
    AsyncResult<Integer> failure = pool.applyAsync(CallbackContract::failingAbove1, 2);
    MapResult<Integer> many = pool.mapAsync(x -> x, List.of(5, 6));
    success.await();
    failure.await();
    many.await();
    CompletableFuture<Integer> value = new CompletableFuture<>();
    CompletableFuture<Throwable> error = new CompletableFuture<>();
    CompletableFuture<List<Integer>> values = new CompletableFuture<>();
    success.onSuccess(value::complete);
    failure.onFailure(error::complete);
    many.onSuccess(values::complete);
    assertThat(value.get(BOUND.toSeconds(), TimeUnit.SECONDS)).isEqualTo(1);
    assertThat(error.get(BOUND.toSeconds(), TimeUnit.SECONDS)).isInstanceOf(IOException.class);
    assertThat(values.get(BOUND.toSeconds(), TimeUnit.SECONDS)).containsExactly(5, 6);
  }

  @Test
  void aCallbackRegisteredAfterThePoolHasEndedIsCalledToo() throws Exception {
    Pool pool = pool(1);
    AsyncResult<Integer> result = pool.applyAsync(() -> 1);
    end(pool);
    CompletableFuture<Integer> value = new CompletableFuture<>();
    result.onSuccess(value::complete);
    assertThat(value.get(BOUND.toSeconds(), TimeUnit.SECONDS)).isEqualTo(1);
  }

  @Test
  void everyRegisteredCallbackIsCalled() throws Exception {
    Pool pool = pool(1);
    List<Integer> calls = new CopyOnWriteArrayList<>();
    AsyncResult<Integer> result = pool.applyAsync(() -> 1);
    for (int i = 0; i < 5; i++) {
      int number = i;
      result.onSuccess(value -> calls.add(number));
    }
    end(pool);
    assertThat(calls).containsExactlyInAnyOrder(0, 1, 2, 3, 4);
  }

  @Test
  void onFailureIsCalledWhenTheCallIsCancelled() throws Exception {
    Pool pool = pool(1);
    FileLatch never = latch("never");
    CompletableFuture<Throwable> error = new CompletableFuture<>();
    AsyncResult<Integer> result =
        pool.<Integer>applyAsync(
                () -> {
                  never.await();
                  return 1;
                })
            .onFailure(error::complete);
    result.cancel(true);
    assertThat(error.get(BOUND.toSeconds(), TimeUnit.SECONDS))
        .isInstanceOf(CancellationException.class);
  }

  @Test
  void onOutcomeSeesEachOutcomeOnceOneAfterAnotherAndAllBeforeOnSuccess() throws Exception {
    Pool pool = pool(2);
    List<Object> seen = new ArrayList<>(); // not thread-safe on purpose
    AtomicBoolean inside = new AtomicBoolean();
    AtomicBoolean overlapped = new AtomicBoolean();
    pool.mapAsync(x -> x, IntStream.range(0, 200).boxed().toList())
        .onOutcome(
            outcome -> {
              overlapped.compareAndSet(false, !inside.compareAndSet(false, true));
              seen.add(outcome.index());
              inside.set(false);
            })
        .onSuccess(values -> seen.add("success"));
    end(pool);
    assertThat(overlapped).isFalse();
    assertThat(seen).hasSize(201).doesNotHaveDuplicates().endsWith("success");
  }

  @Test
  void onOutcomeSeesAnOutcomeAsItArrives() throws Exception {
    FileLatch release = latch("release");
    CompletableFuture<Outcome<Integer>> first = new CompletableFuture<>();
    MapResult<Integer> result =
        pool(2)
            .mapAsync(
                x -> {
                  if (x == 0) {
                    release.await();
                  }
                  return x;
                },
                List.of(0, 1))
            .onOutcome(first::complete);
    assertThat(first.get(BOUND.toSeconds(), TimeUnit.SECONDS).valueOrThrow()).isEqualTo(1);
    assertThat(result.isReady()).isFalse();
    release.countDown();
    assertThat(result.get()).containsExactly(0, 1);
  }

  @Test
  void onOutcomeRegisteredLateSeesTheEarlierOutcomes() throws Exception {
    Pool pool = pool(1);
    MapResult<Integer> result = pool.mapAsync(CallbackContract::failingAbove1, List.of(1, 2));
    result.await();
    List<Outcome<Integer>> seen = new CopyOnWriteArrayList<>();
    result.onOutcome(seen::add);
    end(pool);
    assertThat(seen).containsExactlyInAnyOrderElementsOf(result.outcomes());
  }

  @Test
  void joinReturnsAfterTheLastCallbackHasReturned() throws Exception {
    Pool pool = pool(1);
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    AtomicBoolean returned = new AtomicBoolean();
    AsyncResult<Integer> result =
        pool.<Integer>applyAsync(() -> 1)
            .onSuccess(
                value -> {
                  entered.countDown();
                  Interruption.rethrown(() -> await(release));
                  returned.set(true);
                });
    await(entered);
    assertThat(result.isReady()).as("the result waits for no callback").isTrue();
    pool.shutdown();
    assertThat(pool.join(Duration.ofMillis(100))).isFalse();
    assertThat(pool.isTerminated()).isFalse();
    release.countDown();
    pool.join();
    assertThat(returned).isTrue();
    assertThat(pool.isTerminated()).isTrue();
  }

  @Test
  void callbacksRunOutsideTasks() throws Exception {
    Pool pool = pool(1);
    CompletableFuture<Throwable> thrown = new CompletableFuture<>();
    pool.applyAsync(() -> 1)
        .onSuccess(
            value ->
                thrown.complete(
                    assertThatIllegalStateException().isThrownBy(WorkerContext::current).actual()));
    assertThat(thrown.get(BOUND.toSeconds(), TimeUnit.SECONDS)).isNotNull();
  }

  private static void end(Pool pool) throws InterruptedException {
    pool.shutdown();
    assertThat(pool.join(BOUND)).isTrue();
  }

  private static int failingAbove1(int x) throws IOException {
    if (x > 1) {
      throw new IOException("item " + x);
    }
    return x;
  }
}
