package dev.procpool.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procpool.function.Args;
import dev.procpool.function.Args2;
import dev.procpool.testkit.Eventually;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

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
  void noClassOfOursIsOnTheClassPathOfExecutors(JavaSparkContext context) {
    assertThatThrownBy(() -> countObjectsOfOurs(context))
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

  @Test
  void aClosedClusterLeavesNothing(@TempDir Path folder) throws Exception {
    SharedCluster.stopContext();
    SparkCluster cluster = SparkCluster.start(folder, 1, 1, Map.of());
    try (JavaSparkContext context =
        new JavaSparkContext(cluster.conf().setJars(new String[] {jarOfOurs(folder).toString()}))) {
      cluster.awaitExecutors(context, 1);
      // The test of the class path can see it: here the jar was added.
      assertThat(countObjectsOfOurs(context)).isEqualTo(8);
      int joined = cluster.addWorker();
      cluster.awaitExecutors(context, 2);
      List<ProcessHandle> processes =
          Stream.concat(
                  cluster.executors().stream(),
                  Stream.of(
                      cluster.masterProcess(),
                      cluster.workerProcess(0),
                      cluster.workerProcess(joined)))
              .toList();
      assertThat(processes).hasSize(5).allMatch(ProcessHandle::isAlive);

      cluster.close();

      assertThat(processes).noneMatch(ProcessHandle::isAlive);
      assertThat(cluster.executors()).isEmpty();
      URI master = URI.create(cluster.master());
      assertThatThrownBy(
              () -> new Socket(InetAddress.getByName(master.getHost()), master.getPort()).close())
          .hasMessageContaining("refused");
    } finally {
      cluster.close();
    }
  }

  @Test
  void daemonsThatWereKilledAreGone(@TempDir Path folder) throws Exception {
    SharedCluster.stopContext();
    try (SparkCluster cluster = SparkCluster.start(folder, 2, 1, Map.of());
        JavaSparkContext context = new JavaSparkContext(cluster.conf())) {
      cluster.awaitExecutors(context, 2);
      cluster.killWorker(0);
      assertThat(cluster.workerProcess(0).isAlive()).isFalse();
      cluster.awaitExecutors(context, 1);
      cluster.killMaster();
      assertThat(cluster.masterProcess().isAlive()).isFalse();
      // What is there goes on without a Master.
      assertThat(pidsOfTasks(context)).isEqualTo(pids(cluster.executors())).hasSize(1);
    }
  }

  /** The processes that ran the tasks of a job, which is made of Spark's own classes. */
  private static Set<Long> pidsOfTasks(JavaSparkContext context) {
    return context
        .parallelize(Collections.nCopies(8, 0), 8)
        .pipe(List.of("sh", "-c", "cat >/dev/null; echo $PPID"))
        .collect()
        .stream()
        .map(Long::valueOf)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<Long> pids(List<ProcessHandle> processes) {
    return processes.stream()
        .map(ProcessHandle::pid)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Counts objects whose class is looked up by name in the executor. */
  private static long countObjectsOfOurs(JavaSparkContext context) {
    return context.parallelize(Collections.nCopies(8, Args.of(1, 2)), 2).count();
  }

  /** A jar with the one class of ours that {@link #countObjectsOfOurs} needs. */
  private static Path jarOfOurs(Path folder) throws Exception {
    Path jar = folder.resolve("ours.jar");
    String entry = Args2.class.getName().replace('.', '/') + ".class";
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(out);
        InputStream bytes = Args2.class.getResourceAsStream("/" + entry)) {
      entries.putNextEntry(new JarEntry(entry));
      bytes.transferTo(entries);
      entries.closeEntry();
    }
    return jar;
  }
}
