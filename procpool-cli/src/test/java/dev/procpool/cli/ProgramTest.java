package dev.procpool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The program as a process of its own, with real workers. */
class ProgramTest {

  private static final Path JOBS = Path.of("..", "examples", "jobs");

  @TempDir Path directory;

  private int run(String... args) throws IOException, InterruptedException {
    return Program.run(directory, Program.builder(directory, List.of(), args));
  }

  private List<JsonNode> results() throws IOException {
    try (Stream<String> lines = Files.lines(directory.resolve("out"))) {
      return lines.map(CommandLineFixture::json).toList();
    }
  }

  @Test
  void anItemThatEndsItsWorkerCostsThatItem() throws Exception {
    Path source =
        CommandLineFixture.write(
            directory.resolve("Grumpy.java"),
            """
            class Grumpy {
              record Answer(int number, String text) {} // not serializable
              static Answer answer(int number) {
                System.out.println("printed " + number);
                if (number == 2) {
                  System.exit(9);
                }
                return new Answer(number, "fine");
              }
            }
            """);
    CommandLineFixture.write(directory.resolve("in"), "1\n2\n3\n4\n");

    int exit = run("map", source + "::answer", "--workers", "2", "-J-Xmx64m");

    String err = Files.readString(directory.resolve("err"));
    assertThat(exit).as(err).isEqualTo(1);
    assertThat(results().stream().map(r -> r.get("status").textValue()))
        .containsExactly("ok", "worker-lost", "ok", "ok");
    assertThat(results().get(3).get("value").toString())
        .isEqualTo("{\"number\":4,\"text\":\"fine\"}");
    assertThat(results().stream().map(r -> r.get("pid").longValue())).allMatch(pid -> pid > 0);
    assertThat(results().get(1).get("error").get("message").textValue()).contains("code 9");
    assertThat(err)
        .contains("printed 1")
        .contains("printed 4")
        .contains("4 items: 3 ok, 1 worker-lost")
        .doesNotContain("\tat ");
  }

  @Test
  void theTargetsConstructorCountsAgainstNoItemAndStacksOfTimeOutsAreTold() throws Exception {
    Path source =
        CommandLineFixture.write(
            directory.resolve("Slow.java"),
            """
            class Slow {
              Slow() throws Exception {
                Thread.sleep(3000);
              }
              int run(int number) throws Exception {
                if (number == 2) {
                  Thread.sleep(600_000);
                }
                return number;
              }
            }
            """);
    CommandLineFixture.write(directory.resolve("in"), "1\n2\n");

    int exit = run("map", source + "::run", "--workers", "1", "--timeout", "2s", "--stack-traces");

    assertThat(exit).as(Files.readString(directory.resolve("err"))).isEqualTo(1);
    assertThat(results().stream().map(r -> r.get("status").textValue()))
        .containsExactly("ok", "timed-out");
    assertThat(results().get(1).get("error").get("stack").textValue())
        .contains("ran longer than its time limit")
        .contains("Slow.run(Slow.java:7)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"processes", "--in-process"})
  void aConstructorThatThrowsEndsTheRunAndIsTold(String where) throws Exception {
    Path source =
        CommandLineFixture.write(
            directory.resolve("Broken.java"),
            """
            class Broken {
              static class Refusal extends RuntimeException { // unknown to the program itself
                public String toString() {
                  return "no configuration";
                }
              }
              Broken() {
                throw new Refusal();
              }
              int run(int number) {
                return number;
              }
            }
            """);

    String err = fails(source, where);

    assertThat(err)
        .startsWith(
            "procpool: Broken can't be made ready in a worker: its constructor threw no"
                + " configuration\n")
        .contains("at Broken.<init>(Broken.java:8)");
  }

  @Test
  void aConstructorWhoseExceptionHasNoTextIsToldByItsClass() throws Exception {
    Path source =
        CommandLineFixture.write(
            directory.resolve("Mute.java"),
            """
            class Mute {
              static class Refusal extends RuntimeException {
                public String toString() {
                  throw this;
                }
              }
              Mute() {
                throw new Refusal();
              }
              int run(int number) {
                return number;
              }
            }
            """);

    assertThat(fails(source, "processes"))
        .startsWith(
            "procpool: Mute can't be made ready in a worker: its constructor threw Mute$Refusal"
                + " (its toString threw Mute$Refusal)\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "static int size = Integer.parseInt(\"none\");", // an exception
        "static int size = size(); static int size() { throw new AssertionError(\"none\"); }",
        "static int size = Early.size;", // of a class that it needs
        "int size = Early.size;", // the constructor needs it
      })
  void aStaticInitializerThatFailsEndsTheRunAndIsToldByItsClass(String field) throws Exception {
    Path source =
        CommandLineFixture.write(
            directory.resolve("Broken.java"),
            """
            class Broken {
              static class Early {
                static int size = Integer.parseInt("none");
              }
              %s
              int run(int number) {
                return number;
              }
            }
            """
                .formatted(field));
    String failed = field.contains("Early") ? "Broken\\$Early" : "Broken";

    assertThat(fails(source, "processes"))
        .containsPattern(
            "^procpool: Broken can't be made ready in a worker: (its constructor threw"
                + " java.lang.ExceptionInInitializerError: )?the static initializer of class "
                + failed
                + " failed( in the worker)?: \\S*(Exception|Error): [^;]*none")
        .contains("at " + failed.replace("\\", "") + ".<clinit>(Broken.java:");
  }

  /** Runs a target that can't be made; gives what was said. */
  private String fails(Path source, String where) throws Exception {
    CommandLineFixture.write(directory.resolve("in"), "1\n2\n");
    String method = source + "::run";

    int exit =
        where.equals("processes")
            ? run("map", method, "--workers", "1", "--debug")
            : run("map", method, "--workers", "1", "--debug", where);

    String err = Files.readString(directory.resolve("err"));
    assertThat(exit).as(err).isEqualTo(3);
    assertThat(results()).isEmpty();
    return err;
  }

  @Test
  void aStaticInitializerThatFailsWithinAnItemIsToldByItsClass() throws Exception {
    Path source =
        CommandLineFixture.write(
            directory.resolve("Late.java"),
            """
            class Late {
              static class Early {
                static int size = Integer.parseInt("none");
              }
              static int run(int number) {
                return Early.size;
              }
            }
            """);
    CommandLineFixture.write(directory.resolve("in"), "1\n2\n");

    int exit = run("map", source + "::run", "--workers", "1");

    assertThat(exit).isEqualTo(1);
    assertThat(results())
        .extracting(result -> result.get("error").get("message").textValue())
        .hasSize(2)
        .allMatch(
            message ->
                message.startsWith(
                    "the static initializer of class Late$Early failed in the worker:"
                        + " java.lang.NumberFormatException: For input string: \"none\""));
  }

  @Test
  void theMainJobScansTheModulesOfThisJdk() throws Exception {
    CommandLineFixture.write(directory.resolve("in"), "");

    int exit =
        run(
            "map",
            JOBS.resolve("JvmHazards.java") + "::scan",
            "--files",
            "jrt:/java.{base,logging,se}/",
            "--out",
            directory.resolve("report.jsonl").toString(),
            "--table",
            "--sort",
            "exits");

    assertThat(exit).as(Files.readString(directory.resolve("err"))).isZero();
    List<String> table = Files.readAllLines(directory.resolve("out"));
    assertThat(table).hasSize(5);
    assertThat(table.get(2)).startsWith("java.base ").contains("Cleaner");
    JsonNode base =
        CommandLineFixture.json(Files.readAllLines(directory.resolve("report.jsonl")).get(1));
    assertThat(base.get("value").get("exitCallers"))
        .as("the report has them all, the table as many as fit")
        .extracting(JsonNode::textValue)
        .contains("Cleaner", "System");
    assertThat(base.get("value").get("classes").intValue()).isGreaterThan(5000);
    assertThat(base.get("value").get("natives").intValue()).isGreaterThan(100);
  }

  @Test
  void wrongUseStartsNoWorkerAndEndsWithTwo() throws Exception {
    CommandLineFixture.write(directory.resolve("in"), "1\n");

    assertThat(run("map", "java.lang.Math::nothing")).isEqualTo(2);
    assertThat(Files.readString(directory.resolve("err")))
        .startsWith("procpool: java.lang.Math has no method 'nothing'");
    assertThat(new File(directory.toFile(), "out")).isEmpty();
  }
}
