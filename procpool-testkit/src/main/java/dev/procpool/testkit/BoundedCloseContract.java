package dev.procpool.testkit;

import static dev.procpool.testkit.Nothing.nothing;
import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.AsyncResult;
import dev.procpool.Pool;
import dev.procpool.PoolTerminatedException;
import dev.procpool.ResultIterator;
import dev.procpool.TaskOptions;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Section 11 of the contract: {@code close(Duration)}, which ends also where a task does not. */
public abstract class BoundedCloseContract extends ContractTest {

  /** Long enough for what ends by itself, and no test waits for it to be over. */
  private static final Duration AMPLE = Duration.ofDays(1);

  private static final Duration SHORT = Duration.ofMillis(50);

  /** For subclasses. */
  protected BoundedCloseContract() {}

  @Test
  void whatEndsInTimeIsWaitedFor() throws Exception {
    Pool pool = pool(2);
    FileLog done = log("done");
    AsyncResult<?> calls = pool.forEachAsync(x -> done.add(x), List.of(1, 2, 3, 4, 5));
    assertThat(pool.close(AMPLE)).isTrue();
    assertThat(done.size()).isEqualTo(5);
    assertThat(calls.isSuccessful()).isTrue();
    assertThat(pool.isTerminated()).isTrue();
  }

  @Test
  void whatHangsIsStoppedWhenTheTimeIsUp() throws Exception {
    for (Duration limit :
        List.of(SHORT, Duration.ZERO, Duration.ofNanos(1), Duration.ofSeconds(-1))) {
      Pool pool = pool(1);
      AsyncResult<Object> hanging = hanging(pool);
      assertThat(pool.close(limit)).as("whether it ended within %s", limit).isFalse();
      assertThat(pool.isTerminated()).isTrue();
      assertStopped(hanging);
    }
  }

  @Test
  void theLongestDurationIsNoLimit() throws Exception {
    for (Duration endless :
        List.of(ChronoUnit.FOREVER.getDuration(), Duration.ofNanos(Long.MAX_VALUE))) {
      Pool pool = pool(1);
      AsyncResult<Integer> result = pool.applyAsync(() -> 1);
      assertThat(pool.close(endless)).isTrue();
      assertThat(result.get()).isEqualTo(1);
    }
  }

  @Test
  void whatIsWaitingIsStoppedToo() throws Exception {
    Pool pool = pool(1);
    AsyncResult<Object> hanging = hanging(pool);
    AsyncResult<Integer> queued = pool.applyAsync(() -> 1);
    assertThat(pool.close(SHORT)).isFalse();
    assertStopped(hanging);
    assertStopped(queued);
  }

  @Test
  void aViewClosesItsPool() throws Exception {
    Pool pool = pool(1);
    AsyncResult<Object> hanging = hanging(pool);
    assertThat(pool.with(TaskOptions.defaults().label("view")).close(SHORT)).isFalse();
    assertThat(pool.isTerminated()).isTrue();
    assertStopped(hanging);
  }

  @Test
  void itMayBeCalledAgainAndAfterEachOtherEnd() throws Exception {
    Pool closed = pool(1);
    closed.close();
    assertThat(closed.close(SHORT)).isTrue();
    Pool terminated = pool(1);
    AsyncResult<Object> hanging = hanging(terminated);
    terminated.terminate();
    assertThat(terminated.close(BOUND)).isTrue();
    assertThat(terminated.close(Duration.ZERO)).isTrue();
    assertStopped(hanging);
  }

  @Test
  void theShortestOfSeveralLimitsEndsThePoolForAll() throws Exception {
    Pool pool = pool(1);
    AsyncResult<Object> hanging = hanging(pool);
    Background<Boolean> patient = Background.of(() -> pool.close(AMPLE));
    Background<Boolean> endless =
        Background.of(
            () -> {
              pool.close();
              return true;
            });
    Eventually.until("one of them closes it", pool::isShutdown);
    assertThat(pool.close(SHORT)).isFalse();
    assertThat(endless.value()).isTrue();
    assertThat(patient.value()).as("all ended before the long limit").isTrue();
    assertStopped(hanging);
  }

  @Test
  void anInterruptedOneTerminatesThePoolAndSetsTheInterruptStatus() throws Exception {
    Pool pool = pool(1);
    AsyncResult<Object> hanging = hanging(pool);
    Thread.currentThread().interrupt();
    assertThat(pool.close(AMPLE)).isFalse();
    assertThat(Thread.interrupted()).as("the interrupt status").isTrue();
    assertStopped(hanging);
    assertThat(pool.join(BOUND)).isTrue();
  }

  @Test
  void aCallbackMayCallIt() throws Exception {
    Pool pool = pool(2);
    AsyncResult<Object> hanging = hanging(pool);
    CompletableFuture<Boolean> closed = new CompletableFuture<>();
    pool.applyAsync(() -> 1).onSuccess(value -> closed.complete(pool.close(SHORT)));
    assertThat(closed.get(BOUND.toSeconds(), TimeUnit.SECONDS)).isFalse();
    assertStopped(hanging);
    assertThat(pool.join(BOUND)).isTrue();
  }

  @Test
  void aStreamThatThisThreadConsumesEnds() throws Exception {
    Pool pool = pool(1);
    try (ResultIterator<Integer> results = pool.imap(x -> x, List.of(1, 2, 3))) {
      assertThat(results.next()).isEqualTo(1);
      assertThat(pool.close(AMPLE)).isTrue();
    }
  }

  private AsyncResult<Object> hanging(Pool pool) throws Exception {
    FileLatch started = latch("started-" + System.identityHashCode(pool));
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

  private static void assertStopped(AsyncResult<?> result) throws InterruptedException {
    assertThat(result.await(BOUND)).isTrue();
    assertThat(result.isCancelled()).isTrue();
    assertThat(result.toCompletableFuture().handle((value, error) -> error).join())
        .isInstanceOf(PoolTerminatedException.class);
  }
}
