package dev.procpool.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.MapResult;
import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.TaskOptions;
import dev.procpool.function.Task1;
import dev.procpool.testkit.Eventually;
import dev.procpool.testkit.FileLatch;
import dev.procpool.testkit.FileLog;
import java.io.Serializable;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Users' classes on a cluster that has none of them, and calls that don't disturb one another. */
@ExtendWith(SharedCluster.class)
class IsolationTest extends ClusterTest {

  private static final String PLUGIN =
      """
      package plugin;

      public class Doubler implements dev.procpool.function.Task1<Integer, Object> {
        public record Pair(int value, int twice, String unit) {}

        @Override
        public Object call(Integer value) throws Exception {
          try (java.io.InputStream in = Doubler.class.getResourceAsStream("/plugin/unit.txt")) {
            return new Pair(value, 2 * value, new String(in.readAllBytes()));
          }
        }
      }
      """;

  /** A result of the user's. */
  private record Sum(String label, long value, List<Part> parts) {}

  private record Part(int item) {}

  /** A task that has state. */
  private static final class Adder implements Task1<Integer, Sum> {
    private static final long serialVersionUID = 1L;
    private final int start;
    private final Step step;

    Adder(int start, Step step) {
      this.start = start;
      this.step = step;
    }

    @Override
    public Sum call(Integer item) {
      return new Sum("item " + item, start + step.of(item), List.of(new Part(item)));
    }
  }

  private interface Step extends Serializable {
    long of(int item);
  }

  @Test
  void lambdasNestedClassesCapturedStateAndResultsOfUsersCross() throws Exception {
    Pool pool = pool(2);
    assertThat(pool.apply(() -> System.getProperty("java.class.path")))
        .doesNotContain("test-classes", "testkit", "junit");
    assertThat(
            pool.apply(
                () -> IsolationTest.class.getClassLoader() == ClassLoader.getSystemClassLoader()))
        .as("users' classes are on the workers' class path")
        .isFalse();
    int factor = 3;
    List<Part> captured = new ArrayList<>(List.of(new Part(7)));
    assertThat(pool.map(x -> x * factor + captured.get(0).item(), List.of(1, 2)))
        .containsExactly(10, 13);
    assertThat(pool.map(new Adder(10, item -> item * 2L), List.of(4)))
        .containsExactly(new Sum("item 4", 18, List.of(new Part(4))));
    assertThat(pool.map(Part::new, List.of(5))).containsExactly(new Part(5));
  }

  @Test
  void aPluginsClassesAndResourcesAreFetchedFromItsLoader() throws Exception {
    try (URLClassLoader plugins = plugin("mm")) {
      assertThat(pool(1).map(doubler(plugins), List.of(3)))
          .singleElement()
          .matches(pair -> pair.getClass().getClassLoader() == plugins)
          .hasToString("Pair[value=3, twice=6, unit=mm]");
    }
  }

  /** As of a driver whose Java is newer than that of the executors. */
  @Test
  void aTaskThatIsCompiledForANewerJavaIsNamedWithTheCure() throws Exception {
    try (URLClassLoader plugins = plugin("mm");
        URLClassLoader newer = newer(plugins)) {
      Outcome<Object> outcome = pool(1).mapAsync(doubler(newer), List.of(3)).outcomes().get(0);
      assertThat(outcome.failure().orElseThrow())
          .hasMessageContainingAll(
              "plugin.Doubler",
              "compiled for Java 200",
              "runs on Java " + Runtime.version().feature(),
              "--release");
    }
  }

  /** A loader whose classes are those of another, and whose class files are newer. */
  private URLClassLoader newer(URLClassLoader loader) throws Exception {
    Path file = folder().resolve("plugin/Doubler.class");
    byte[] bytes = Files.readAllBytes(file);
    URLClassLoader newer =
        new URLClassLoader(loader.getURLs(), IsolationTest.class.getClassLoader());
    newer.loadClass("plugin.Doubler");
    bytes[7] = (byte) 244; // magic, minor, major
    Files.write(file, bytes);
    return newer;
  }

  @Test
  void ofTwoCallsOneIsCancelledAndTheOtherIsWhole() throws Exception {
    FileLog starts = log("starts");
    FileLatch never = latch("never");
    Pool pool = pool(2);
    MapResult<Integer> cancelled =
        pool.mapAsync(
            x -> {
              starts.add(x);
              if (x == 0) {
                never.await();
              }
              return x;
            },
            endless(new AtomicInteger()));
    FileLog runs = log("runs");
    MapResult<Integer> whole =
        pool.mapAsync(
            x -> {
              runs.add(x);
              return -x;
            },
            numbers(200));
    Eventually.until("both are under way", () -> starts.size() > 0 && runs.size() > 0);
    assertThat(cancelled.cancel(true)).isTrue();
    assertThat(whole.get()).isEqualTo(numbers(200).stream().map(x -> -x).toList());
    assertThat(runs.lines()).hasSize(200).doesNotHaveDuplicates();
    assertThat(cancelled.outcomes())
        .allMatch(o -> o instanceof Outcome.Cancelled || o instanceof Outcome.Success);
  }

  @Test
  void aShortCallIsNotStuckBehindAnEndlessOne() throws Exception {
    Pool pool = pool(1);
    MapResult<Integer> endless =
        pool.with(TaskOptions.defaults().label("endless"))
            .mapAsync(x -> x, endless(new AtomicInteger()));
    Eventually.until("the endless call is under way", () -> endless.completed() > 0);
    for (int i = 0; i < 3; i++) {
      assertThat(pool.map(x -> x + 1, numbers(5))).containsExactly(1, 2, 3, 4, 5);
    }
    assertThat(endless.isDone()).isFalse();
    long before = endless.completed();
    Eventually.until("the endless call goes on", () -> endless.completed() > before);
    assertThat(endless.cancel(true)).isTrue();
  }

  private static Iterable<Integer> endless(AtomicInteger taken) {
    return () -> Stream.generate(taken::getAndIncrement).iterator();
  }

  /** A loader whose classes and resources nobody else has. */
  private URLClassLoader plugin(String unit) throws Exception {
    Path directory = Files.createDirectories(folder().resolve("plugin"));
    Path source = Files.writeString(directory.resolve("Doubler.java"), PLUGIN);
    Files.writeString(directory.resolve("unit.txt"), unit);
    String core =
        Path.of(Task1.class.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-cp", core, "-d", folder().toString(), source.toString());
    assertThat(status).as("javac's status").isZero();
    return new URLClassLoader(
        new URL[] {folder().toUri().toURL()}, IsolationTest.class.getClassLoader());
  }

  @SuppressWarnings("unchecked")
  private static Task1<Integer, Object> doubler(ClassLoader plugins) throws Exception {
    return (Task1<Integer, Object>)
        plugins.loadClass("plugin.Doubler").getDeclaredConstructor().newInstance();
  }
}
