package dev.procpool.call;

import static dev.procpool.call.ScriptedBackend.SAFETY;
import static dev.procpool.call.ScriptedBackend.fail;
import static dev.procpool.call.ScriptedBackend.pullAll;
import static dev.procpool.call.ScriptedBackend.succeed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procpool.AsyncResult;
import dev.procpool.MapResult;
import dev.procpool.OnClose;
import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.PoolBrokenException;
import dev.procpool.PoolTerminatedException;
import dev.procpool.TaskOptions;
import dev.procpool.function.Task1;
import dev.procpool.spi.Submission;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.ConcurrentModificationException;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a result does with reports in whatever order they come. */
class ResultTest {

  private static final Task1<Integer, Object> TASK = x -> x;

  private final ScriptedBackend backend = new ScriptedBackend();
  private final Pool pool = new CallPool("result", backend, OnClose.JOIN);

  @AfterEach
  void nothingIsLeft() throws InterruptedException {
    pool.terminate();
    assertThat(pool.join(SAFETY)).isTrue();
    Leftovers.assertNoThread("procpool-result-");
  }

  private static <T> Iterable<T> unsized(List<T> items) {
    return () -> items.iterator();
  }

  @Test
  void valuesComeInTheOrderOfTheItemsWhateverTheOrderOfReports() throws Exception {
    MapResult<Object> result = pool.mapAsync(TASK, List.of(1, 2, 3));
    Submission<?, Object> call = backend.call();
    pullAll(call);
    succeed(call, 2, "c");
    succeed(call, 0, null);
    assertThat(result.isDone()).isFalse();
    assertThat(result.completed()).isEqualTo(2);
    succeed(call, 1, "b");
    assertThat(result.get()).isEqualTo(Arrays.asList(null, "b", "c"));
    assertThat(result.isSuccessful()).isTrue();
    assertThat(call.isEnded()).isTrue();
  }

  @Test
  void aCallIsAwaitedAsLongAsItsCallerWaits() throws Exception {
    FutureTask<Object> caller = new FutureTask<>(() -> pool.apply(TASK, 1));
    new Thread(caller).start();
    Submission<?, Object> call = backend.call();
    assertThat(call.isAwaited()).isTrue();
    pullAll(call);
    assertThat(call.isAwaited()).isTrue();
    succeed(call, 0, "a");
    assertThat(caller.get()).isEqualTo("a");
    assertThat(call.isAwaited()).isFalse();

    pool.applyAsync(TASK, 1);
    assertThat(backend.call().isAwaited()).as("who does not wait may change it").isFalse();
    pool.mapAsync(TASK, List.of(1));
    assertThat(backend.call().isAwaited()).isFalse();
  }

  @Test
  void whoIsInterruptedTakesTheCallAlongAndAwaitsItNoMore() throws Exception {
    FutureTask<Object> caller = new FutureTask<>(() -> pool.apply((x, y) -> (Object) x, 1, 2));
    Thread thread = new Thread(caller);
    thread.start();
    Submission<?, Object> call = backend.call();
    pullAll(call);
    assertThat(call.isAwaited()).isTrue();
    thread.interrupt();

    assertThatThrownBy(caller::get).hasCauseInstanceOf(InterruptedException.class);
    assertThat(backend.cancelled).containsExactly(true);
    assertThat(call.isAwaited()).isFalse();
    ScriptedBackend.cancel(call, 0);
  }

  @Test
  void theFirstReportCounts() throws Exception {
    MapResult<Object> result = pool.mapAsync(TASK, List.of(1, 2));
    Submission<?, Object> call = backend.call();
    pullAll(call);
    succeed(call, 0, "first");
    succeed(call, 0, "second");
    fail(call, 0, new IOException("late"));
    assertThat(result.isDone()).isFalse();
    succeed(call, 1, "other");
    succeed(call, 1, "too late");
    assertThat(result.get()).containsExactly("first", "other");
  }

  @Test
  void theLowestFailedItemFailsTheCallAfterAllHaveFinished() throws Exception {
    MapResult<Object> result = pool.mapAsync(TASK, List.of(1, 2, 3));
    Submission<?, Object> call = backend.call();
    pullAll(call);
    IOException low = new IOException("low");
    fail(call, 2, new IOException("high"));
    fail(call, 1, low);
    assertThat(result.isDone()).isFalse();
    assertThatThrownBy(result::isSuccessful).isInstanceOf(IllegalStateException.class);
    succeed(call, 0, 1);
    assertThatThrownBy(result::get).isInstanceOf(ExecutionException.class).cause().isSameAs(low);
    assertThat(result.isSuccessful()).isFalse();
    assertThat(result.isCancelled()).isFalse();
  }

  @Test
  void outcomesTellEachItemsAttemptsTimeAndProcess() throws Exception {
    MapResult<Object> result = pool.mapAsync(TASK, List.of(1, 2, 3));
    Submission<?, Object> call = backend.call();
    pullAll(call);
    call.succeeded(0, "a", 1, 5, 42);
    call.succeeded(1, "b", 3, 6, 1L << 40);
    IOException error = new IOException();
    fail(call, 2, error);
    assertThat(result.outcomes())
        .containsExactly(
            new Outcome.Success<>(0, 1, Duration.ofNanos(5), 42, "a"),
            new Outcome.Success<>(1, 3, Duration.ofNanos(6), 1L << 40, "b"),
            new Outcome.Failure<>(2, 1, Duration.ofNanos(5), 77, error));
  }

  @Test
  void boundedWaitsGiveWhatThereIs() throws Exception {
    MapResult<Object> result = pool.mapAsync(TASK, List.of(1, 2, 3));
    Submission<?, Object> call = backend.call();
    call.advance();
    call.advance();
    succeed(call, 1, "b");
    assertThat(result.outcomes(Duration.ZERO))
        .containsExactly(
            new Outcome.Pending<>(0),
            new Outcome.Success<>(1, 1, Duration.ofNanos(11), 77, "b"),
            new Outcome.Pending<>(2));
    assertThatThrownBy(() -> result.get(Duration.ofMillis(1))).isInstanceOf(TimeoutException.class);
    assertThat(result.await(Duration.ZERO)).isFalse();
    pullAll(call);
    succeed(call, 0, "a");
    succeed(call, 2, "c");
    assertThat(result.get(Duration.ofDays(1_000_000))).containsExactly("a", "b", "c");
  }

  @Test
  void theSizeOfAnUnsizedSourceIsKnownAtItsEnd() throws Exception {
    MapResult<Object> result = pool.mapAsync(TASK, unsized(List.of(1, 2)));
    Submission<?, Object> call = backend.call();
    call.advance();
    assertThat(result.total()).isEmpty();
    assertThat(result.outcomes(Duration.ZERO)).containsExactly(new Outcome.Pending<>(0));
    pullAll(call);
    assertThat(result.total()).hasValue(2);
  }

  @Test
  void anEmptySourceCompletesWhenItsEndIsSeen() throws Exception {
    MapResult<Object> result = pool.mapAsync(TASK, List.of());
    pullAll(backend.call());
    assertThat(result.get()).isEmpty();
    assertThat(result.outcomes()).isEmpty();
  }

  @Test
  void aCollectionThatMisstatesItsSizeFailsTheCall() throws Exception {
    List<Integer> liar =
        new ArrayList<>(Collections.nCopies(5000, 1)) {
          private static final long serialVersionUID = 1L;

          @Override
          public int size() {
            return 3;
          }

          @Override
          public Iterator<Integer> iterator() {
            return Collections.nCopies(5000, 1).iterator();
          }
        };
    MapResult<Object> result = pool.mapAsync(TASK, liar);
    Submission<?, Object> call = backend.call();
    assertThat(pullAll(call)).isEqualTo(3);
    for (int i = 0; i < 3; i++) {
      succeed(call, i, i);
    }
    assertThatThrownBy(result::get)
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(ConcurrentModificationException.class);
  }

  @Test
  void theSourcesExceptionFailsTheCallAfterTheItemsBeforeIt() throws Exception {
    IllegalStateException broken = new IllegalStateException("source");
    Iterable<Integer> source =
        () ->
            new Iterator<>() {
              private int next;

              @Override
              public boolean hasNext() {
                return true;
              }

              @Override
              public Integer next() {
                if (next == 2) {
                  throw broken;
                }
                return next++;
              }
            };
    MapResult<Object> result = pool.mapAsync(TASK, source);
    Submission<?, Object> call = backend.call();
    assertThat(pullAll(call)).isEqualTo(2);
    succeed(call, 0, "a");
    assertThat(result.isDone()).isFalse();
    succeed(call, 1, "b");
    assertThatThrownBy(result::get).isInstanceOf(ExecutionException.class).cause().isSameAs(broken);
    assertThat(result.outcomes()).hasSize(2).allMatch(Outcome::isSuccess);
  }

  @Test
  void aSourceWithoutIteratorFailsTheCall() throws Exception {
    IllegalStateException broken = new IllegalStateException("iterator()");
    MapResult<Object> result =
        pool.mapAsync(
            TASK,
            () -> {
              throw broken;
            });
    assertThat(pullAll(backend.call())).isZero();
    assertThatThrownBy(result::get).cause().isSameAs(broken);
  }

  @Test
  void cancelCompletesAtOnceAndOutcomesFollow() throws Exception {
    MapResult<Object> result = pool.mapAsync(TASK, List.of(1, 2, 3, 4));
    Submission<?, Object> call = backend.call();
    call.advance();
    call.advance();
    BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
    result.onFailure(failures::add);
    assertThat(result.cancel(false)).isTrue();
    assertThat(backend.cancelled.take()).isFalse();
    assertThat(result.isDone()).isTrue();
    assertThat(result.isCancelled()).isTrue();
    assertThatThrownBy(result::get).isExactlyInstanceOf(CancellationException.class);
    assertThat(failures.poll(30, TimeUnit.SECONDS)).isInstanceOf(CancellationException.class);
    assertThat(result.cancel(true)).isFalse();
    assertThat(call.advance()).isFalse();
    assertThat(call.isEnded()).isFalse();
    assertThat(result.outcomes(Duration.ZERO))
        .hasSize(4)
        .startsWith(new Outcome.Pending<>(0), new Outcome.Pending<>(1));
    succeed(call, 0, "still ran");
    ScriptedBackend.cancel(call, 1);
    assertThat(call.isEnded()).isTrue();
    assertThat(result.outcomes())
        .hasSize(4)
        .first()
        .isEqualTo(new Outcome.Success<>(0, 1, Duration.ofNanos(10), 77, "still ran"));
    assertThat(result.outcomes().subList(1, 4)).allMatch(o -> o instanceof Outcome.Cancelled);
    assertThat(result.completed()).isEqualTo(4);
  }

  @Test
  void terminatedCallsShowTheCallersOwnStack() throws Exception {
    AsyncResult<Object> result = pool.applyAsync(TASK, 1);
    pool.terminate();
    assertThat(result.isCancelled()).isTrue();
    assertThatThrownBy(result::get)
        .isInstanceOf(PoolTerminatedException.class)
        .hasMessageContaining("'result'")
        .satisfies(
            e ->
                assertThat(e.getStackTrace())
                    .anyMatch(frame -> frame.getMethodName().startsWith("terminatedCallsShow")));
    BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
    result.onFailure(failures::add);
    assertThat(failures.poll(30, TimeUnit.SECONDS)).isInstanceOf(PoolTerminatedException.class);
  }

  @Test
  void aBrokenPoolFailsTheItemsThatAreMissing() throws Exception {
    MapResult<Object> result = pool.mapAsync(TASK, List.of(1, 2, 3));
    Submission<?, Object> call = backend.call();
    call.advance();
    call.advance();
    IOException own = new IOException("own");
    fail(call, 1, own);
    PoolBrokenException broken = new PoolBrokenException("no worker starts", null);
    call.abort(broken);
    assertThatThrownBy(result::get).isInstanceOf(ExecutionException.class).cause().isSameAs(broken);
    assertThat(result.outcomes())
        .extracting(outcome -> outcome.failure().orElseThrow())
        .containsExactly(broken, own, broken);
  }

  @Test
  void callbacksAreCalledOnceEachLateOnesToo() throws Exception {
    MapResult<Object> result = pool.mapAsync(TASK, List.of(1, 2));
    Submission<?, Object> call = backend.call();
    pullAll(call);
    List<Object> seen = Collections.synchronizedList(new ArrayList<>());
    CountDownLatch done = new CountDownLatch(1);
    succeed(call, 1, "b");
    result.onSuccess(values -> seen.add(values)).onOutcome(o -> seen.add(o.index()));
    result.onFailure(e -> seen.add(e));
    succeed(call, 0, "a");
    result.await();
    result.onSuccess(values -> seen.add("late")).onSuccess(values -> done.countDown());
    assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(seen).containsExactly(1L, 0L, List.of("a", "b"), "late");
  }

  @Test
  void onFailureGetsTheFailureItselfAndAfterAllOutcomes() throws Exception {
    MapResult<Object> result = pool.mapAsync(TASK, List.of(1, 2));
    Submission<?, Object> call = backend.call();
    List<Object> seen = Collections.synchronizedList(new ArrayList<>());
    CountDownLatch done = new CountDownLatch(1);
    result.onOutcome(o -> seen.add(o.index()));
    result.onFailure(
        e -> {
          seen.add(e);
          done.countDown();
        });
    call.advance();
    result.cancel(true);
    ScriptedBackend.cancel(call, 0);
    assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(seen).hasSize(3).startsWith(1L, 0L);
    assertThat(seen.get(2)).isInstanceOf(CancellationException.class);
  }

  @Test
  void anAbortShowsEveryMissingOutcomeToCallbacks() throws Exception {
    MapResult<Object> result = pool.mapAsync(TASK, List.of(1, 2, 3));
    Submission<?, Object> call = backend.call();
    call.advance();
    call.advance();
    succeed(call, 1, "b");
    BlockingQueue<Outcome<Object>> seen = new LinkedBlockingQueue<>();
    CountDownLatch done = new CountDownLatch(1);
    result.onOutcome(seen::add).onFailure(e -> done.countDown());
    call.abort(new PoolTerminatedException("over"));
    assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(seen).extracting(Outcome::index).containsExactly(1L, 0L, 2L);
  }

  @Test
  void aThrowingCallbackHarmsNothing() throws Exception {
    AsyncResult<Object> result = pool.applyAsync(TASK, 1);
    Submission<?, Object> call = backend.call();
    pullAll(call);
    BlockingQueue<Object> seen = new LinkedBlockingQueue<>();
    result
        .onSuccess(
            value -> {
              Thread.currentThread().interrupt();
              throw new AssertionError("meant to be logged");
            })
        .onSuccess(seen::add);
    succeed(call, 0, "value");
    assertThat(seen.poll(30, TimeUnit.SECONDS)).isEqualTo("value");
  }

  @Test
  void aSlowCallbackDelaysNoOtherResultAndNoFutureOfItsOwn() throws Exception {
    AsyncResult<Object> slow = pool.applyAsync(TASK, 1);
    AsyncResult<Object> other = pool.applyAsync(TASK, 2);
    CompletableFuture<Object> future = slow.toCompletableFuture();
    CountDownLatch inCallback = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    BlockingQueue<Object> seen = new LinkedBlockingQueue<>();
    slow.onSuccess(
        value -> {
          inCallback.countDown();
          awaitUninterruptibly(release);
        });
    other.onSuccess(seen::add);
    for (int i = 0; i < 2; i++) {
      Submission<?, Object> call = backend.call();
      pullAll(call);
      succeed(call, 0, i);
    }
    assertThat(inCallback.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(seen.poll(30, TimeUnit.SECONDS)).isEqualTo(1);
    assertThat(future.get(30, TimeUnit.SECONDS)).isEqualTo(0);
    release.countDown();
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void futuresAreNewEachTimeAndCancelTheCall() throws Exception {
    AsyncResult<Object> result = pool.applyAsync(TASK, 1);
    CompletableFuture<Object> first = result.toCompletableFuture();
    CompletableFuture<Object> second = result.toCompletableFuture();
    assertThat(first).isNotSameAs(second);
    second.cancel(true);
    assertThat(backend.cancelled.take()).isTrue();
    assertThat(result.isCancelled()).isTrue();
    assertThat(result.toCompletableFuture().isCancelled()).isTrue();
  }

  @Test
  void aFutureCompletedFromOutsideKeepsThatValueAndCancelsTheCall() throws Exception {
    AsyncResult<Object> result = pool.applyAsync(TASK, 1);
    CompletableFuture<Object> future = result.toCompletableFuture();
    future.complete("of its own");
    assertThat(backend.cancelled.take()).isTrue();
    assertThat(result.isCancelled()).isTrue();
    assertThat(future.get(1, TimeUnit.MINUTES)).isEqualTo("of its own");
  }

  @Test
  void futuresFailWithTheFailureItself() throws Exception {
    AsyncResult<Object> result = pool.applyAsync(TASK, 1);
    CompletableFuture<Object> future = result.toCompletableFuture();
    Submission<?, Object> call = backend.call();
    pullAll(call);
    IOException error = new IOException();
    fail(call, 0, error);
    assertThatThrownBy(() -> future.get(30, TimeUnit.SECONDS)).cause().isSameAs(error);
  }

  @Test
  void anInterruptedWaitLeavesTheCallAlone() throws Exception {
    AsyncResult<Object> result = pool.applyAsync(TASK, 1);
    Thread.currentThread().interrupt();
    assertThatThrownBy(result::get).isInstanceOf(InterruptedException.class);
    assertThat(result.isDone()).isFalse();
  }

  @Test
  void aBlockingCallThatIsInterruptedTakesItsTasksAlong() throws Exception {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> pool.apply(TASK, 1)).isInstanceOf(InterruptedException.class);
    assertThat(backend.cancelled.take()).isTrue();
  }

  @Test
  void onlyASingleItemIsImmediate() throws Exception {
    pool.applyAsync(TASK, 1);
    assertThat(backend.call().isImmediate()).isTrue();
    pool.mapAsync(TASK, List.of(1));
    assertThat(backend.call().isImmediate()).isFalse();
  }

  @Test
  void messagesNameTheLabel() throws Exception {
    AsyncResult<Object> result =
        pool.with(TaskOptions.defaults().label("prices")).applyAsync(TASK, 1);
    assertThatThrownBy(() -> result.get(Duration.ZERO)).hasMessageContaining("'prices'");
  }
}
