package dev.procpool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as a process of its own, with real workers. */
class ProgramTest {

  private static final Path JOBS = Path.of("..", "examples", "jobs");

  @TempDir Path directory;

  private int run(String... args) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add("-Dprocpool.cache=off");
    command.add(Main.class.getName());
    command.addAll(List.of(args));
    Process program =
        new ProcessBuilder(command)
            .redirectInput(directory.resolve("in").toFile())
            .redirectOutput(directory.resolve("out").toFile())
            .redirectError(directory.resolve("err").toFile())
            .start();
    try {
      assertThat(program.waitFor(100, TimeUnit.SECONDS)).isTrue();
      return program.exitValue();
    } finally {
      program.destroyForcibly();
    }
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
        CommandLineFixture.json(Files.readAllLines(directory.resolve("report.jsonl")).get(0));
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
