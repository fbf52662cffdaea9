package dev.procpool.testkit;

import static dev.procpool.testkit.Nothing.nothing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.procpool.AsyncResult;
import dev.procpool.MapResult;
import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.PoolTerminatedException;
import dev.procpool.TaskOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * Section 1 of the contract: {@code shutdown}, {@code join}, {@code terminate} and {@code close}.
 */
public abstract class LifecycleContract extends ContractTest {

  /** For subclasses. */
  protected LifecycleContract() {}

  @Test
  void callsAfterShutdownAreRejected() {
    Pool pool = pool(1);
    pool.shutdown();
    assertRejectsCalls(pool);
  }

  @Test
  void callsAfterTerminateAreRejected() {
    Pool pool = pool(1);
    pool.terminate();
    assertRejectsCalls(pool);
  }

  @Test
  void callsAfterCloseAreRejected() {
    Pool pool = pool(1);
    pool.close();
    assertRejectsCalls(pool);
  }

  @Test
  void shutdownLetsEarlierCallsEnd() throws Exception {
    Pool pool = pool(1);
    FileLatch release = latch("release");
    MapResult<Integer> result =
        pool.mapAsync(
            x -> {
              release.await();
              return x;
            },
            List.of(1, 2, 3));
    pool.shutdown();
    pool.shutdown();
    assertThat(pool.isShutdown()).isTrue();
    assertThat(pool.isTerminated()).isFalse();
    assertThat(result.isReady()).isFalse();
    release.countDown();
    pool.join();
    assertThat(result.isReady()).isTrue();
    assertThat(result.get()).containsExactly(1, 2, 3);
    assertThat(pool.isTerminated()).isTrue();
  }

  @Test
  void joinWithALimitTellsWhetherEverythingEnded() throws Exception {
    Pool pool = pool(1);
    FileLatch release = latch("release");
    pool.applyAsync(
        () -> {
          release.await();
          return nothing();
        });
    pool.shutdown();
    assertThat(pool.join(Duration.ofMillis(20))).isFalse();
    assertThat(pool.join(Duration.ZERO)).isFalse();
    release.countDown();
    assertThat(pool.join(BOUND)).isTrue();
    assertThat(pool.join(Duration.ZERO)).isTrue();
    pool.join();
  }

  @Test
  void joinBeforeShutdownIsRefused() throws Exception {
    Pool pool = pool(1);
    assertThatIllegalStateException().isThrownBy(pool::join).withMessageContaining("shutdown");
    assertThatIllegalStateException()
        .isThrownBy(() -> pool.join(Duration.ofMillis(1)))
        .withMessageContaining("shutdown");
    assertThat(pool.apply(() -> 1)).as("the pool is unharmed").isEqualTo(1);
  }

  @Test
  void afterJoinEveryWorkerIsGone() throws Exception {
    Pool pool = pool(2);
    pool.map(x -> x, List.of(1, 2, 3, 4));
    List<Long> pids = pool.workers().stream().map(worker -> worker.pid()).toList();
    pool.shutdown();
    pool.join();
    assertThat(pool.workers()).isEmpty();
    if (backend().isolatesProcesses()) {
      assertThat(pids).isNotEmpty().allSatisfy(pid -> assertThat(ProcessHandle.of(pid)).isEmpty());
    }
  }

  @Test
  void aNewPoolIsNeitherShutDownNorTerminated() {
    Pool pool = pool(1);
    assertThat(pool.isShutdown()).isFalse();
    assertThat(pool.isTerminated()).isFalse();
  }

  @Test
  void aPoolThatWasNeverUsedEnds() throws Exception {
    Pool pool = pool(2);
    pool.shutdown();
    assertThat(pool.join(BOUND)).isTrue();
  }

  @Test
  void terminateCancelsWhatHasNotEnded() throws Exception {
    Pool pool = pool(1);
    FileLatch started = latch("started");
    FileLatch never = latch("never");
    CompletableFuture<Throwable> error = new CompletableFuture<>();
    MapResult<Integer> result =
        pool.with(TaskOptions.defaults().chunkSize(1))
            .mapAsync(
                x -> {
                  if (x == 1) {
                    started.countDown();
                    never.await();
                  }
                  return x;
                },
                List.of(0, 1, 2))
            .onFailure(error::complete);
    started.await();
    AsyncResult<Integer> queued = pool.applyAsync(() -> 1);
    pool.terminate();
    pool.terminate();
    assertThat(result.await(BOUND)).isTrue();
    assertThatExceptionOfType(CancellationException.class).isThrownBy(result::get);
    assertThatExceptionOfType(PoolTerminatedException.class).isThrownBy(queued::get);
    assertThat(result.isCancelled()).isTrue();
    List<Outcome<Integer>> outcomes = result.outcomes();
    assertThat(outcomes.get(0).valueOrThrow()).isZero();
    assertThat(outcomes.subList(1, 3)).allMatch(outcome -> outcome instanceof Outcome.Cancelled);
    assertThat(error.get(BOUND.toSeconds(), TimeUnit.SECONDS))
        .isInstanceOf(CancellationException.class);
    assertThat(pool.isShutdown()).isTrue();
    pool.join();
    assertThat(pool.isTerminated()).isTrue();
  }

  @Test
  void terminateWorksAfterShutdown() throws Exception {
    Pool pool = pool(1);
    AsyncResult<Object> hanging = hanging(pool);
    pool.shutdown();
    pool.terminate();
    assertThat(pool.join(BOUND)).isTrue();
    assertThat(hanging.isCancelled()).isTrue();
  }

  @Test
  void terminateWakesWaitingCallers() throws Exception {
    Pool pool = pool(1);
    FileLatch started = latch("started");
    FileLatch never = latch("never");
    Background<Object> caller =
        Background.of(
            () ->
                pool.apply(
                    () -> {
                      started.countDown();
                      never.await();
                      return nothing();
                    }));
    started.await();
    pool.terminate();
    assertThat(caller.failure()).isInstanceOf(CancellationException.class);
  }

  @Test
  void closeWaitsForTasksAndMayBeCalledTwice() throws Exception {
    FileLog done = log("done");
    Pool pool = pool(2);
    try (pool) {
      pool.forEachAsync(x -> done.add(x), List.of(1, 2, 3, 4, 5));
    }
    assertThat(done.size()).isEqualTo(5);
    assertThat(pool.isShutdown()).isTrue();
    assertThat(pool.isTerminated()).isTrue();
    pool.close();
    pool.shutdown();
    pool.terminate();
    pool.join();
    assertThat(pool.isTerminated()).isTrue();
  }

  @Test
  void anInterruptedCloseTerminatesThePoolAndSetsTheInterruptStatus() throws Exception {
    Pool pool = pool(1);
    AsyncResult<Object> hanging = hanging(pool);
    Thread.currentThread().interrupt();
    pool.close();
    assertThat(Thread.interrupted()).as("the interrupt status").isTrue();
    assertThat(hanging.await(BOUND)).isTrue();
    assertThat(hanging.isCancelled()).isTrue();
    assertThat(pool.join(BOUND)).isTrue();
  }

  @Test
  void anInterruptedJoinCancelsNothing() throws Exception {
    Pool pool = pool(1);
    FileLatch release = latch("release");
    AsyncResult<Integer> result =
        pool.applyAsync(
            () -> {
              release.await();
              return 1;
            });
    pool.shutdown();
    Thread.currentThread().interrupt();
    assertThatExceptionOfType(InterruptedException.class).isThrownBy(pool::join);
    release.countDown();
    assertThat(result.get()).isEqualTo(1);
  }

  @Test
  void resultsStayAfterThePoolHasEnded() throws Exception {
    Pool pool = pool(1);
    MapResult<Integer> result = pool.mapAsync(x -> x, List.of(1, 2));
    pool.close();
    assertThat(result.get()).containsExactly(1, 2);
    assertThat(result.outcomes()).hasSize(2);
  }

  @Test
  void aCallMadeWhileThePoolClosesEitherRunsOrIsRejected() throws Exception {
    Pool pool = pool(2);
    AtomicInteger values = new AtomicInteger();
    FileLog runs = log("runs");
    Background<Integer> caller =
        Background.of(
            () -> {
              try {
                while (true) {
                  values.addAndGet(
                      pool.apply(
                          () -> {
                            runs.add("run");
                            return 1;
                          }));
                }
              } catch (RejectedExecutionException e) {
                return values.get();
              }
            });
    Eventually.until("some calls were made", () -> values.get() > 20);
    pool.close();
    assertThat(caller.value()).isEqualTo(runs.size());
  }

  private AsyncResult<Object> hanging(Pool pool) throws Exception {
    FileLatch started = latch("started");
    FileLatch never = latch("never");
    AsyncResult<Object> result =
        pool.applyAsync(
            () -> {
              started.countDown();
              never.await();
              return nothing();
            });
    started.await();
    return result;
  }

  private static void assertRejectsCalls(Pool pool) {
    List<Integer> items = List.of(1);
    assertThatExceptionOfType(RejectedExecutionException.class)
        .isThrownBy(() -> pool.apply(() -> 1));
    assertThatExceptionOfType(RejectedExecutionException.class)
        .isThrownBy(() -> pool.applyAsync(() -> 1));
    assertThatExceptionOfType(RejectedExecutionException.class)
        .isThrownBy(() -> pool.map(x -> x, items));
    assertThatExceptionOfType(RejectedExecutionException.class)
        .isThrownBy(() -> pool.mapAsync(x -> x, List.<Integer>of()));
    assertThatExceptionOfType(RejectedExecutionException.class)
        .isThrownBy(() -> pool.forEachAsync(x -> {}, items));
    assertThatExceptionOfType(RejectedExecutionException.class)
        .isThrownBy(() -> pool.imap(x -> x, items));
    assertThatExceptionOfType(RejectedExecutionException.class)
        .isThrownBy(() -> pool.imapUnordered(x -> x, items));
    assertThatExceptionOfType(RejectedExecutionException.class)
        .isThrownBy(() -> pool.with(TaskOptions.defaults().chunkSize(2)).map(x -> x, items));
    assertThatExceptionOfType(RejectedExecutionException.class)
        .isThrownBy(() -> pool.asExecutorService().execute(() -> {}));
  }
}
