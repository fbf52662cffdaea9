package dev.procpool.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procpool.function.Args;
import dev.procpool.function.Args2;
import dev.procpool.testkit.Eventually;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The ground on which the other tests stand: what they believe of their cluster is so. */
@ExtendWith(SharedCluster.class)
class SparkClusterTest {

  @Test
  void twoExecutorsRunOneJob(SparkCluster cluster, JavaSparkContext context)
      throws InterruptedException {
    assertThat(pids(cluster.executors())).hasSize(2);
    Eventually.until(
        "both executors run tasks of one job",
        () -> pidsOfTasks(context).equals(pids(cluster.executors())));
  }

  @Test
  void noClassOfOursIsOnTheClassPathOfExecutors() throws InterruptedException {
    SharedCluster.stopContext(); // pools of other tests may have added our jars to it
    assertThatThrownBy(() -> countObjectsOfOurs(SharedCluster.context()))
        .hasMessageContaining("ClassNotFoundException: " + Args2.class.getName());
  }

  @Test
  void aKilledExecutorComesBack(SparkCluster cluster, JavaSparkContext context)
      throws InterruptedException {
    ProcessHandle killed = cluster.executors().get(0);
    killed.destroyForcibly();
    Eventually.until("the executor ends", () -> !cluster.executors().contains(killed));
    Eventually.until("another one is there", () -> cluster.executors().size() == 2);
    Eventually.until(
        "both executors run tasks of one job",
        () -> pidsOfTasks(context).equals(pids(cluster.executors())));
  }

  @Test
  void allSocketsAreOnLoopback(SparkCluster cluster) throws Exception {
    List<ProcessHandle> processes = new ArrayList<>(cluster.executors());
    processes.add(cluster.masterProcess());
    processes.add(cluster.workerProcess(0));
    processes.add(cluster.workerProcess(1));
    processes.add(ProcessHandle.current());
    for (ProcessHandle process : processes) {
      assertThat(ListeningSockets.of(process))
          .as(process.info().toString())
          .isNotEmpty()
          .allMatch(ListeningSockets::isLoopback);
    }
  }

  /** The processes that ran the tasks of a job, which is made of Spark's own classes. */
  static Set<Long> pidsOfTasks(JavaSparkContext context) {
    return context
        .parallelize(Collections.nCopies(8, 0), 8)
        .pipe(List.of("sh", "-c", "cat >/dev/null; echo $PPID"))
        .collect()
        .stream()
        .map(Long::valueOf)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  static Set<Long> pids(List<ProcessHandle> processes) {
    return processes.stream()
        .map(ProcessHandle::pid)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Counts objects whose class is looked up by name in the executor. */
  static long countObjectsOfOurs(JavaSparkContext context) {
    return context.parallelize(Collections.nCopies(8, Args.of(1, 2)), 2).count();
  }
}
