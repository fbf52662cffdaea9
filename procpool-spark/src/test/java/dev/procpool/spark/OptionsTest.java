package dev.procpool.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.procpool.MapResult;
import dev.procpool.OnClose;
import dev.procpool.Outcome;
import dev.procpool.OutcomeKind;
import dev.procpool.Pool;
import dev.procpool.PoolBrokenException;
import dev.procpool.PoolEvent;
import dev.procpool.PoolState;
import dev.procpool.TaskOptions;
import dev.procpool.testkit.EventLog;
import dev.procpool.testkit.Eventually;
import dev.procpool.testkit.FileLatch;
import dev.procpool.testkit.FileLog;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The options of a pool's builder, each by what it does to workers on the cluster. */
@ExtendWith(SharedCluster.class)
class OptionsTest extends ClusterTest {

  @Test
  void byDefaultAPoolHasAsManyWorkersAsTheClusterHasSlotsAndANameOfItsOwn() {
    try (Pool one = SparkPool.create(context());
        Pool other = SparkPool.create(context())) {
      assertThat(one.stats().targetWorkers())
          .isEqualTo(SharedCluster.WORKERS * SharedCluster.CORES_EACH);
      assertThat(one.stats().pool()).isNotEqualTo(other.stats().pool());
    }
  }

  @Test
  void whatIsOutOfRangeIsRefusedWithItsValue() {
    SparkPool.Builder builder = SparkPool.builder(context());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.workers(0))
        .withMessageContainingAll("workers", "0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.maxTasksPerWorker(-1))
        .withMessageContainingAll("maxTasksPerWorker", "-1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.gracePeriod(Duration.ofSeconds(-1)))
        .withMessageContainingAll("gracePeriod", "PT-1S");
  }

  /** It becomes part of an address of Spark's. */
  @Test
  void aNameMayHaveAnyCharactersAndSeveralPoolsMayHaveIt() throws Exception {
    for (String name : List.of("nightly import", "50 %/ä: [#1]@host?")) {
      SparkPool.Builder builder = SparkPool.builder(context()).workers(1).name(name);
      try (Pool pool = builder.build();
          Pool other = builder.build()) {
        assertThat(pool.apply(() -> 1)).isEqualTo(1);
        assertThat(other.apply(() -> 2)).isEqualTo(2);
        assertThat(pool.stats().pool()).isEqualTo(name);
      }
    }
  }

  @Test
  void slotsAreOfTheSchedulersPoolOfTheThreadThatMadeThePool() throws Exception {
    List<String> pools = new CopyOnWriteArrayList<>();
    SparkListener listener =
        new SparkListener() {
          @Override
          public void onJobStart(SparkListenerJobStart job) {
            String group = String.valueOf(job.properties().getProperty("spark.jobGroup.id"));
            if (group.contains("of-the-night")) { // else it is an earlier test's, told late
              pools.add(String.valueOf(job.properties().getProperty("spark.scheduler.pool")));
            }
          }
        };
    context().sc().addSparkListener(listener);
    try {
      context().setLocalProperty("spark.scheduler.pool", "night");
      Pool pool = built(SparkPool.builder(context()).workers(1).name("of-the-night"));
      context().setLocalProperty("spark.scheduler.pool", "day");
      assertThat(pool.apply(() -> 1)).isEqualTo(1);
      Eventually.until("Spark has told of the job", () -> !pools.isEmpty());
      assertThat(pools).containsOnly("night");
    } finally {
      context().setLocalProperty("spark.scheduler.pool", null);
      context().sc().removeSparkListener(listener);
    }
  }

  @Test
  void howeverManyWorkersAreNamedThereAreAsManyAsSlots() throws Exception {
    Pool pool = built(SparkPool.builder(context()).workers(Integer.MAX_VALUE));
    assertThat(pool.map(x -> x, numbers(100))).isEqualTo(numbers(100));
    assertThat(pool.workers())
        .hasSizeLessThanOrEqualTo(SharedCluster.WORKERS * SharedCluster.CORES_EACH);
  }

  @Test
  void optionsOfTheJvmReachTheWorkers() throws Exception {
    Pool pool =
        built(
            SparkPool.builder(context())
                .workers(1)
                .jvmOptions(List.of("-Dprocpool.test.colour=red", "-Xmx77m")));
    assertThat(pool.apply(() -> System.getProperty("procpool.test.colour"))).isEqualTo("red");
    assertThat(pool.apply(() -> Runtime.getRuntime().maxMemory())).isBetween(70L << 20, 77L << 20);
  }

  @Test
  void workersThatCantStartBreakThePoolAndNotTheExecutors() throws Exception {
    Pool pool =
        built(SparkPool.builder(context()).workers(1).jvmOptions(List.of("-XX:NoSuchOption=1")));
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(() -> pool.apply(() -> 1))
        .havingCause()
        .isInstanceOf(PoolBrokenException.class)
        .withMessageContaining("NoSuchOption");
    assertThat(pool.isBroken()).isTrue();
    assertThat(pool(1).apply(() -> 1)).isEqualTo(1);
  }

  @Test
  void aJavaThatTheMachinesDontHaveIsNamed() throws Exception {
    Pool pool =
        built(SparkPool.builder(context()).workers(1).javaHome(folder().resolve("no-java")));
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(() -> pool.apply(() -> 1))
        .havingCause()
        .isInstanceOf(PoolBrokenException.class)
        .withMessageContaining("no-java");
    assertThat(pool(1).apply(() -> 1)).isEqualTo(1);
  }

  @Test
  void aWorkerIsReplacedAfterSoManyItems() throws Exception {
    Pool pool = built(SparkPool.builder(context()).workers(1).maxTasksPerWorker(2));
    List<Long> pids = pool.map(x -> ownPid(), numbers(5));
    assertThat(pids).doesNotContain(ProcessHandle.current().pid());
    assertThat(pids.stream().distinct().toList()).hasSize(3);
    assertThat(pids).allMatch(pid -> Collections.frequency(pids, pid) <= 2);
  }

  @Test
  void whatEndsInTheGracePeriodKeepsItsWorker() throws Exception {
    Pool pool = built(SparkPool.builder(context()).workers(1).gracePeriod(BOUND));
    long pid = pool.apply(() -> ownPid());
    FileLatch never = latch("never");
    FileLog heard = log("heard");
    Outcome<Integer> outcome =
        pool.with(TaskOptions.defaults().timeout(Duration.ofMillis(300)))
            .mapAsync(
                x -> {
                  try {
                    never.await();
                  } catch (InterruptedException e) {
                    heard.add("the interrupt");
                  }
                  return x;
                },
                numbers(1))
            .outcomes()
            .get(0);
    assertThat(outcome).isInstanceOf(Outcome.TimedOut.class);
    assertThat(heard.lines()).containsExactly("the interrupt");
    assertThat(pool.apply(() -> ownPid())).isEqualTo(pid);
  }

  @Test
  void anObserverIsToldOfCallsItemsAndWorkers() throws Exception {
    EventLog events = new EventLog();
    long pid;
    try (Pool pool =
        SparkPool.builder(context()).workers(1).name("observed").observer(events).build()) {
      pid = pool.apply(() -> ownPid());
      pool.with(TaskOptions.defaults().label("seen")).mapAsync(x -> 1 / x, numbers(3)).outcomes();
      events.awaitCalls(2);
    }
    Eventually.until(
        "the pool has ended",
        () ->
            events.of(PoolEvent.PoolChange.class).stream()
                .anyMatch(change -> change.state() == PoolState.TERMINATED));
    assertThat(events.all()).allMatch(event -> event.pool().equals("observed"));
    assertThat(events.ended(OutcomeKind.SUCCESS)).isEqualTo(3);
    assertThat(events.ended(OutcomeKind.FAILURE)).isEqualTo(1);
    assertThat(events.of(PoolEvent.CallEnd.class))
        .extracting(end -> end.call().label().orElse(""))
        .containsExactly("", "seen");
    assertThat(events.of(PoolEvent.WorkerStart.class))
        .extracting(start -> start.worker().pid())
        .containsExactly(pid);
    assertThat(events.of(PoolEvent.WorkerGone.class))
        .extracting(gone -> gone.worker().pid())
        .containsExactly(pid);
  }

  @Test
  void closingDoesWhatOnCloseSays() throws Exception {
    FileLog pids = log("pids");
    FileLatch never = latch("never");
    for (OnClose onClose : List.of(OnClose.TERMINATE, OnClose.joinAtMost(Duration.ofMillis(100)))) {
      MapResult<Integer> waiting;
      int before = pids.size();
      try (Pool pool = SparkPool.builder(context()).workers(1).onClose(onClose).build()) {
        waiting =
            pool.mapAsync(
                x -> {
                  pids.add(ownPid());
                  never.await();
                  return x;
                },
                numbers(2));
        awaitPids(pids, before + 1);
      }
      assertThat(waiting.outcomes()).hasSize(2).allMatch(o -> o instanceof Outcome.Cancelled);
      awaitEnds(awaitPids(pids, before + 1));
    }
  }
}
