package dev.procpool.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import scala.Tuple2;

/** A session of the real shell as a driver: its classes exist in its memory alone. */
@Timeout(value = 240, unit = TimeUnit.SECONDS) // a cold shell, a cold driver, a cold executor
@ExtendWith(SharedCluster.class)
class JShellOnClusterTest {

  private static final int SECONDS = 200;

  /** The second time the worker is warm: it has run a task of that name. */
  private static final String SESSION =
      """
      import dev.procpool.*
      import dev.procpool.spark.*
      import org.apache.spark.*
      import org.apache.spark.api.java.*
      var context = new JavaSparkContext(new SparkConf())
      Pool pool = SparkPool.builder(context).workers(1).build()
      int offset = 100
      record Point(int x, int y) {}
      class Scale { int of(int n) { return 2 * n + offset; } }
      pool.map(x -> new Point(x, new Scale().of(x)), List.of(1, 2))
      offset = 200
      class Scale { int of(int n) { return 3 * n + offset; } }
      pool.map(x -> new Point(x, new Scale().of(x)), List.of(1, 2))
      pool.close()
      context.close()
      /exit
      """;

  @TempDir Path folder;

  @Test
  void lambdasUseWhatTheShellDefinesAsItIsWhenTheyAreCalled(SparkCluster cluster) throws Exception {
    SharedCluster.stopContext(); // the shell makes its own
    List<String> printed = run(cluster);
    assertThat(printed.stream().filter(line -> line.contains("==> [")))
        .as("%s", printed)
        .extracting(line -> line.substring(line.indexOf("==> ") + 4))
        .containsExactly(
            "[Point[x=1, y=102], Point[x=2, y=104]]", "[Point[x=1, y=203], Point[x=2, y=206]]");
    cluster.awaitNoExecutors();
    Traces.awaitNone(cluster);
  }

  private List<String> run(SparkCluster cluster) throws IOException, InterruptedException {
    Path in = Files.writeString(folder.resolve("in"), SESSION);
    Path out = folder.resolve("out");
    Process shell =
        new ProcessBuilder(command(cluster))
            .redirectInput(in.toFile())
            .redirectOutput(out.toFile())
            .redirectError(folder.resolve("err").toFile())
            .start();
    try {
      assertThat(shell.waitFor(SECONDS, TimeUnit.SECONDS))
          .as("it printed %s", Files.readString(out))
          .isTrue();
    } finally {
      shell.descendants().forEach(ProcessHandle::destroyForcibly);
      shell.destroyForcibly();
    }
    return Files.readAllLines(out);
  }

  /** The shell, whose snippets run in a JVM of its own. */
  private static List<String> command(SparkCluster cluster) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "jshell").toString());
    command.addAll(List.of("--class-path", System.getProperty("java.class.path")));
    List<String> options = new ArrayList<>(SparkDaemon.moduleOptions());
    options.addAll(List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    options.addAll(List.of("-Dprocpool.cache=off", "-Djava.io.tmpdir=" + cluster.temporary()));
    for (Tuple2<String, String> each : cluster.conf().getAll()) {
      options.add("-D" + each._1() + "=" + each._2());
    }
    options.forEach(option -> command.add("-R" + option));
    return command;
  }
}
