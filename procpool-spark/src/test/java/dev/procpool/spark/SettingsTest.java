package dev.procpool.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.procpool.AsyncResult;
import dev.procpool.Pool;
import dev.procpool.WorkerLostException;
import dev.procpool.testkit.Eventually;
import dev.procpool.testkit.FileLatch;
import dev.procpool.testkit.FileLog;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Contexts whose owner has set Spark otherwise than most do: pools work there, too. */
@Timeout(value = 480, unit = TimeUnit.SECONDS) // a cluster and three machines that come to it
class SettingsTest extends OwnCluster {

  @Test
  void byDefaultThereIsAWorkerForEachSlotAlsoOfExecutorsThatComeLater() throws Exception {
    SparkCluster cluster = start(0, 4, Map.of());
    SparkConf conf =
        cluster.conf().set("spark.task.cpus", "2").set("spark.default.parallelism", "64");
    Pool pool = built(SparkPool.builder(connect(conf)).executorTimeout(Duration.ofMinutes(5)));
    pool.prestart();
    cluster.addWorker();
    cluster.awaitExecutors(context(), 1);
    cluster.addWorker();
    cluster.awaitExecutors(context(), 2);
    FileLog met = log("met");
    assertThat(pool.map(x -> meet(x, met, 4), numbers(4))).isEqualTo(numbers(4));
    assertThat(pool.stats().targetWorkers()).isEqualTo(4);

    pool.resize(1);
    cluster.addWorker();
    cluster.awaitExecutors(context(), 3);
    assertThat(pool.map(x -> -x, numbers(3))).containsExactly(0, -1, -2);
    assertThat(pool.stats().targetWorkers()).as("as it was resized").isEqualTo(1);
  }

  @Test
  void whereATaskMayNotFailALostExecutorCostsItsItemsAndNotThePool() throws Exception {
    SparkCluster cluster = start(1, 2, Map.of());
    SparkConf conf = cluster.conf().set("spark.task.maxFailures", "1");
    cluster.awaitExecutors(connect(conf), 1);
    Pool pool = pool(2);
    FileLog pids = log("pids");
    FileLatch never = latch("never");
    // One after the other, so that each slot is of a job of its own: Spark gives both up at once.
    AsyncResult<Integer> one = pool.applyAsync(() -> stuck(pids, never));
    awaitPids(pids, 1);
    AsyncResult<Integer> other = pool.applyAsync(() -> stuck(pids, never));
    List<Long> workers = awaitPids(pids, 2);
    kill(parentOf(workers.get(0)).pid());
    for (AsyncResult<Integer> each : List.of(one, other)) {
      assertThatExceptionOfType(ExecutionException.class)
          .isThrownBy(() -> each.get(BOUND))
          .withCauseInstanceOf(WorkerLostException.class);
    }
    awaitEnds(workers);
    assertThat(pool.map(x -> x + 1, numbers(3))).containsExactly(1, 2, 3);
    assertThat(pool.isBroken()).isFalse();
  }

  private static int stuck(FileLog pids, FileLatch never) throws Exception {
    pids.add(ownPid());
    never.await();
    return 0;
  }

  @Test
  void executorsComeAndGoWithDynamicAllocation() throws Exception {
    SparkCluster cluster = start(1, 2, Map.of());
    SparkConf conf =
        cluster
            .conf()
            .set("spark.dynamicAllocation.enabled", "true")
            .set("spark.dynamicAllocation.shuffleTracking.enabled", "true")
            .set("spark.dynamicAllocation.minExecutors", "0")
            .set("spark.dynamicAllocation.executorIdleTimeout", "1s");
    connect(conf);
    Pool pool = pool(2);
    for (int i = 0; i < 2; i++) {
      FileLog met = log("met-" + i);
      assertThat(pool.map(x -> meet(x, met, 2), numbers(2))).containsExactly(0, 1);
      Traces.killed(); // Spark ends an executor that idles as it likes
      cluster.awaitNoExecutors();
      Eventually.until("the driver knows of no worker", () -> pool.workers().isEmpty());
    }
  }
}
