package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.procpool.MapResult;
import dev.procpool.Outcome;
import dev.procpool.OutcomeKind;
import dev.procpool.Pool;
import dev.procpool.PoolEvent;
import dev.procpool.PoolObserver;
import dev.procpool.PoolState;
import dev.procpool.PoolStats;
import dev.procpool.RetryPolicy;
import dev.procpool.TaskOptions;
import dev.procpool.WorkerContext;
import dev.procpool.WorkerEnd;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Section 12 of the contract: what observers are told, and that they harm nobody. */
public abstract class ObserverContract extends ContractTest {

  /** For subclasses. */
  protected ObserverContract() {}

  private Pool observed(int workers, PoolObserver... observers) {
    Optional<Pool> pool = backend().create(workers, List.of(observers));
    assumeTrue(pool.isPresent(), "the pools of this backend are made without observers");
    return endedAfterTest(pool.get());
  }

  private static List<Integer> below(int end) {
    return IntStream.range(0, end).boxed().toList();
  }

  /** What a deaf observer does. */
  private static void awaitThroughInterrupts(CountDownLatch latch) {
    while (true) {
      try {
        latch.await();
        return;
      } catch (InterruptedException e) {
        // it goes on waiting
      }
    }
  }

  @Test
  void eventsComeInTheOrderInWhichThingsHappen() throws Exception {
    EventLog log = new EventLog();
    Pool pool = observed(2, log);
    pool.with(TaskOptions.defaults().label("squares")).map(x -> x * x, below(50));
    pool.close();
    List<PoolEvent> all = log.all();
    assertThat(log.of(PoolEvent.PoolChange.class))
        .extracting(PoolEvent.PoolChange::state)
        .containsExactly(PoolState.RUNNING, PoolState.SHUTDOWN, PoolState.TERMINATED);
    assertThat(all.get(0)).isInstanceOf(PoolEvent.PoolChange.class);
    assertThat(all.get(all.size() - 1)).isInstanceOf(PoolEvent.PoolChange.class);
    assertThat(all).extracting(PoolEvent::pool).containsOnly(all.get(0).pool());

    PoolEvent.CallBegin begin = log.of(PoolEvent.CallBegin.class).get(0);
    PoolEvent.CallEnd end = log.of(PoolEvent.CallEnd.class).get(0);
    assertThat(begin.call()).isEqualTo(new PoolEvent.Call(1, Optional.of("squares")));
    assertThat(begin.total()).hasValue(50);
    assertThat(end.call()).isEqualTo(begin.call());
    assertThat(end.done()).isEqualTo(50);
    assertThat(end.failed()).isZero();

    List<PoolEvent.ItemEnd> items = log.of(PoolEvent.ItemEnd.class);
    assertThat(items)
        .extracting(PoolEvent.ItemEnd::index)
        .containsExactlyInAnyOrderElementsOf(LongStream.range(0, 50).boxed().toList());
    assertThat(items)
        .allSatisfy(
            item -> {
              assertThat(item.call()).isEqualTo(begin.call());
              assertThat(item.kind()).isEqualTo(OutcomeKind.SUCCESS);
              assertThat(item.attempts()).isEqualTo(1);
              assertThat(item.worker().orElseThrow().pid()).isPositive();
              assertThat(item.outcome()).isEmpty();
              assertThat(all.indexOf(item)).isBetween(all.indexOf(begin), all.indexOf(end));
            });
    assertThat(log.of(PoolEvent.WorkerGone.class))
        .hasSameSizeAs(log.of(PoolEvent.WorkerStart.class))
        .allSatisfy(gone -> assertThat(gone.why()).isEqualTo(WorkerEnd.STOPPED));
    assertThat(log.dropped()).isZero();
  }

  @Test
  void eachItemEndsOnceUnderFaultsAndTheCountersAgree() throws Exception {
    EventLog log = new EventLog();
    Pool pool = observed(2, log);
    Pool trying =
        pool.with(
            TaskOptions.defaults()
                .timeout(Duration.ofSeconds(2))
                .retry(RetryPolicy.attempts(2).on(IOException.class)));
    List<Outcome<Integer>> outcomes =
        trying
            .mapAsync(
                x -> {
                  if (x == 3) {
                    throw new IllegalStateException("fails");
                  } else if (x == 5 && WorkerContext.current().attempt() == 1) {
                    throw new IOException("fails the first time");
                  } else if (x == 7) {
                    Thread.sleep(600_000);
                  }
                  return x;
                },
                below(10))
            .outcomes();
    log.awaitCalls(1);
    assertThat(log.of(PoolEvent.ItemEnd.class))
        .extracting(PoolEvent.ItemEnd::index)
        .containsExactlyInAnyOrderElementsOf(LongStream.range(0, 10).boxed().toList());
    assertAgree(outcomes, log, pool.stats());
    assertThat(pool.stats().totals().retries()).isEqualTo(1);
    assertThat(log.of(PoolEvent.ItemRetry.class))
        .singleElement()
        .satisfies(
            retry -> {
              assertThat(retry.index()).isEqualTo(5);
              assertThat(retry.outcome().attempts()).isEqualTo(1);
              assertThat(retry.outcome()).isInstanceOf(Outcome.Failure.class);
            });
    assertThat(log.of(PoolEvent.ItemTimeout.class))
        .singleElement()
        .satisfies(
            timeout -> {
              assertThat(timeout.index()).isEqualTo(7);
              assertThat(timeout.limit()).isEqualTo(Duration.ofSeconds(2));
              assertThat(timeout.ran()).isGreaterThanOrEqualTo(Duration.ofSeconds(2));
            });
    PoolEvent.ItemEnd failed =
        log.of(PoolEvent.ItemEnd.class).stream().filter(e -> e.index() == 3).findFirst().get();
    assertThat(failed.outcome().orElseThrow().failure().orElseThrow()).hasMessage("fails");
    assertThat(log.of(PoolEvent.CallEnd.class).get(0).failed()).isEqualTo(2);
  }

  private static void assertAgree(
      List<? extends Outcome<?>> outcomes, EventLog log, PoolStats stats) {
    Map<OutcomeKind, Long> expected = new EnumMap<>(OutcomeKind.class);
    for (OutcomeKind kind : OutcomeKind.values()) {
      long count = outcomes.stream().filter(o -> OutcomeKind.of(o) == kind).count();
      expected.put(kind, count);
      assertThat(log.ended(kind)).as("events of %s", kind).isEqualTo(count);
    }
    assertThat(stats.totals().items()).isEqualTo(expected);
  }

  @Test
  void cancelledItemsEndOnceEachStartedOrNot() throws Exception {
    EventLog log = new EventLog();
    Pool pool = observed(1, log);
    FileLatch started = latch("started");
    MapResult<Integer> result =
        pool.mapAsync(
            x -> {
              if (x == 2) {
                started.countDown();
                Thread.sleep(600_000);
              }
              return x;
            },
            below(100));
    started.await();
    result.cancel(true);
    List<Outcome<Integer>> outcomes = result.outcomes();
    log.awaitCalls(1);
    assertThat(log.of(PoolEvent.ItemEnd.class))
        .extracting(PoolEvent.ItemEnd::index)
        .containsExactlyInAnyOrderElementsOf(LongStream.range(0, 100).boxed().toList());
    assertAgree(outcomes, log, pool.stats());
  }

  @Test
  void itemsOfACallThatIsTerminatedEndOnceEach() throws Exception {
    EventLog log = new EventLog();
    Pool pool = observed(1, log);
    FileLatch started = latch("started");
    MapResult<Integer> result =
        pool.mapAsync(
            x -> {
              if (x == 2) {
                started.countDown();
                Thread.sleep(600_000);
              }
              return x;
            },
            below(100));
    started.await();
    pool.terminate();
    List<Outcome<Integer>> outcomes = result.outcomes();
    assertThat(pool.join(BOUND)).isTrue();
    assertThat(log.of(PoolEvent.ItemEnd.class))
        .extracting(PoolEvent.ItemEnd::index)
        .containsExactlyInAnyOrderElementsOf(LongStream.range(0, 100).boxed().toList());
    assertAgree(outcomes, log, pool.stats());
    assertThat(log.of(PoolEvent.PoolChange.class))
        .extracting(PoolEvent.PoolChange::state)
        .containsExactly(PoolState.RUNNING, PoolState.STOPPING, PoolState.TERMINATED);
  }

  @Test
  void anObserverThatThrowsHarmsNothingAndIsToldAll() throws Exception {
    AtomicInteger told = new AtomicInteger();
    PoolObserver throwing =
        new PoolObserver() {
          @Override
          public void itemEnded(PoolEvent.ItemEnd event) {
            told.incrementAndGet();
          }

          @Override
          public void callBegun(PoolEvent.CallBegin event) {
            throw new AssertionError("an observer's fault");
          }

          @Override
          public void workerReady(PoolEvent.WorkerReady event) {
            throw new StackOverflowError("an observer's fault");
          }
        };
    Pool pool = observed(1, throwing);
    assertThat(pool.map(x -> x + 1, below(20))).hasSize(20);
    assertThat(pool.map(x -> x + 1, below(20))).hasSize(20);
    pool.close();
    assertThat(told).hasValue(40);
  }

  @Test
  void anObserverThatBlocksHoldsUpNobodyAndLearnsHowMuchItHasMissed() throws Exception {
    int count = backend().isolatesProcesses() ? 400_000 : 30_000;
    CountDownLatch release = new CountDownLatch(1);
    AtomicLong seen = new AtomicLong();
    AtomicLong dropped = new AtomicLong();
    PoolObserver blocking =
        new PoolObserver() {
          @Override
          public void callBegun(PoolEvent.CallBegin event) {
            awaitThroughInterrupts(release);
          }

          @Override
          public void itemsEnded(PoolEvent.ItemsEnd event) {
            seen.addAndGet(event.size());
          }

          @Override
          public void itemsSent(PoolEvent.ItemsSent event) {
            seen.incrementAndGet();
          }

          @Override
          public void eventsDropped(String pool, long events) {
            dropped.addAndGet(events);
          }
        };
    AtomicLong sent = new AtomicLong();
    AtomicLong ended = new AtomicLong();
    PoolObserver quick =
        new PoolObserver() {
          @Override
          public void itemsEnded(PoolEvent.ItemsEnd event) {
            ended.addAndGet(event.size());
          }

          @Override
          public void itemsSent(PoolEvent.ItemsSent event) {
            sent.incrementAndGet();
          }

          @Override
          public void eventsDropped(String pool, long events) {
            ended.addAndGet(events); // on a slow machine
          }
        };
    Pool pool = observed(2, blocking, quick);
    try {
      assertThat(pool.map(x -> x, below(count))).hasSize(count);
      Eventually.until("the other is told all", () -> sent.get() + ended.get() >= count);
      assertThat(pool.stats().totals().droppedEvents()).isPositive();
    } finally {
      release.countDown();
    }
    pool.close();
    assertThat(dropped.get()).isPositive();
    assertThat(seen.get() + dropped.get()).isEqualTo(sent.get() + ended.get());
    assertThat(ended.get()).isGreaterThanOrEqualTo(count);
  }

  @Test
  void aPoolEndsWhoseObserverDoesNotReturn() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    PoolObserver hanging =
        new PoolObserver() {
          @Override
          public void callEnded(PoolEvent.CallEnd event) {
            entered.countDown();
            awaitThroughInterrupts(release);
          }
        };
    Pool pool = observed(1, hanging);
    try {
      pool.apply(() -> 1);
      await(entered);
      pool.shutdown();
      assertThat(pool.join(BOUND)).isTrue();
      assertThat(pool.isTerminated()).isTrue();
    } finally {
      release.countDown();
    }
  }

  @Test
  void anObserverMayEndItsPool() throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    Pool[] pools = new Pool[1];
    CountDownLatch made = new CountDownLatch(1);
    PoolObserver closing =
        new PoolObserver() {
          @Override
          public void callEnded(PoolEvent.CallEnd event) {
            awaitThroughInterrupts(made);
            pools[0].close();
            closed.countDown();
          }
        };
    Pool pool = observed(1, closing);
    pools[0] = pool;
    made.countDown();
    assertThat(pool.apply(() -> 1)).isEqualTo(1);
    await(closed);
    assertThat(pool.isShutdown()).isTrue();
  }

  /** For that observer the pool has ended before its last event; for nobody else. */
  @Test
  @SuppressWarnings("ThreadPriorityCheck") // there is nothing to wait for but a thread's state
  void whoWaitsForAPoolThatItsObserverHasEndedWaitsForTheLastEvent() throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    CountDownLatch joining = new CountDownLatch(1);
    CountDownLatch joined = new CountDownLatch(1);
    CountDownLatch made = new CountDownLatch(1);
    AtomicBoolean toldLast = new AtomicBoolean();
    Pool[] pools = new Pool[1];
    Thread waiter = Thread.currentThread();
    PoolObserver closing =
        new PoolObserver() {
          @Override
          public void callEnded(PoolEvent.CallEnd event) {
            awaitThroughInterrupts(made);
            pools[0].close();
            closed.countDown();
            awaitThroughInterrupts(joining);
            while (joined.getCount() > 0 && waiter.getState() == Thread.State.RUNNABLE) {
              Thread.yield();
            }
          }

          @Override
          public void poolChanged(PoolEvent.PoolChange event) {
            toldLast.set(event.state() == PoolState.TERMINATED);
          }
        };
    Pool pool = observed(1, closing);
    pools[0] = pool;
    made.countDown();
    assertThat(pool.apply(() -> 1)).isEqualTo(1);
    await(closed);
    joining.countDown();
    assertThat(pool.join(BOUND)).isTrue();
    joined.countDown();
    assertThat(toldLast).isTrue();
  }
}
