package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.MapResult;
import dev.procpool.OutcomeKind;
import dev.procpool.Pool;
import dev.procpool.PoolState;
import dev.procpool.PoolStats;
import dev.procpool.ResultIterator;
import dev.procpool.TaskOptions;
import dev.procpool.WorkerInfo;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Section 12 of the contract: what {@link Pool#stats()} tells. */
public abstract class StatsContract extends ContractTest {

  /** For subclasses. */
  protected StatsContract() {}

  @Test
  void statsTellWhatRunsAndHowFarACallHasCome() throws Exception {
    Pool pool = pool(1);
    FileLatch started = latch("started");
    FileLatch release = latch("release");
    MapResult<Integer> result =
        pool.with(TaskOptions.defaults().label("numbers").chunkSize(1))
            .mapAsync(
                x -> {
                  if (x == 3) {
                    started.countDown();
                    release.await();
                  }
                  return x;
                },
                IntStream.range(0, 10).boxed().toList());
    started.await();
    Eventually.until("three items have ended", () -> result.completed() == 3);
    PoolStats stats = pool.stats();
    assertThat(stats.state()).isEqualTo(PoolState.RUNNING);
    assertThat(stats.isBroken()).isFalse();
    assertThat(stats.targetWorkers()).isEqualTo(1);
    assertThat(stats.calls())
        .singleElement()
        .satisfies(
            call -> {
              assertThat(call.call().number()).isEqualTo(1);
              assertThat(call.call().label()).contains("numbers");
              assertThat(call.total()).hasValue(10);
              assertThat(call.done()).isEqualTo(3);
              assertThat(call.failed()).isZero();
            });
    assertThat(stats.workers())
        .singleElement()
        .satisfies(
            worker -> {
              assertThat(worker.info().state()).isEqualTo(WorkerInfo.State.BUSY);
              PoolStats.Item item = worker.item().orElseThrow();
              assertThat(item.call()).isEqualTo(stats.calls().get(0).call());
              assertThat(item.index()).isEqualTo(3);
              assertThat(item.attempt()).isEqualTo(1);
              assertThat(item.running()).isGreaterThanOrEqualTo(Duration.ZERO);
            });
    assertThat(stats.queuedItems()).isBetween(0L, 6L);
    assertThat(stats.totals().items().get(OutcomeKind.SUCCESS)).isEqualTo(3);
    release.countDown();
    result.get();
    PoolStats after = pool.stats();
    assertThat(after.calls()).isEmpty();
    assertThat(after.queuedItems()).isZero();
    assertThat(after.totals().items().get(OutcomeKind.SUCCESS)).isEqualTo(10);
    assertThat(after.totals().workerStarts()).isEqualTo(1);
  }

  @Test
  void runTimesAreWithinTheirBound() throws Exception {
    Pool pool = pool(1);
    pool.map(
        x -> {
          Thread.sleep(x);
          return x;
        },
        List.of(1, 1, 1, 1, 50));
    PoolStats.Distribution runs = pool.stats().totals().runTimes();
    assertThat(runs.count()).isEqualTo(5);
    assertThat(runs.p50Nanos()).isGreaterThanOrEqualTo(1_000_000);
    assertThat(runs.maxNanos()).isGreaterThanOrEqualTo(50_000_000);
    assertThat(runs.p99Nanos()).isBetween(50_000_000L, runs.maxNanos());
    assertThat(runs.p95Nanos()).isBetween(runs.p50Nanos(), runs.p99Nanos());
    PoolStats.Distribution waits = pool.stats().totals().queueWaits();
    if (waits.count() > 0) { // a backend may not tell
      assertThat(waits.count()).isEqualTo(5);
      assertThat(waits.maxNanos()).isPositive();
    }
  }

  @Test
  void statsCountWhatAStreamHasLeft() throws Exception {
    Pool pool = pool(2);
    try (ResultIterator<Integer> results =
        pool.with(TaskOptions.defaults().lookAhead(10))
            .imap(x -> x, IntStream.range(0, 1000).boxed().toList())) {
      results.next();
      Eventually.until(
          "the look-ahead is used up",
          () -> pool.stats().totals().items().getOrDefault(OutcomeKind.SUCCESS, 0L) == 11);
    }
    Eventually.until("no call is left", () -> pool.stats().calls().isEmpty());
  }

  @Test
  void anInterruptedThreadIsToldAsMuch() throws Exception {
    Pool pool = pool(2);
    pool.map(x -> x, IntStream.range(0, 30).boxed().toList());
    int workers = pool.workers().size();
    assertThat(workers).isPositive();
    Thread.currentThread().interrupt();
    PoolStats stats = pool.stats();
    int seen = pool.workers().size();
    assertThat(Thread.interrupted()).as("the interrupt stands").isTrue();
    assertThat(stats.workers()).hasSize(workers);
    assertThat(seen).isEqualTo(workers);
  }

  @Test
  void statsWorkAfterTheEnd() throws Exception {
    Pool pool = pool(2);
    assertThat(pool.map(x -> x, IntStream.range(0, 30).boxed().toList())).hasSize(30);
    pool.close();
    PoolStats stats = pool.stats();
    assertThat(stats.state()).isEqualTo(PoolState.TERMINATED);
    assertThat(stats.workers()).isEmpty();
    assertThat(stats.calls()).isEmpty();
    assertThat(stats.totals().ended()).isEqualTo(30);
    assertThat(stats.totals().workerEnds().values().stream().mapToLong(n -> n).sum())
        .isEqualTo(stats.totals().workerStarts());
    assertThat(pool.isBroken()).isFalse();
  }
}
