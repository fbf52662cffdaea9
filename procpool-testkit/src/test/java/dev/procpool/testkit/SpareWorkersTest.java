package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.procpool.MapResult;
import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.PoolBrokenException;
import dev.procpool.PoolStats;
import dev.procpool.TaskOptions;
import dev.procpool.WorkerContext;
import dev.procpool.WorkerEnd;
import dev.procpool.WorkerInfo;
import dev.procpool.local.ProcessPool;
import dev.procpool.local.Sandbox;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Workers that are kept ready for the place of another. */
class SpareWorkersTest extends ProcessPoolTest {

  private static long pid() {
    return ProcessHandle.current().pid();
  }

  private static List<Long> spares(Pool pool) {
    return pool.workers().stream()
        .filter(worker -> worker.state() == WorkerInfo.State.SPARE)
        .map(WorkerInfo::pid)
        .toList();
  }

  /** Waits until there are as many spares as told, ready, and gives their processes. */
  private static List<Long> awaitSpares(Pool pool, int count) throws Exception {
    Eventually.until(count + " spares are ready", () -> spares(pool).size() == count);
    return spares(pool);
  }

  @Test
  void thePlaceOfAWorkerThatIsKilledAtALimitIsTakenByTheSpareAtOnce() throws Exception {
    FileLog initialized = log("initialized");
    FileLatch never = latch("never");
    Pool pool =
        built(
            ProcessPool.builder()
                .workers(1)
                .spareWorkers(1)
                .gracePeriod(Duration.ofMillis(50))
                .initializer(() -> initialized.add(pid())));
    long first = pool.apply(() -> pid());
    long spare = awaitSpares(pool, 1).get(0);
    assertThat(initialized.lines()).containsExactly(String.valueOf(first), String.valueOf(spare));
    MapResult<Long> result =
        pool.with(TaskOptions.defaults().timeout(Duration.ofMillis(200)).chunkSize(2))
            .mapAsync(
                x -> {
                  while (x == 0 && !never.isOpen()) {
                    Thread.onSpinWait(); // deaf to interrupts
                  }
                  return pid();
                },
                List.of(0, 1));
    List<Outcome<Long>> outcomes = result.outcomes();
    assertThat(outcomes.get(0)).isInstanceOf(Outcome.TimedOut.class);
    assertThat(outcomes.get(0).workerPid()).isEqualTo(first);
    assertThat(outcomes.get(1).valueOrThrow()).isEqualTo(spare);
    List<Long> others = awaitSpares(pool, 1);
    assertThat(others).doesNotContain(first, spare);
    assertThat(pool.workers()).extracting(WorkerInfo::pid).contains(spare).hasSize(2);
    pool.close();
    assertThat(initialized.lines()).hasSize(3);
  }

  @Test
  void aWorkerThatIsLostIsReplacedByTheSpare() throws Exception {
    FileLatch started = latch("started");
    FileLatch never = latch("never");
    Pool pool = built(ProcessPool.builder().workers(1).spareWorkers(1));
    long first = pool.apply(() -> pid());
    long spare = awaitSpares(pool, 1).get(0);
    MapResult<Long> result =
        pool.mapAsync(
            x -> {
              if (x == 0) {
                started.countDown();
                never.await();
              }
              return pid();
            },
            List.of(0, 1));
    started.await();
    signal("KILL", first);
    List<Outcome<Long>> outcomes = result.outcomes();
    assertThat(outcomes.get(0)).isInstanceOf(Outcome.WorkerLost.class);
    assertThat(outcomes.get(1).valueOrThrow()).isEqualTo(spare);
  }

  @Test
  void sparesRunNothingAndAreToldApart() throws Exception {
    Pool pool = built(ProcessPool.builder().workers(1).spareWorkers(2));
    long first = pool.apply(() -> pid());
    List<Long> spares = awaitSpares(pool, 2);
    List<Integer> items = IntStream.range(0, 50).boxed().toList();
    assertThat(pool.with(TaskOptions.defaults().chunkSize(1)).map(x -> pid(), items))
        .containsOnly(first);
    PoolStats stats = pool.stats();
    assertThat(stats.targetWorkers()).isEqualTo(1);
    assertThat(stats.totals().workerStarts()).isEqualTo(3);
    Map<Long, PoolStats.Worker> workers =
        stats.workers().stream().collect(Collectors.toMap(w -> w.info().pid(), w -> w));
    assertThat(workers).containsOnlyKeys(first, spares.get(0), spares.get(1));
    for (long spare : spares) {
      assertThat(workers.get(spare).info().state()).isEqualTo(WorkerInfo.State.SPARE);
      assertThat(workers.get(spare).info().tasksDone()).isZero();
      assertThat(workers.get(spare).item()).isEmpty();
    }
    assertThat(workers.get(first).info().number()).isZero();
    assertThat(pool.workers().get(1).threadDump()).contains("procpool-inbox");
  }

  @Test
  void theyEndWithThePoolInGoodOrder() throws Exception {
    FileLog ended = log("ended");
    Pool pool =
        built(ProcessPool.builder().workers(1).spareWorkers(2).finalizer(() -> ended.add(pid())));
    long first = pool.apply(() -> pid());
    List<Long> spares = awaitSpares(pool, 2);
    pool.close();
    assertThat(ended.lines())
        .containsExactlyInAnyOrder(
            String.valueOf(first), String.valueOf(spares.get(0)), String.valueOf(spares.get(1)));
    assertThat(spares).allMatch(spare -> isGone(spare));
  }

  @Test
  void workersThatAreReplacedAreReplacedBySpares() throws Exception {
    Pool pool = built(ProcessPool.builder().workers(1).spareWorkers(1).maxTasksPerWorker(1));
    Set<Long> seen = new HashSet<>();
    seen.add(pool.apply(() -> pid()));
    for (int i = 0; i < 3; i++) {
      // the first may have been replaced already, by one that was a spare
      assertThat(seen.add(pool.apply(() -> pid()))).isTrue();
    }
    assertThat(pool.stats().totals().workerEnds().get(WorkerEnd.KILLED)).isZero();
  }

  @Test
  void aPoolThatIsIdleForLongKeepsNoSpares() throws Exception {
    Pool pool =
        built(ProcessPool.builder().workers(1).spareWorkers(1).idleTimeout(Duration.ofMillis(300)));
    long first = pool.apply(() -> pid());
    Eventually.until("none is left", () -> pool.workers().isEmpty());
    assertThat(pool.apply(() -> pid())).isNotEqualTo(first);
  }

  @Test
  void aPoolThatGrowsTakesTheSpare() throws Exception {
    Pool pool = built(ProcessPool.builder().workers(1).spareWorkers(1));
    long first = pool.apply(() -> pid());
    long spare = awaitSpares(pool, 1).get(0);
    pool.resize(2);
    assertThat(pidsOfAllWorkers(pool, 2, "two")).containsExactlyInAnyOrder(first, spare);
    assertThat(awaitSpares(pool, 1)).doesNotContain(first, spare);
    pool.resize(1);
    Eventually.until("one worker and one spare", () -> pool.workers().size() == 2);
    assertThat(spares(pool)).hasSize(1);
    assertThat(pool.apply(() -> 1)).isEqualTo(1);
  }

  @Test
  void aSpareKeepsItsNumberAndWhatItHasByIt() throws Exception {
    FileLatch started = latch("started");
    Pool pool =
        built(
            ProcessPool.builder()
                .workers(1)
                .spareWorkers(1)
                .environment(worker -> Map.of("OWN_NUMBER", "" + worker)));
    String tells = pool.apply(SpareWorkersTest::numbers);
    assertThat(tells).isEqualTo("0 0");
    awaitSpares(pool, 1);
    var lost =
        pool.applyAsync(
            () -> {
              started.countDown();
              Runtime.getRuntime().halt(1);
              return 1;
            });
    assertThat(lost.await(BOUND)).isTrue();
    assertThat(pool.apply(SpareWorkersTest::numbers)).isEqualTo("1 1");
    awaitSpares(pool, 1);
    Eventually.until(
        "the spare has the number that is free",
        () ->
            pool.workers().stream()
                .map(worker -> worker.number() + " " + worker.state())
                .toList()
                .equals(List.of("0 SPARE", "1 IDLE")));
  }

  private static String numbers() {
    return WorkerContext.current().workerNumber() + " " + System.getenv("OWN_NUMBER");
  }

  @Test
  void aSpareThatIsKilledIsReplaced() throws Exception {
    Pool pool = built(ProcessPool.builder().workers(1).spareWorkers(1));
    long first = pool.apply(() -> pid());
    long spare = awaitSpares(pool, 1).get(0);
    signal("KILL", spare);
    Eventually.until("it is gone", () -> !spares(pool).contains(spare));
    assertThat(awaitSpares(pool, 1)).doesNotContain(spare);
    assertThat(pool.apply(() -> pid())).isEqualTo(first);
  }

  @Test
  void sparesThatCantStartBreakThePoolAfterABoundedNumberOfStarts() throws Exception {
    FileLog starts = log("starts");
    Pool pool =
        built(
            ProcessPool.builder()
                .workers(1)
                .spareWorkers(1)
                .restartIntensity(2, Duration.ofMinutes(5))
                .initializer(
                    () -> {
                      starts.add(pid());
                      if (starts.size() > 1) {
                        throw new IllegalStateException("one licence only");
                      }
                    }));
    Eventually.until("the pool is broken", pool::isBroken);
    assertThatThrownBy(() -> pool.apply(() -> 1))
        .isInstanceOfAny(PoolBrokenException.class, ExecutionException.class)
        .hasStackTraceContaining("one licence only");
    assertThat(starts.lines()).hasSize(4);
  }

  @Test
  void sparesAreInTheBoxTheirWorkersAreIn() throws Exception {
    assumeTrue(Commands.bubblewrapWorks(), "bubblewrap does not work here");
    Pool pool =
        built(ProcessPool.builder().workers(1).spareWorkers(1).sandbox(Sandbox.bubblewrap()));
    pool.apply(() -> 1);
    long spare = awaitSpares(pool, 1).get(0);
    var lost =
        pool.applyAsync(
            () -> {
              Runtime.getRuntime().halt(1);
              return 1;
            });
    assertThat(lost.await(BOUND)).isTrue();
    assertThat(pool.apply(() -> pid())).as("in namespaces of its own").isLessThan(spare);
    assertThat(pool.workers())
        .filteredOn(worker -> worker.pid() == spare)
        .singleElement()
        .extracting(WorkerInfo::tasksDone)
        .isEqualTo(1L);
  }
}
