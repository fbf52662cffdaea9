package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procpool.Outcome;
import dev.procpool.OutcomeKind;
import dev.procpool.Pool;
import dev.procpool.PoolBrokenException;
import dev.procpool.PoolEvent;
import dev.procpool.PoolState;
import dev.procpool.PoolStats;
import dev.procpool.RetryPolicy;
import dev.procpool.TaskOptions;
import dev.procpool.WorkerContext;
import dev.procpool.WorkerEnd;
import dev.procpool.WorkerExit;
import dev.procpool.local.ProcessPool;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What observers and statistics tell of real worker processes. */
class ObservedWorkersTest extends ProcessPoolTest {

  private final EventLog log = new EventLog();

  private Pool observed(int workers) {
    return built(ProcessPool.builder().workers(workers).observer(log));
  }

  @Test
  void aKilledWorkerIsToldWithItsExitAndItsItemEndsOnce() throws Exception {
    Pool pool = observed(2);
    List<Outcome<Integer>> outcomes =
        pool.mapAsync(
                x -> {
                  if (x == 4) {
                    Runtime.getRuntime().halt(42);
                  }
                  return x;
                },
                IntStream.range(0, 20).boxed().toList())
            .outcomes();
    pool.close();
    Outcome.WorkerLost<Integer> lost = (Outcome.WorkerLost<Integer>) outcomes.get(4);
    assertThat(log.of(PoolEvent.WorkerGone.class))
        .filteredOn(gone -> gone.why() == WorkerEnd.EXITED)
        .singleElement()
        .satisfies(
            gone -> {
              assertThat(gone.worker().pid()).isEqualTo(lost.exit().pid());
              WorkerExit exit = gone.exit().orElseThrow();
              assertThat(exit.exitCode()).hasValue(42);
            });
    assertThat(log.ended(OutcomeKind.WORKER_LOST)).isEqualTo(1);
    assertThat(log.ended(OutcomeKind.SUCCESS)).isEqualTo(19);
    PoolStats.Totals totals = pool.stats().totals();
    assertThat(totals.items().get(OutcomeKind.WORKER_LOST)).isEqualTo(1);
    assertThat(totals.workerEnds().get(WorkerEnd.EXITED)).isEqualTo(1);
    assertThat(totals.workerEnds().get(WorkerEnd.STOPPED))
        .isEqualTo(totals.workerStarts() - 1)
        .isPositive();
    assertThat(totals.sentBytes()).isPositive();
    assertThat(totals.receivedBytes()).isPositive();
  }

  @Test
  void aWorkerThatIsKilledForItsItemsLimitIsToldSo() throws Exception {
    Pool pool =
        built(ProcessPool.builder().workers(1).gracePeriod(Duration.ofMillis(100)).observer(log));
    Outcome<Integer> outcome =
        pool.with(TaskOptions.defaults().timeout(Duration.ofMillis(500)))
            .mapAsync(x -> deaf(x), List.of(1))
            .outcomes()
            .get(0);
    assertThat(outcome).isInstanceOf(Outcome.TimedOut.class);
    pool.close();
    assertThat(log.of(PoolEvent.ItemTimeout.class)).hasSize(1);
    assertThat(log.of(PoolEvent.WorkerGone.class))
        .extracting(PoolEvent.WorkerGone::why)
        .contains(WorkerEnd.TIMED_OUT);
    assertThat(pool.stats().totals().workerEnds().get(WorkerEnd.TIMED_OUT)).isEqualTo(1);
    assertThat(log.ended(OutcomeKind.TIMED_OUT)).isEqualTo(1);
  }

  private static int deaf(int x) {
    while (true) {
      try {
        Thread.sleep(600_000);
      } catch (InterruptedException e) {
        // deaf
      }
    }
  }

  @Test
  void anItemThatIsTriedAgainAfterItsWorkersDeathEndsOnce() throws Exception {
    Pool pool = observed(1);
    assertThat(
            pool.with(TaskOptions.defaults().retry(RetryPolicy.attempts(2).onWorkerLost()))
                .apply(
                    () -> {
                      if (WorkerContext.current().attempt() == 1) {
                        System.exit(1);
                      }
                      return 7;
                    }))
        .isEqualTo(7);
    pool.close();
    assertThat(log.of(PoolEvent.ItemRetry.class))
        .singleElement()
        .satisfies(retry -> assertThat(retry.outcome()).isInstanceOf(Outcome.WorkerLost.class));
    assertThat(log.of(PoolEvent.ItemEnd.class))
        .singleElement()
        .satisfies(item -> assertThat(item.attempts()).isEqualTo(2));
  }

  @Test
  void workersAreToldAsTheyStartAndItemsAsTheyAreSent() throws Exception {
    Pool pool = observed(1);
    pool.with(TaskOptions.defaults().chunkSize(5)).map(x -> "x".repeat(1000), below(10));
    pool.close();
    PoolEvent.WorkerReady ready = log.of(PoolEvent.WorkerReady.class).get(0);
    assertThat(ready.took()).isPositive();
    assertThat(log.of(PoolEvent.WorkerStart.class).get(0).worker()).isEqualTo(ready.worker());
    assertThat(log.of(PoolEvent.ItemsSent.class)).allMatch(sent -> sent.bytes() > 0);
    assertThat(
            log.of(PoolEvent.ItemsSent.class).stream().mapToInt(PoolEvent.ItemsSent::count).sum())
        .isEqualTo(10);
    assertThat(log.of(PoolEvent.ItemEnd.class))
        .allSatisfy(
            item -> {
              assertThat(item.worker()).contains(ready.worker());
              assertThat(item.receivedBytes()).isGreaterThan(1000);
              assertThat(item.sentBytes()).isPositive();
              assertThat(item.waitNanos()).isNotNegative();
              assertThat(item.runNanos()).isPositive();
            });
  }

  @Test
  void aWorkerIsNamedByItsMachineAndProcess() throws Exception {
    Pool pool = observed(1);
    long pid = pool.apply(() -> ProcessHandle.current().pid());
    String host = nameOfThisMachine();
    assertThat(pool.workers().get(0).host()).isEqualTo(host);
    assertThat(pool.mapAsync(x -> x, below(1)).outcomes().get(0).host()).isEqualTo(host);
    pool.close();
    PoolEvent.WorkerGone gone = log.of(PoolEvent.WorkerGone.class).get(0);
    assertThat(gone.exit().orElseThrow().host()).isEqualTo(host);
    assertThat(log.of(PoolEvent.WorkerReady.class).get(0).worker()).isEqualTo(gone.worker());
    assertThat(gone.worker().host()).isEqualTo(host);
    assertThat(gone.worker().pid()).isEqualTo(pid);
    assertThat(log.of(PoolEvent.ItemEnd.class))
        .allSatisfy(item -> assertThat(item.worker()).contains(gone.worker()));
  }

  /** As another program gives it. */
  private static String nameOfThisMachine() throws Exception {
    Process asked = new ProcessBuilder("uname", "-n").start();
    try (InputStream out = asked.getInputStream()) {
      return new String(out.readAllBytes(), StandardCharsets.UTF_8).strip();
    } finally {
      asked.waitFor();
    }
  }

  private static List<Integer> below(int end) {
    return IntStream.range(0, end).boxed().toList();
  }

  @Test
  void aBrokenPoolSaysSo() throws Exception {
    Pool pool =
        built(
            ProcessPool.builder()
                .workers(1)
                .initializer(
                    () -> {
                      throw new IllegalStateException("no model");
                    })
                .restartIntensity(0, Duration.ofSeconds(10))
                .observer(log));
    assertThatThrownBy(() -> pool.apply(() -> 1))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(PoolBrokenException.class);
    assertThat(pool.isBroken()).isTrue();
    assertThat(pool.stats().state()).isEqualTo(PoolState.BROKEN);
    EventLog late = new EventLog();
    pool.observe(late);
    Eventually.until("who comes late is told", () -> !late.all().isEmpty());
    assertThat(late.of(PoolEvent.PoolChange.class).get(0).cause())
        .as("and told why")
        .containsInstanceOf(PoolBrokenException.class);
    pool.close();
    PoolStats stats = pool.stats();
    assertThat(stats.isBroken()).isTrue();
    assertThat(stats.state()).isEqualTo(PoolState.TERMINATED);
    assertThat(stats.totals().items().get(OutcomeKind.FAILURE)).isEqualTo(1);
    assertThat(log.of(PoolEvent.PoolChange.class))
        .filteredOn(change -> change.state() == PoolState.BROKEN)
        .singleElement()
        .satisfies(
            change ->
                assertThat(change.cause().orElseThrow()).isInstanceOf(PoolBrokenException.class));
    assertThat(log.ended(OutcomeKind.FAILURE)).isEqualTo(1);
  }
}
