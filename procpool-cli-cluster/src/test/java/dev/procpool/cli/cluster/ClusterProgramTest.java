package dev.procpool.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.procpool.spark.SparkCluster;
import dev.procpool.testkit.Commands;
import dev.procpool.testkit.Eventually;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command line as it is shipped, on a real cluster. */
@Timeout(value = 420, unit = TimeUnit.SECONDS) // a cold cluster for each command
class ClusterProgramTest {

  private static final String GRUMPY =
      """
      class Grumpy {
        record Answer(int number, String text) {} // not serializable

        Grumpy() {
          System.out.println("made in " + ProcessHandle.current().pid());
        }

        Answer answer(int number) throws Exception {
          if (number == 2) {
            System.exit(9);
          }
          return new Answer(number, Helper.text());
        }
      }

      class Helper {
        static String text() {
          return "fine";
        }
      }
      """;

  @TempDir static Path shared;
  private static SparkCluster cluster;

  @TempDir Path folder;

  @BeforeAll
  static void start() throws Exception {
    cluster = SparkCluster.start(shared.resolve("cluster"), 2, 1, Map.of());
  }

  @AfterAll
  static void end() {
    cluster.close();
  }

  @Test
  void itemsRunOnExecutorsAndOneThatExitsCostsItself() throws Exception {
    Path source = write("Grumpy.java", GRUMPY);
    write("in", "1\n2\n3\n4\n");

    int exit = run(home(), "map", source + "::answer", "--master", cluster.master(), "-J-Xmx64m");

    String err = err();
    assertThat(exit).as(err).isEqualTo(1);
    List<String> lines = Files.readAllLines(folder.resolve("out"));
    assertThat(lines).hasSize(4);
    assertThat(lines.get(0)).contains("\"value\":{\"number\":1,\"text\":\"fine\"}");
    assertThat(lines.get(1)).contains("worker-lost", "code 9");
    assertThat(lines.get(3)).contains("\"value\":{\"number\":4,\"text\":\"fine\"}");
    assertThat(err).contains("4 items: 3 ok, 1 worker-lost").contains("on 2 workers");
    assertThat(err.lines().filter(line -> line.startsWith("made in ")).toList())
        .as("one object a worker")
        .isNotEmpty()
        .doesNotHaveDuplicates();
    assertThat(err.lines().filter(line -> !line.startsWith("made in ")).toList())
        .as("what is not ours")
        .allMatch(line -> line.startsWith("procpool:") || line.contains("items"));
    Eventually.until("no executor is left", () -> cluster.executors().isEmpty());
  }

  @Test
  void aRunIsGoneOnWith() throws Exception {
    Path repaired = folder.resolve("repaired");
    Path source =
        write(
            "Half.java",
            """
            class Half {
              static int of(int n) {
                if (n == 3 && !new java.io.File("%s").exists()) {
                  throw new IllegalStateException("not yet");
                }
                return n / 2;
              }
            }
            """
                .formatted(repaired));
    write("in", "2\n3\n8\n");
    String out = folder.resolve("out.jsonl").toString();
    String[] args = {"map", source + "::of", "--master", cluster.master(), "-w", "1", "-o", out};

    assertThat(run(home(), args)).as("%s", err()).isEqualTo(1);
    List<String> first = Files.readAllLines(Path.of(out));
    Files.createFile(repaired);
    List<String> again = new ArrayList<>(List.of(args));
    again.add("--retry-failed");
    int exit = run(home(), again.toArray(String[]::new));

    assertThat(exit).as("%s", err()).isZero();
    assertThat(first.get(2)).contains("\"failed\"", "not yet");
    List<String> second = Files.readAllLines(Path.of(out));
    assertThat(second.subList(0, 2)).as("kept").isEqualTo(first.subList(0, 2));
    assertThat(second.get(2)).contains("\"value\":1");
  }

  @Test
  void optionsOfWorkersHoldOnTheCluster() throws Exception {
    Path source =
        write(
            "Worker.java",
            """
            class Worker {
              static String set = "no init";

              static void init() {
                set = "init";
              }

              static String tell(int n) throws Exception {
                String stat = java.nio.file.Files.readString(java.nio.file.Path.of("/proc/self/stat"));
                String nice = stat.substring(stat.lastIndexOf(')') + 2).split(" ")[16];
                return set + " " + nice + " " + ProcessHandle.current().pid();
              }
            }
            """);
    write("in", "1\n2\n3\n");
    String ours = Files.readString(Path.of("/proc/self/stat"));
    int own = Integer.parseInt(ours.substring(ours.lastIndexOf(')') + 2).split(" ")[16]);

    int exit =
        run(
            home(),
            onCluster(
                List.of("map", source + "::tell", "--init", source + "::init", "--max-items", "1"),
                List.of("--max-memory", "2g", "--nice", "7", "-w", "1", "--print", "value")));

    assertThat(exit).as("%s", err()).isZero();
    List<String> lines = Files.readAllLines(folder.resolve("out"));
    assertThat(lines).hasSize(3).doesNotHaveDuplicates(); // each by a process of its own
    assertThat(lines).allMatch(line -> line.startsWith("init " + Math.min(19, own + 7) + " "));
  }

  @Test
  void boxedWorkersOfTheClusterSeeWhatIsNamed() throws Exception {
    assumeTrue(Commands.bubblewrapWorks(), "bubblewrap does not work here");
    Path source =
        write(
            "Read.java",
            """
            class Read {
              static String text(String file) throws Exception {
                return java.nio.file.Files.readString(java.nio.file.Path.of(file));
              }
            }
            """);
    Path shown = Files.createDirectory(folder.resolve("shown"));
    Files.writeString(shown.resolve("text"), "shown");
    Path hidden = write("hidden", "hidden");
    write("in", shown.resolve("text") + "\n" + hidden + "\n");
    List<String> box = List.of("--sandbox", "--readable", "shown", "-w", "1");

    int exit = run(home(), onCluster(List.of("map", source + "::text"), box));

    assertThat(exit).as("%s", err()).isEqualTo(1);
    List<String> lines = Files.readAllLines(folder.resolve("out"));
    assertThat(lines.get(0)).contains("\"value\":\"shown\"");
    assertThat(lines.get(1)).contains("NoSuchFileException");
  }

  @Test
  void whatIsWrongIsToldInALine() throws Exception {
    write("in", "1\n");
    String spark = home();
    String master = cluster.master();
    assertTold("--master needs SPARK_HOME", "", "--master", master);
    assertTold("has no folder 'jars'", folder.toString(), "--master", master);
    Path old = Files.createDirectories(folder.resolve("old/jars"));
    assertTold("has no jars/spark-core_*.jar", old.getParent().toString(), "--master", master);
    Files.createFile(old.resolve("spark-core_2.12-3.3.0.jar"));
    assertTold("has Spark 3.3 for Scala 2.12", old.getParent().toString(), "--master", master);
    assertTold("nobody answers there", spark, "--master", "spark://127.0.0.1:" + freePort());
    assertTold("leave --master out", spark, "--master", "local[2]");
    assertTold("--workers with a share", spark, "--master", master, "-w", "50%");
    assertTold("--in-process", spark, "--master", master, "--in-process");
    assertTold("give --master too", spark, "--conf", "spark.cores.max=1");
    assertTold("begin with 'spark.'", spark, "--master", master, "--conf", "cores=1");
  }

  private static String[] onCluster(List<String> command, List<String> options) {
    return Stream.of(command, options, List.of("--master", cluster.master()))
        .flatMap(List::stream)
        .toArray(String[]::new);
  }

  private void assertTold(String what, String home, String... options) throws Exception {
    List<String> args = new ArrayList<>(List.of("map", "Math::sqrt"));
    args.addAll(List.of(options));
    assertThat(run(home, args.toArray(String[]::new))).as(what).isEqualTo(2);
    assertThat(err()).contains(what).doesNotContain("\tat ");
    assertThat(err().lines().filter(line -> line.startsWith("procpool: ")).count()).isEqualTo(1);
  }

  private static String home() {
    return shared.resolve("cluster").resolve("home").toString();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private String err() throws IOException {
    return CommandLineProcess.said(folder);
  }

  private int run(String home, String... args) throws IOException, InterruptedException {
    return CommandLineProcess.run(cluster, folder, home, args);
  }
}
