package dev.procpool.testkit;

import static dev.procpool.testkit.Nothing.nothing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.procpool.AsyncResult;
import dev.procpool.MapResult;
import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.ResultIterator;
import dev.procpool.TaskOptions;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Section 5 of the contract: cancelling, and callers that are interrupted. */
public abstract class CancelContract extends ContractTest {

  /** For subclasses. */
  protected CancelContract() {}

  @Test
  void cancelWithInterruptStopsTheRunningItemToo() throws Exception {
    Pool pool = pool(1);
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
    assertThat(result.cancel(true)).isTrue();
    assertThat(result.isCancelled()).isTrue();
    assertThat(pool.apply(() -> 1)).as("the only worker is free again").isEqualTo(1);
    assertThat(result.cancel(true)).as("a second cancel").isFalse();
  }

  @Test
  void cancelWithoutInterruptLetsTheRunningItemEnd() throws Exception {
    Pool pool = pool(1);
    FileLatch started = latch("started");
    FileLatch release = latch("release");
    FileLog ended = log("ended");
    MapResult<Integer> result =
        pool.with(TaskOptions.defaults().chunkSize(3))
            .mapAsync(
                x -> {
                  started.countDown();
                  release.await();
                  ended.add(x);
                  return x;
                },
                List.of(0, 1, 2));
    started.await();
    assertThat(result.cancel(false)).isTrue();
    assertThat(result.isDone()).as("complete at once").isTrue();
    release.countDown();
    assertThat(pool.apply(() -> 1)).isEqualTo(1);
    assertThat(ended.lines()).as("only the item that ran has ended").containsExactly("0");
  }

  @Test
  void aStreamCanBeBrokenOffWithoutStoppingWhatRuns() throws Exception {
    Pool pool = pool(1);
    FileLatch started = latch("started");
    FileLatch release = latch("release");
    FileLog runs = log("runs");
    AtomicLong taken = new AtomicLong();
    try (ResultIterator<Long> results =
        pool.with(TaskOptions.defaults().chunkSize(3).lookAhead(10))
            .imap(
                x -> {
                  runs.add(x);
                  started.countDown();
                  release.await();
                  return x + 10;
                },
                Sources.endless(taken))) {
      started.await();
      // The first item may run before a second one is asked for.
      Eventually.until("the look-ahead is used up", () -> taken.get() >= 10);
      results.cancelWaiting();
      results.cancelWaiting();
      assertThat(pool.isShutdown()).isFalse();
      release.countDown();

      assertThat(results.next()).as("what ran has its value").isEqualTo(10);
      int cancelled = 0;
      while (results.hasNext()) {
        assertThat(results.nextOutcome()).isInstanceOf(Outcome.Cancelled.class);
        cancelled++;
      }
      assertThat(cancelled).as("what was taken and had not started").isPositive();
    }
    assertThat(runs.lines()).containsExactly("0");
    assertThat(pool.apply(() -> 1)).as("the pool goes on").isEqualTo(1);
  }

  @Test
  void itemsThatHaveNotStartedNeverStart() throws Exception {
    Pool pool = pool(1);
    FileLatch started = latch("started");
    FileLatch never = latch("never");
    FileLog runs = log("runs");
    MapResult<Integer> result =
        pool.mapAsync(
            x -> {
              runs.add(x);
              started.countDown();
              never.await();
              return x;
            },
            List.of(0, 1, 2, 3));
    started.await();
    AsyncResult<Object> queued =
        pool.applyAsync(
            () -> {
              runs.add("queued");
              return nothing();
            });
    assertThat(queued.cancel(false)).isTrue();
    assertThat(result.cancel(true)).isTrue();
    assertThatExceptionOfType(CancellationException.class).isThrownBy(result::get);
    assertThatExceptionOfType(CancellationException.class).isThrownBy(queued::get);
    List<Outcome<Integer>> outcomes = result.outcomes();
    assertThat(outcomes).hasSize(4).allMatch(outcome -> outcome instanceof Outcome.Cancelled);
    assertThat(outcomes).extracting(Outcome::index).containsExactly(0L, 1L, 2L, 3L);
    assertThat(outcomes.subList(1, 4)).allMatch(outcome -> outcome.attempts() == 0);
    assertThat(pool.apply(() -> 1)).isEqualTo(1);
    assertThat(runs.lines()).containsExactly("0");
  }

  @Test
  void itemsThatHaveEndedKeepTheirOutcomes() throws Exception {
    FileLatch never = latch("never");
    MapResult<Integer> result =
        pool(1)
            .with(TaskOptions.defaults().chunkSize(1))
            .mapAsync(
                x -> {
                  if (x == 1) {
                    never.await();
                  }
                  return x;
                },
                List.of(0, 1, 2));
    Eventually.until("item 0 has ended", () -> result.completed() == 1);
    result.cancel(true);
    List<Outcome<Integer>> outcomes = result.outcomes();
    assertThat(outcomes.get(0).valueOrThrow()).isZero();
    assertThat(outcomes.subList(1, 3)).allMatch(outcome -> outcome instanceof Outcome.Cancelled);
    assertThatExceptionOfType(CancellationException.class)
        .isThrownBy(() -> outcomes.get(1).valueOrThrow());
  }

  @Test
  void cancellingOneCallLeavesTheOthersAlone() throws Exception {
    Pool pool = pool(2);
    FileLatch never = latch("never");
    FileLatch release = latch("release");
    AsyncResult<Object> cancelled =
        pool.applyAsync(
            () -> {
              never.await();
              return nothing();
            });
    MapResult<Integer> other =
        pool.mapAsync(
            x -> {
              release.await();
              return x;
            },
            List.of(1, 2, 3));
    cancelled.cancel(true);
    release.countDown();
    assertThat(other.get()).containsExactly(1, 2, 3);
  }

  @Test
  void anEndlessCallCanBeCancelled() throws Exception {
    Pool pool = pool(1);
    MapResult<Long> result = pool.mapAsync(x -> x, Sources.endless(new AtomicLong()));
    Eventually.until("it has begun", () -> result.completed() > 0);
    assertThat(result.cancel(true)).isTrue();
    assertThat(result.total()).as("the number of items, which is known now").isPresent();
    pool.shutdown();
    assertThat(pool.join(BOUND)).isTrue();
  }

  @Test
  void theRunningTaskIsInterrupted() throws Exception {
    Pool pool = pool(1);
    FileLatch started = latch("started");
    FileLog seen = log("seen");
    AsyncResult<Object> result =
        pool.applyAsync(
            () -> {
              started.countDown();
              try {
                new FileLatch("/nonexistent/never").await();
              } catch (InterruptedException e) {
                seen.add("interrupted");
              }
              return nothing();
            });
    started.await();
    result.cancel(true);
    Eventually.until("the task was interrupted", () -> seen.size() == 1);
    assertThat(seen.lines()).containsExactly("interrupted");
  }

  @Test
  void anInterruptOfOneItemDoesNotReachTheNext() throws Exception {
    Pool pool = pool(1);
    for (int i = 0; i < 20; i++) {
      FileLatch started = latch("started-" + i);
      FileLatch never = latch("never");
      AsyncResult<Object> result =
          pool.applyAsync(
              () -> {
                started.countDown();
                never.await();
                return nothing();
              });
      started.await();
      result.cancel(true);
      assertThat(pool.apply(() -> Thread.currentThread().isInterrupted())).isFalse();
    }
  }

  @Test
  void anInterruptThatATaskSetsItselfDoesNotReachTheNext() throws Exception {
    Pool pool = pool(1);
    pool.apply(
        () -> {
          Thread.currentThread().interrupt();
          return nothing();
        });
    assertThat(pool.apply(() -> Thread.currentThread().isInterrupted())).isFalse();
  }

  @Test
  void anInterruptedApplyTakesItsTaskWithIt() throws Exception {
    Pool pool = pool(1);
    FileLatch started = latch("started");
    FileLatch never = latch("never");
    interruptedOnceStarted(
        started,
        () ->
            pool.apply(
                () -> {
                  started.countDown();
                  never.await();
                  return nothing();
                }));
    assertThat(pool.apply(() -> 1)).as("the only worker is free again").isEqualTo(1);
  }

  @Test
  void anInterruptedMapTakesItsTasksWithIt() throws Exception {
    Pool pool = pool(1);
    FileLatch started = latch("started");
    FileLatch never = latch("never");
    FileLog runs = log("runs");
    interruptedOnceStarted(
        started,
        () ->
            pool.map(
                x -> {
                  runs.add(x);
                  started.countDown();
                  never.await();
                  return nothing();
                },
                List.of(0, 1, 2)));
    assertThat(pool.apply(() -> 1)).as("the only worker is free again").isEqualTo(1);
    assertThat(runs.lines()).containsExactly("0");
  }

  private static void interruptedOnceStarted(FileLatch started, Callable<?> call) throws Exception {
    Background<?> caller = Background.of(call);
    started.await();
    caller.interrupt();
    assertThat(caller.failure()).isInstanceOf(InterruptedException.class);
  }
}
