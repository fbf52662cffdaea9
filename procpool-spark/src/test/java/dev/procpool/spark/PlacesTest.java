package dev.procpool.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.MapResult;
import dev.procpool.Outcome;
import dev.procpool.OutcomeKind;
import dev.procpool.Pool;
import dev.procpool.PoolEvent;
import dev.procpool.PoolState;
import dev.procpool.PoolStats;
import dev.procpool.TaskOptions;
import dev.procpool.WorkerContext;
import dev.procpool.WorkerInfo;
import dev.procpool.testkit.EventLog;
import dev.procpool.testkit.Eventually;
import dev.procpool.testkit.FileLatch;
import dev.procpool.testkit.FileLog;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Where things are: workers, statistics, outcomes and events name host and process. */
@ExtendWith(SharedCluster.class)
class PlacesTest extends ClusterTest {

  private static final int WORKERS = 3;

  @Test
  void workersStatisticsAndOutcomesNameHostAndProcess() throws Exception {
    FileLog places = log("places");
    FileLatch release = latch("release");
    EventLog events = new EventLog();
    Pool pool =
        built(SparkPool.builder(context()).workers(WORKERS).name("places").observer(events));
    MapResult<Integer> result =
        pool.with(TaskOptions.defaults().label("where").chunkSize(1))
            .mapAsync(
                x -> {
                  places.add(WorkerContext.current().workerNumber() + " " + ownPid());
                  release.await();
                  return x;
                },
                numbers(2 * WORKERS));
    List<String> running = awaitPlaces(places);
    Map<Integer, Long> pids =
        running.stream()
            .map(line -> line.split(" "))
            .collect(Collectors.toMap(w -> Integer.valueOf(w[0]), w -> Long.valueOf(w[1])));
    assertThat(pids).containsOnlyKeys(0, 1, 2);
    Set<Long> executors = SparkClusterTest.pids(cluster().executors());
    assertThat(pids.values()).allMatch(pid -> executors.contains(parentOf(pid).pid()));

    List<WorkerInfo> workers = pool.workers();
    assertThat(pidsByNumber(workers)).isEqualTo(pids);
    assertThat(workers)
        .allMatch(worker -> worker.state() == WorkerInfo.State.BUSY)
        .allMatch(worker -> !worker.host().isEmpty());
    assertThat(workers.get(0).threadDump()).contains("PlacesTest");

    PoolStats stats = pool.stats();
    assertThat(stats.pool()).isEqualTo("places");
    assertThat(stats.state()).isEqualTo(PoolState.RUNNING);
    assertThat(stats.targetWorkers()).isEqualTo(WORKERS);
    assertThat(pidsByNumber(stats.workers().stream().map(PoolStats.Worker::info).toList()))
        .isEqualTo(pids);
    assertThat(stats.workers())
        .extracting(worker -> worker.item().orElseThrow().call().label().orElseThrow())
        .containsOnly("where");
    assertThat(stats.calls())
        .singleElement()
        .matches(call -> call.total().orElseThrow() == 2 * WORKERS && call.done() == 0);

    release.countDown();
    List<Outcome<Integer>> outcomes = result.outcomes();
    String host = workers.get(0).host();
    assertThat(outcomes)
        .hasSize(2 * WORKERS)
        .allMatch(Outcome::isSuccess)
        .allMatch(outcome -> pids.containsValue(outcome.workerPid()))
        .allMatch(outcome -> outcome.host().equals(host));
    events.awaitCalls(1);
    assertThat(pool.stats().totals().items().get(OutcomeKind.SUCCESS)).isEqualTo(2L * WORKERS);
    assertThat(pool.stats().totals().workerStarts()).isGreaterThanOrEqualTo(WORKERS);
    assertThat(events.of(PoolEvent.WorkerReady.class))
        .extracting(PoolEvent.WorkerReady::worker)
        .allMatch(worker -> worker.host().equals(host))
        .filteredOn(worker -> pids.containsValue(worker.pid()))
        .allMatch(worker -> pids.get(worker.number()) == worker.pid())
        .hasSize(WORKERS);
    assertThat(events.of(PoolEvent.ItemEnd.class))
        .extracting(end -> end.worker().orElseThrow().pid())
        .hasSize(2 * WORKERS)
        .isSubsetOf(pids.values());
  }

  @Test
  void numbersOfWorkersCountOverAllExecutors() throws Exception {
    int slots = SharedCluster.WORKERS * SharedCluster.CORES_EACH;
    FileLog places = log("places");
    FileLatch release = latch("release");
    MapResult<Integer> result =
        pool(slots)
            .with(TaskOptions.defaults().chunkSize(1))
            .mapAsync(
                x -> {
                  places.add(WorkerContext.current().workerNumber() + " " + ownPid());
                  release.await();
                  return WorkerContext.current().workerNumber();
                },
                numbers(slots));
    List<Long> pids = new ArrayList<>();
    Eventually.until("all slots are busy", () -> places.size() == slots);
    places.lines().forEach(line -> pids.add(Long.valueOf(line.split(" ")[1])));
    Set<Long> executors = new TreeSet<>();
    pids.forEach(pid -> executors.add(parentOf(pid).pid()));
    assertThat(executors).isEqualTo(SparkClusterTest.pids(cluster().executors()));
    release.countDown();
    assertThat(new HashSet<>(result.get())).isEqualTo(new HashSet<>(numbers(slots)));
  }

  private static Map<Integer, Long> pidsByNumber(List<WorkerInfo> workers) {
    return workers.stream().collect(Collectors.toMap(WorkerInfo::number, WorkerInfo::pid));
  }

  private static List<String> awaitPlaces(FileLog places) throws InterruptedException {
    Eventually.until("all workers are busy", () -> places.size() == WORKERS);
    return places.lines();
  }
}
