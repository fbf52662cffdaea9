package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.AsyncResult;
import dev.procpool.MapResult;
import dev.procpool.Pool;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Sections 3 and 7 of the contract: a callback may do anything and harms nothing. */
public abstract class HarmlessCallbackContract extends ContractTest {

  /** For subclasses. */
  protected HarmlessCallbackContract() {}

  @Test
  void aSlowCallbackDelaysNoTaskAndNoOtherResult() throws Exception {
    Pool pool = pool(1);
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    AsyncResult<Integer> first =
        pool.<Integer>applyAsync(() -> 1)
            .onSuccess(
                value -> {
                  entered.countDown();
                  Interruption.rethrown(() -> await(release));
                });
    await(entered);
    assertThat(pool.apply(() -> 2)).isEqualTo(2);
    assertThat(pool.map(x -> x, List.of(3, 4))).containsExactly(3, 4);
    assertThat(first.get()).isEqualTo(1);
    assertThat(release.getCount()).as("the callback still ran").isEqualTo(1);
    release.countDown();
  }

  @Test
  void aCallbackThatThrowsHarmsNothing() throws Exception {
    Pool pool = pool(1);
    List<Object> calls = new CopyOnWriteArrayList<>();
    AsyncResult<Integer> result =
        pool.<Integer>applyAsync(() -> 1)
            .onSuccess(
                value -> {
                  throw new IllegalStateException("thrown by a callback, as the test wants");
                })
            .onSuccess(
                value -> {
                  throw new AssertionError("thrown by a callback, as the test wants");
                })
            .onSuccess(calls::add);
    assertThat(result.get()).isEqualTo(1);
    pool.mapAsync(x -> x, List.of(1, 2))
        .onOutcome(
            outcome -> {
              throw new IllegalStateException("thrown by a callback, as the test wants");
            })
        .onSuccess(calls::add);
    assertThat(pool.apply(() -> 2)).isEqualTo(2);
    pool.shutdown();
    assertThat(pool.join(BOUND)).isTrue();
    assertThat(calls).containsExactlyInAnyOrder(1, List.of(1, 2));
  }

  @Test
  void aCallbackMaySubmitMoreAndRegisterMore() throws Exception {
    Pool pool = pool(1);
    CompletableFuture<Integer> value = new CompletableFuture<>();
    pool.applyAsync(() -> 1)
        .onSuccess(
            one -> pool.<Integer, Integer>applyAsync(x -> x + 1, one).onSuccess(value::complete));
    assertThat(value.get(BOUND.toSeconds(), TimeUnit.SECONDS)).isEqualTo(2);
  }

  @Test
  void aCallbackMayMakeAWaitingCall() throws Exception {
    Pool pool = pool(1);
    CompletableFuture<List<Integer>> values = new CompletableFuture<>();
    pool.applyAsync(() -> 1)
        .onSuccess(
            one ->
                Interruption.rethrown(
                    () -> values.complete(pool.map(x -> x + 1, List.of(one, 2)))));
    assertThat(values.get(BOUND.toSeconds(), TimeUnit.SECONDS)).containsExactly(2, 3);
  }

  @Test
  void aCallbackMayCallShutdown() throws Exception {
    mayEndThePool(Pool::shutdown);
  }

  @Test
  void aCallbackMayCallClose() throws Exception {
    mayEndThePool(Pool::close);
  }

  @Test
  void aCallbackMayCallJoin() throws Exception {
    mayEndThePool(
        pool -> {
          pool.shutdown();
          pool.join();
        });
  }

  @Test
  void aCallbackMayCallTerminate() throws Exception {
    Pool pool = pool(2);
    FileLatch never = latch("never");
    MapResult<Integer> running =
        pool.mapAsync(
            x -> {
              never.await();
              return x;
            },
            List.of(1, 2, 3));
    // The callback belongs to a call that is complete at once, whatever the workers do.
    pool.mapAsync(x -> x, List.<Integer>of()).onSuccess(none -> pool.terminate());
    assertThat(running.await(BOUND)).isTrue();
    assertThat(running.isCancelled()).isTrue();
    assertThat(pool.join(BOUND)).isTrue();
  }

  @Test
  void aCallbackMayCancelItsOwnCallAndOthers() throws Exception {
    Pool pool = pool(2);
    FileLatch never = latch("never");
    MapResult<Integer> result =
        pool.mapAsync(
            x -> {
              if (x > 0) {
                never.await();
              }
              return x;
            },
            List.of(0, 1, 2, 3));
    result.onOutcome(outcome -> result.cancel(true));
    assertThat(result.await(BOUND)).isTrue();
    assertThat(result.isCancelled()).isTrue();
    assertThat(pool.apply(() -> 1)).isEqualTo(1);
  }

  private interface Ending {
    void end(Pool pool) throws Exception;
  }

  private void mayEndThePool(Ending ending) throws Exception {
    Pool pool = pool(1);
    CountDownLatch returned = new CountDownLatch(1);
    pool.applyAsync(() -> 1)
        .onSuccess(
            value -> {
              Interruption.rethrown(() -> ending.end(pool));
              returned.countDown();
            });
    await(returned);
    assertThat(pool.isShutdown()).isTrue();
    assertThat(pool.join(BOUND)).isTrue();
    assertThat(pool.isTerminated()).isTrue();
  }
}
