package dev.procpool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --files}: every file that is meant, and no other. */
class FilesTest {

  private static final String HIDDEN = "dev.procpool.cli.Samples::hidden";

  @TempDir Path directory;

  private final CommandLineFixture cli = new CommandLineFixture();

  private int run(String glob, String... more) {
    cli.out = new java.io.ByteArrayOutputStream();
    List<String> args =
        new java.util.ArrayList<>(List.of("map", HIDDEN, "--files", directory + "/" + glob));
    args.addAll(List.of(more));
    return cli.run("", args.toArray(String[]::new));
  }

  private List<String> names() {
    return cli.results().stream()
        .map(r -> r.get("args").get(0).asText().replaceAll(".*/", ""))
        .toList();
  }

  private static void sh(Path folder, String script) throws IOException, InterruptedException {
    Process shell =
        new ProcessBuilder("sh", "-ec", script).directory(folder.toFile()).inheritIO().start();
    assertThat(shell.waitFor()).isZero();
  }

  /** A path that is too long for the system stands for any that can't be opened: root may all. */
  @Test
  void aFolderThatCanNotBeSearchedIsNotPassedOver() throws Exception {
    Files.createDirectories(directory.resolve("data"));
    CommandLineFixture.write(directory.resolve("data/a.txt"), "");
    String deep = "d".repeat(250);
    sh(directory, "cd data; for i in $(seq 20); do mkdir " + deep + "; cd -P " + deep + "; done");
    try {
      assertThat(run("data/**/*.txt")).isOne();

      assertThat(names()).hasSize(2).startsWith("a.txt");
      assertThat(cli.results().get(1).get("status").asText()).isEqualTo("invalid");
      assertThat(cli.err).contains(deep + ": what it holds can't be looked at: ");
      assertThat(run("data/*.txt")).as("no such folder can hold one").isZero();
      assertThat(run("d*/a*")).isZero();
    } finally {
      sh(directory, "rm -r data");
    }
  }

  @Test
  void resultsAreNoItemsOfTheirOwnRun() throws IOException {
    CommandLineFixture.write(directory.resolve("a"), "");
    String out = directory.resolve("r").toString();

    assertThat(run("*", "--out", out)).isZero();
    byte[] first = Files.readAllBytes(directory.resolve("r"));
    Files.createSymbolicLink(directory.resolve("link"), Path.of("r"));
    assertThat(run("*", "--out", out, "--resume")).isZero();
    assertThat(cli.err).contains("1 result kept, 0 new rows").contains("1 item: 1 ok");
    Files.copy(directory.resolve("r"), directory.resolve("r.part"));
    assertThat(run("*", "--out", out, "--resume")).isZero();
    assertThat(cli.err).contains("1 result kept, 0 new rows").contains("1 item: 1 ok");
    assertThat(directory.resolve("r")).hasBinaryContent(first);

    assertThat(run("*")).as("another run may read them").isZero();
    assertThat(names()).containsExactly("a", "link", "r");
  }

  @Test
  void aPipeIsMeantByItsNameAlone() throws Exception {
    CommandLineFixture.write(directory.resolve("a"), "");
    sh(directory, "mkfifo b");

    run("*");
    assertThat(names()).containsExactly("a");
    run("b");
    assertThat(names()).containsExactly("b");
  }
}
