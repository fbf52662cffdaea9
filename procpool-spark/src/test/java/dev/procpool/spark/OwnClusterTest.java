package dev.procpool.spark;

import static dev.procpool.spark.SparkClusterTest.countObjectsOfOurs;
import static dev.procpool.spark.SparkClusterTest.pids;
import static dev.procpool.spark.SparkClusterTest.pidsOfTasks;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procpool.function.Args2;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clusters of a test's own, for what can't be done to the one that all share. */
class OwnClusterTest {

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

      assertThat(processes).noneMatch(SparkCluster::runs);
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

  /** A jar with the one class of ours that {@link SparkClusterTest#countObjectsOfOurs} needs. */
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
