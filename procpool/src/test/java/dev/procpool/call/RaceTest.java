package dev.procpool.call;

import static dev.procpool.call.ScriptedBackend.SAFETY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procpool.AsyncResult;
import dev.procpool.MapResult;
import dev.procpool.OnClose;
import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.PoolEvent;
import dev.procpool.PoolObserver;
import dev.procpool.ResultIterator;
import dev.procpool.function.Task1;
import dev.procpool.observe.Observation;
import dev.procpool.spi.Submission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Pairs of things that happen at the same time, some hundred times each. */
class RaceTest {

  private static final int ROUNDS = 300;
  private static final Task1<Integer, Object> TASK = x -> x;

  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void stop() throws InterruptedException {
    threads.shutdownNow();
    assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    Leftovers.assertNoThread("procpool-race-");
  }

  /** Runs bodies at the same time and gives what they returned. */
  @SafeVarargs
  private <T> List<T> together(Callable<T>... bodies) throws Exception {
    CyclicBarrier start = new CyclicBarrier(bodies.length);
    List<Future<T>> futures = new ArrayList<>();
    for (Callable<T> body : bodies) {
      futures.add(
          threads.submit(
              () -> {
                start.await();
                return body.call();
              }));
    }
    List<T> results = new ArrayList<>();
    for (Future<T> future : futures) {
      results.add(future.get(30, TimeUnit.SECONDS));
    }
    return results;
  }

  @Test
  void cancelAgainstTheLastReport() throws Exception {
    ScriptedBackend backend = new ScriptedBackend();
    Pool pool = new CallPool("race-cancel", backend, OnClose.JOIN);
    for (int round = 0; round < ROUNDS; round++) {
      MapResult<Object> result = pool.mapAsync(TASK, List.of(1, 2, 3));
      Submission<?, Object> call = backend.call();
      AtomicInteger successes = new AtomicInteger();
      AtomicInteger failures = new AtomicInteger();
      AtomicInteger outcomes = new AtomicInteger();
      result.onSuccess(v -> successes.incrementAndGet());
      result.onFailure(e -> failures.incrementAndGet());
      result.onOutcome(o -> outcomes.incrementAndGet());
      List<Boolean> won =
          together(
              () -> result.cancel(true),
              () -> {
                for (long i = 0; call.advance(); i++) {
                  ScriptedBackend.succeed(call, i, i);
                }
                return false;
              });
      assertThat(call.isEnded()).isTrue();
      assertThat(result.isCancelled()).isEqualTo(won.get(0));
      assertThat(result.outcomes()).hasSize(3);
      if (won.get(0)) {
        assertThatThrownBy(result::get).isInstanceOf(CancellationException.class);
      } else {
        assertThat(result.get()).containsExactly(0L, 1L, 2L);
      }
      while (successes.get() + failures.get() == 0) {
        Thread.onSpinWait();
      }
      assertThat(failures.get()).isEqualTo(won.get(0) ? 1 : 0);
      assertThat(successes.get()).isEqualTo(won.get(0) ? 0 : 1);
      assertThat(outcomes).hasValue(3);
    }
    pool.close();
  }

  @Test
  void submitAgainstShutdown() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      ScriptedBackend backend = new ScriptedBackend();
      Pool pool = new CallPool("race-shutdown", backend, OnClose.JOIN);
      Callable<Boolean> submit =
          () -> {
            try {
              pool.applyAsync(TASK, 1);
              return true;
            } catch (RejectedExecutionException e) {
              return false;
            }
          };
      List<Boolean> accepted =
          together(
              submit,
              submit,
              () -> {
                pool.shutdown();
                return false;
              });
      long count = accepted.stream().filter(taken -> taken).count();
      assertThat(backend.submitted).hasSize((int) count);
      assertThat(backend.submittedAfterShutdown).isFalse();
      assertThat(backend.shutdowns).hasValue(1);
      for (long i = 0; i < count; i++) {
        Submission<?, Object> call = backend.call();
        ScriptedBackend.pullAll(call);
        ScriptedBackend.succeed(call, 0, 1);
      }
      assertThat(pool.join(SAFETY)).isTrue();
    }
  }

  @Test
  void submitAgainstTerminate() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      ScriptedBackend backend = new ScriptedBackend();
      Pool pool = new CallPool("race-terminate", backend, OnClose.JOIN);
      List<AsyncResult<Object>> results =
          together(
              () -> {
                try {
                  return pool.applyAsync(TASK, 1);
                } catch (RejectedExecutionException e) {
                  return null;
                }
              },
              () -> {
                pool.terminate();
                return null;
              });
      if (results.get(0) != null) {
        assertThat(results.get(0).await(SAFETY)).isTrue();
        assertThat(results.get(0).isCancelled()).isTrue();
      }
      assertThat(pool.join(SAFETY)).isTrue();
    }
  }

  @Test
  void registeringCallbacksAgainstCompletion() throws Exception {
    ScriptedBackend backend = new ScriptedBackend();
    Pool pool = new CallPool("race-callback", backend, OnClose.JOIN);
    for (int round = 0; round < ROUNDS; round++) {
      MapResult<Object> result = pool.mapAsync(TASK, List.of(1, 2));
      Submission<?, Object> call = backend.call();
      ScriptedBackend.pullAll(call);
      List<Object> seen = Collections.synchronizedList(new ArrayList<>());
      AtomicInteger completions = new AtomicInteger();
      together(
          () -> {
            ScriptedBackend.succeed(call, 0, "a");
            return null;
          },
          () -> {
            ScriptedBackend.succeed(call, 1, "b");
            return null;
          },
          () -> {
            result.onOutcome(o -> seen.add(o.index()));
            return result.onSuccess(v -> completions.incrementAndGet());
          },
          () ->
              result
                  .toCompletableFuture()
                  .thenRun(completions::incrementAndGet)
                  .get(30, TimeUnit.SECONDS));
      while (completions.get() < 2) {
        Thread.onSpinWait();
      }
      assertThat(seen).containsExactlyInAnyOrder(0L, 1L);
      assertThat(completions).hasValue(2);
    }
    pool.close();
  }

  @Test
  void reportsFromSeveralThreads() throws Exception {
    ScriptedBackend backend = new ScriptedBackend();
    Pool pool = new CallPool("race-reports", backend, OnClose.JOIN);
    int count = 30_000;
    MapResult<Object> result = pool.mapAsync(TASK, Collections.nCopies(count, 1));
    Submission<?, Object> call = backend.call();
    ScriptedBackend.pullAll(call);
    AtomicInteger seen = new AtomicInteger();
    result.onOutcome(o -> seen.incrementAndGet());
    Callable<Void> ascending =
        () -> {
          for (int i = 0; i < count; i++) {
            ScriptedBackend.succeed(call, i, i);
          }
          return null;
        };
    Callable<Void> descending =
        () -> {
          for (int i = count - 1; i >= 0; i--) {
            ScriptedBackend.succeed(call, i, i);
          }
          return null;
        };
    together(
        ascending,
        descending,
        () -> {
          List<Outcome<Object>> now = result.outcomes(Duration.ZERO);
          assertThat(now).hasSize(count);
          return null;
        });
    List<Object> values = result.get();
    for (int i = 0; i < count; i++) {
      assertThat(values.get(i)).isEqualTo(i);
    }
    pool.close();
    assertThat(seen).hasValue(count);
  }

  @Test
  void severalConsumersShareAnIterator() throws Exception {
    ScriptedBackend backend = new ScriptedBackend();
    Pool pool = new CallPool("race-consumers", backend, OnClose.JOIN);
    for (boolean ordered : new boolean[] {true, false}) {
      int count = 20_000;
      List<Integer> items = Collections.nCopies(count, 1);
      ResultIterator<Object> results =
          ordered ? pool.imap(TASK, items) : pool.imapUnordered(TASK, items);
      Submission<?, Object> call = backend.call();
      Callable<Long> consumer =
          () -> {
            long sum = 0;
            try {
              while (true) {
                sum += (Long) results.next();
              }
            } catch (NoSuchElementException end) {
              return sum;
            }
          };
      List<Long> sums =
          together(
              consumer,
              consumer,
              consumer,
              () -> {
                for (long i = 0; call.advance(); i++) {
                  ScriptedBackend.succeed(call, i, i);
                }
                return 0L;
              });
      assertThat(sums.stream().mapToLong(Long::longValue).sum())
          .isEqualTo((long) count * (count - 1) / 2);
    }
    pool.close();
  }

  @Test
  void closingAnIteratorAgainstReports() throws Exception {
    ScriptedBackend backend = new ScriptedBackend();
    Pool pool = new CallPool("race-close", backend, OnClose.JOIN);
    for (int round = 0; round < ROUNDS; round++) {
      boolean ordered = round % 2 == 0;
      List<Integer> items = Collections.nCopies(50, 1);
      ResultIterator<Object> results =
          ordered ? pool.imap(TASK, items) : pool.imapUnordered(TASK, items);
      Submission<?, Object> call = backend.call();
      together(
          () -> {
            for (long i = 0; call.advance(); i++) {
              ScriptedBackend.succeed(call, i, i);
            }
            return null;
          },
          () -> {
            results.close();
            return null;
          });
      assertThat(call.isEnded()).isTrue();
    }
    pool.close();
  }

  @Test
  void aCallThatRacesWithTerminateIsToldToBeginBeforeItEnds() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      List<String> told = Collections.synchronizedList(new ArrayList<>());
      PoolObserver observer =
          new PoolObserver() {
            @Override
            public void callBegun(PoolEvent.CallBegin event) {
              told.add("begin");
            }

            @Override
            public void callEnded(PoolEvent.CallEnd event) {
              told.add("end");
            }
          };
      Observation observation = new Observation("race-" + round, List.of(observer));
      Pool pool =
          new CallPool("race-" + round, new ScriptedBackend(), OnClose.TERMINATE, observation);
      together(
          () -> {
            try {
              pool.applyAsync(TASK, 1);
            } catch (RejectedExecutionException e) {
              // it came too late
            }
            return null;
          },
          () -> {
            pool.terminate();
            return null;
          });
      pool.close();
      assertThat(told).isIn(List.of(), List.of("begin", "end"));
    }
  }
}
