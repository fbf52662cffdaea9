package dev.procpool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The program as a process with real workers: killed, stopped, halted, its disks full. */
class KilledRunTest {

  private static final String ROWS =
      IntStream.rangeClosed(1, 300).mapToObj(i -> i + "\n").collect(Collectors.joining());

  @TempDir Path directory;

  private final List<Process> started = new ArrayList<>();
  private Path source;

  @BeforeEach
  void prepare() throws IOException {
    source =
        CommandLineFixture.write(
            directory.resolve("Work.java"),
            """
            import java.nio.file.*;
            class Work {
              static int square(int number) throws Exception {
                Path gate = Path.of("gate");
                Files.writeString(Path.of("ran"), number + "\\n",
                    StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                while (number > 100 && !Files.exists(gate)) {
                  Thread.sleep(20);
                }
                return number * number;
              }
              static int stubborn(int number) throws Exception {
                if (number == 2) {
                  while (true) {
                    try {
                      Thread.sleep(1000);
                    } catch (InterruptedException e) {
                      // goes on
                    }
                  }
                }
                return number;
              }
              static String flaky(int number) throws Exception {
                Path tried = Path.of("tried" + number);
                if (number == 2 && !Files.exists(tried)) {
                  Files.createFile(tried);
                  throw new java.io.IOException("not yet");
                }
                if (number == 3 && !Files.exists(tried)) {
                  Files.createFile(tried);
                  Runtime.getRuntime().halt(7);
                }
                if (number == 4) {
                  throw new IllegalStateException("never");
                }
                System.out.println("out \\u001b[31m " + number);
                System.err.print("err");
                return "done " + number;
              }
            }
            """);
    Files.writeString(directory.resolve("in"), ROWS);
  }

  @AfterEach
  void endAll() {
    started.forEach(Process::destroyForcibly);
  }

  private Process start(File out, String... args) throws IOException {
    ProcessBuilder builder =
        Program.builder(directory, List.of(), args)
            .directory(directory.toFile())
            .redirectInput(directory.resolve("in").toFile())
            .redirectOutput(out);
    if (isInterruptIgnored()) {
      builder.command().addAll(0, List.of("env", "--default-signal=INT"));
    }
    Process program = builder.start();
    started.add(program);
    return program;
  }

  /**
   * As it is for what a shell's script has started with {@code &}, and for all that this starts.
   */
  private static boolean isInterruptIgnored() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
      String ignored =
          lines.filter(line -> line.startsWith("SigIgn:")).findFirst().orElseThrow().substring(7);
      return (Long.parseUnsignedLong(ignored.strip(), 16) & 2) != 0;
    }
  }

  private int run(String... args) throws Exception {
    return end(start(directory.resolve("out").toFile(), args));
  }

  private int end(Process program) throws Exception {
    return Program.end(directory, program);
  }

  private String err() {
    return read("err");
  }

  private String read(String name) {
    try {
      Path file = directory.resolve(name);
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void await(BooleanSupplier condition) throws InterruptedException {
    Instant limit = Instant.now().plus(Duration.ofMinutes(1));
    while (!condition.getAsBoolean()) {
      assertThat(Instant.now()).as("waited for too long; %s", err()).isBefore(limit);
      Thread.sleep(20);
    }
  }

  /** The results without what differs from run to run: time and process. */
  private List<String> results(String name) {
    return read(name)
        .lines()
        .map(CommandLineFixture::json)
        .filter(line -> line.has("index"))
        .map(JsonNode::<ObjectNode>deepCopy)
        .map(line -> line.without(List.of("ms", "pid")).toString())
        .toList();
  }

  @Test
  void killedHalfWayAndResumedItEndsWithTheSameResultsAndRunsNothingTwiceThatWasWritten()
      throws Exception {
    String method = source + "::square";
    Files.createFile(directory.resolve("gate"));
    assertThat(run("map", method, "-w", "2", "--out", "whole.jsonl")).as(err()).isZero();
    Files.delete(directory.resolve("gate"));
    Files.delete(directory.resolve("ran"));

    Process program =
        start(directory.resolve("out").toFile(), "map", method, "-w", "2", "--out", "r.jsonl");
    await(() -> results("r.jsonl.part").size() == 100 && read("ran").lines().count() == 102);
    List<ProcessHandle> workers = program.descendants().toList();
    program.destroyForcibly().waitFor();
    await(() -> workers.stream().noneMatch(ProcessHandle::isAlive));
    List<String> before = results("r.jsonl.part");
    assertThat(directory.resolve("r.jsonl")).doesNotExist();
    Files.createFile(directory.resolve("gate"));

    assertThat(run("map", method, "-w", "2", "--out", "r.jsonl", "--resume")).as(err()).isZero();

    assertThat(results("r.jsonl")).isEqualTo(results("whole.jsonl")).containsAll(before);
    assertThat(results("r.jsonl")).hasSize(300);
    assertThat(err()).contains("100 results kept, 200 new rows");
    assertThat(read("ran").lines().filter(line -> Integer.parseInt(line) <= 100))
        .as("what was written has run once")
        .doesNotHaveDuplicates();
    assertThat(directory.resolve("r.jsonl.part")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({"INT, 130", "TERM, 143"})
  void aSignalLetsWhatRunsEndAndStartsNoMore(String signal, int exitCode) throws Exception {
    Process program =
        start(
            directory.resolve("out").toFile(),
            "map",
            source + "::square",
            "-w",
            "2",
            "--grace",
            "60s",
            "--out",
            "r.jsonl");
    await(() -> results("r.jsonl.part").size() == 100 && read("ran").lines().count() == 102);

    signal(program, signal);
    await(() -> err().contains("no more items are started"));
    Files.createFile(directory.resolve("gate"));

    assertThat(end(program)).as(err()).isEqualTo(exitCode);
    assertThat(err())
        .contains("102 items: 102 ok")
        .contains("to go on, give the same command with --resume")
        .doesNotContain("\tat ");
    assertThat(results("r.jsonl.part")).hasSize(102);
    assertThat(read("ran").lines()).hasSize(102);
  }

  @Test
  void whatDoesNotEndWithinTheGracePeriodIsStopped() throws Exception {
    Process program = startStubborn("100ms");

    signal(program, "TERM");

    assertThat(end(program)).as(err()).isEqualTo(143);
    assertThat(err()).contains("1 item: 1 ok").contains("with --out FILE");
  }

  @Test
  void aSecondSignalEndsItAtOnce() throws Exception {
    Process program = startStubborn("1h");
    List<ProcessHandle> workers = program.descendants().toList();

    signal(program, "INT");
    await(() -> err().contains("Again to stop at once"));
    signal(program, "INT");

    assertThat(end(program)).as(err()).isEqualTo(130);
    await(() -> workers.stream().noneMatch(ProcessHandle::isAlive));
  }

  /** Starts a run whose second item does not end, and waits for the first one's result. */
  private Process startStubborn(String grace) throws Exception {
    Process program =
        start(
            directory.resolve("out").toFile(),
            "map",
            source + "::stubborn",
            "-w",
            "1",
            "--grace",
            grace);
    await(() -> read("out").contains("\"value\":1"));
    return program;
  }

  private static void signal(Process program, String name) throws Exception {
    new ProcessBuilder("kill", "-" + name, String.valueOf(program.pid())).start().waitFor();
  }

  @Test
  void twoWritersOfOneResultAreToldApart() throws Exception {
    String[] command = {"map", source + "::square", "-w", "1", "--out", "r.jsonl", "--resume"};
    Process first = start(directory.resolve("out").toFile(), command);
    await(() -> read("r.jsonl.part").lines().count() > 3);
    Files.move(directory.resolve("err"), directory.resolve("err1"));

    assertThat(run(command)).isEqualTo(2);
    assertThat(err()).contains("is being written by another run");
    assertThat(run("map", source + "::square", "--out", "r.jsonl", "--force")).isEqualTo(2);

    Files.createFile(directory.resolve("gate"));
    assertThat(end(first)).isZero();
    assertThat(results("r.jsonl")).hasSize(300);
  }

  @Test
  void aFullDiskIsNoSuccess() throws Exception {
    File full = new File("/dev/full");
    assertThat(end(start(full, "map", "Math::sqrt"))).isEqualTo(3);
    assertThat(err())
        .contains("procpool: standard output can't be written: No space left on device")
        .doesNotContain("--debug");
    assertThat(end(start(full, "map", "Math::sqrt", "--print", "csv"))).isEqualTo(3);
    assertThat(end(start(full, "map", "Math::sqrt", "--table"))).isEqualTo(3);
    assertThat(end(start(full, "map", "Math::sqrt", "--print", "value", "--out", "r")))
        .isEqualTo(3);
    assertThat(err()).contains("standard output can't be written").doesNotContain("--out r can't");
    assertThat(results("r")).as("the file is whole").hasSize(300);
    assertThat(end(start(full, "--help"))).isEqualTo(3);
    assertThat(run("map", "Math::sqrt", "--out", "/dev/full")).isEqualTo(3);
    assertThat(err()).contains("--out /dev/full can't be written: No space left");
  }

  @Test
  void retriesCaptureAndReport() throws Exception {
    Files.writeString(directory.resolve("in"), "1\n2\n3\n4\n");

    int exit =
        run(
            "map",
            source + "::flaky",
            "-w",
            "1",
            "--retries",
            "2,10ms",
            "--capture",
            "--report",
            "--stack-traces");

    assertThat(exit).as(err()).isEqualTo(1);
    List<JsonNode> results =
        read("out").lines().map(CommandLineFixture::json).collect(Collectors.toList());
    assertThat(results)
        .extracting(r -> r.get("status").textValue() + r.get("starts"))
        .containsExactly("ok1", "ok2", "ok2", "failed3");
    assertThat(results.get(1).get("printed").textValue()).isEqualTo("out \u001b[31m 2\nerr");
    assertThat(results.get(3).get("error").get("at").textValue())
        .matches("Work\\.flaky\\(Work\\.java:[0-9]+\\)");
    assertThat(err())
        .contains("report: items took ", "(p50)", "(p95)", "slowest:", "workers:", "failures:")
        .containsPattern("pid [0-9]+: [0-9] items?, started in [0-9.]+ m?s, working ")
        .containsPattern(
            "1  failed java.lang.IllegalStateException at Work.flaky\\(Work.java:[0-9]+\\), as line"
                + " 4")
        .doesNotContain("\u001b", "out ");
  }

  @Test
  void whatTakesManyTimesTheMedianIsEndedAmongTheFirstAndLater() throws Exception {
    Path slow =
        CommandLineFixture.write(
            directory.resolve("Slow.java"),
            """
            class Slow {
              static int run(int number) throws Exception {
                if (number == 1 || number == 40) {
                  Thread.sleep(600_000);
                }
                return number;
              }
            }
            """);
    Files.writeString(
        directory.resolve("in"), ROWS.lines().limit(50).collect(Collectors.joining("\n")));

    int exit = run("map", slow + "::run", "-w", "2", "-t", "50x");

    assertThat(exit).as(err()).isEqualTo(1);
    List<JsonNode> results =
        read("out").lines().map(CommandLineFixture::json).collect(Collectors.toList());
    assertThat(results)
        .extracting(r -> r.get("index").intValue())
        .as("in order, though the first was slow")
        .isEqualTo(IntStream.range(0, 50).boxed().toList());
    assertThat(results.stream().filter(r -> r.get("status").textValue().equals("timed-out")))
        .extracting(r -> r.get("args").get(0).intValue())
        .contains(1, 40)
        .hasSizeLessThan(10);
  }

  @Test
  void escapeCodesOfTasksAreHarmless() throws Exception {
    Files.writeString(directory.resolve("in"), "1\n");

    assertThat(run("map", source + "::flaky", "-w", "1")).as(err()).isZero();

    assertThat(err()).contains("out \u241b[31m 1").doesNotContain("\u001b");
  }
}
