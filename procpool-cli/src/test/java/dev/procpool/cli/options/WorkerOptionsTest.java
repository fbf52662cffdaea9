package dev.procpool.cli.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.procpool.cli.CommandLineFixture;
import dev.procpool.cli.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How workers start, live and end, by options: the program as a process with real workers. */
class WorkerOptionsTest {

  @TempDir Path directory;

  private Path source;

  @BeforeEach
  void prepare() throws IOException {
    source =
        CommandLineFixture.write(
            directory.resolve("Work.java"),
            """
            import java.nio.file.*;
            class Work {
              static final String STATE = System.getProperty("loaded", "not loaded");
              static class Setup {
                static void load() { System.setProperty("loaded", "once"); }
              }
              static void fail() { throw new IllegalStateException("no licence"); }
              static String loaded(int number) { return STATE; }
              static long pid(int number) { return ProcessHandle.current().pid(); }
              static String nice(int number) throws Exception {
                String stat = Files.readString(Path.of("/proc/self/stat"));
                return stat.substring(stat.lastIndexOf(')') + 2).split(" ")[16];
              }
              static String read(String file) throws Exception {
                return Files.readString(Path.of(file));
              }
              static String write(String file) throws Exception {
                return Files.writeString(Path.of(file), "written").getFileName().toString();
              }
            }
            """);
    input("1\n2\n3\n");
  }

  private void input(String rows) throws IOException {
    Files.writeString(directory.resolve("in"), rows);
  }

  private int run(String... args) throws Exception {
    ProcessBuilder program = Program.builder(directory, List.of(), args);
    return Program.run(directory, program.directory(directory.toFile()));
  }

  private String err() throws IOException {
    return Files.readString(directory.resolve("err"));
  }

  private List<String> values() throws IOException {
    return Files.readAllLines(directory.resolve("out")).stream()
        .map(CommandLineFixture::json)
        .map(line -> line.path("value"))
        .map(JsonNode::asText)
        .toList();
  }

  /** Of a class that is nested in the target's: to call its own would load it first. */
  @Test
  void aMethodIsCalledBeforeTheTargetsClassIsLoaded() throws Exception {
    assertThat(run("map", source + "::loaded", "-w", "1")).as(err()).isZero();
    assertThat(values()).containsOnly("not loaded").hasSize(3);

    assertThat(run("map", source + "::loaded", "-w", "1", "--init", "Work.Setup::load"))
        .as(err())
        .isZero();
    assertThat(values()).containsOnly("once").hasSize(3);
  }

  @Test
  void whatThatMethodThrowsEndsTheRunWithItsWords() throws Exception {
    assertThat(run("map", source + "::pid", "-w", "1", "--init", source + "::fail")).isEqualTo(3);
    assertThat(err())
        .contains(
            "Work::fail can't be made ready in a worker: it threw"
                + " java.lang.IllegalStateException: no licence")
        .doesNotContain("\tat ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Other.java::load | one source file is compiled, that of TARGET
          Work::pid        | a static method without parameters is wanted, and this is Work.pid(int number)
          Work::lod        | has no method 'lod'
          Wrk::load        | there is no class
          load             | is not of the form Class::method
          """)
  void aMethodThatIsNoneIsRefused(String init, String message) throws Exception {
    assertThat(run("map", source + "::pid", "--init", init)).isEqualTo(2);
    assertThat(err()).contains(message);
  }

  @Test
  void aWorkerIsReplacedAfterSoManyItems() throws Exception {
    assertThat(run("map", source + "::pid", "-w", "1", "--max-items", "1")).as(err()).isZero();
    assertThat(values()).doesNotHaveDuplicates().hasSize(3);

    assertThat(run("map", source + "::pid", "-w", "1", "--max-items", "5")).as(err()).isZero();
    assertThat(values().stream().distinct()).hasSize(1);

    // less than any JVM takes
    assertThat(run("map", source + "::pid", "-w", "1", "--max-memory", "1m")).as(err()).isZero();
    assertThat(values()).hasSize(3);
  }

  @Test
  void workersCanBeNicer() throws Exception {
    assumeTrue(Files.exists(Path.of("/proc/self/stat")), "no /proc here");
    String ours = Files.readString(Path.of("/proc/self/stat"));
    int own = Integer.parseInt(ours.substring(ours.lastIndexOf(')') + 2).split(" ")[16]);

    assertThat(run("map", source + "::nice", "-w", "1", "--nice", "7")).as(err()).isZero();

    assertThat(values()).containsOnly(Integer.toString(Math.min(19, own + 7)));
  }

  @Test
  void boxedWorkersSeeWhatIsNamed() throws Exception {
    assumeTrue(isBoxable(), "bubblewrap is not installed, or can't make namespaces here");
    Path shown = Files.createDirectory(directory.resolve("shown"));
    Path open = Files.createDirectory(directory.resolve("open"));
    Path hidden = Files.createDirectory(directory.resolve("hidden"));
    for (Path folder : List.of(shown, open, hidden)) {
      Files.writeString(folder.resolve("text"), folder.getFileName().toString());
    }
    String[] box = {"--sandbox", "--readable", "shown", "--writable", "open", "-w", "1"};
    input(shown + "/text\n" + open + "/text\n" + hidden + "/text\n");

    assertThat(run(with(box, "map", source + "::read"))).as(err()).isEqualTo(1);
    assertThat(values()).containsExactly("shown", "open", "");

    input(open + "/new\n" + shown + "/new\n");
    assertThat(run(with(box, "map", source + "::write"))).as(err()).isEqualTo(1);
    assertThat(values()).containsExactly("new", "");
    assertThat(open.resolve("new")).hasContent("written");
  }

  private static String[] with(String[] options, String... command) {
    return Stream.of(command, options).flatMap(Arrays::stream).toArray(String[]::new);
  }

  private static boolean isBoxable() throws InterruptedException {
    try {
      return new ProcessBuilder("bwrap", "--unshare-all", "--ro-bind", "/", "/", "true")
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** An hour is waited for the second item, unless somebody ends the run. */
  @Test
  void aRateHoldsUpNoSignal() throws Exception {
    Process program =
        Program.builder(directory, List.of(), "map", source + "::pid", "-w", "1", "--rate", "1/h")
            .redirectInput(directory.resolve("in").toFile())
            .start();
    Instant limit = Instant.now().plus(Duration.ofMinutes(1));
    while (Files.readString(directory.resolve("out")).isEmpty()) {
      assertThat(Instant.now()).as(err()).isBefore(limit);
      Thread.sleep(20);
    }

    program.destroy(); // SIGTERM

    assertThat(Program.end(directory, program)).as(err()).isEqualTo(143);
    assertThat(err()).contains("1 item: 1 ok");
  }

  @ParameterizedTest
  @CsvSource({"1, 8, 1", "12, 8, 12", "50%, 8, 4", "50%, 3, 2", "1%, 8, 1", "200%, 4, 8"})
  void workersAreANumberOrAShareOfTheProcessors(String text, int processors, int workers) {
    assertThat(new WorkerCount.Converter().convert(text).of(processors)).isEqualTo(workers);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "4k, 4096", "800m, 838860800", "2G, 2147483648", "2gb, 2147483648"})
  void sizesAreAsXmxHasThem(String text, long bytes) throws Exception {
    assertThat(new ByteSizeConverter().convert(text)).isEqualTo(bytes);
  }
}
