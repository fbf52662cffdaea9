package dev.procpool.cli.journal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.procpool.Outcome;
import dev.procpool.WorkerExit;
import dev.procpool.cli.CommandLineFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of results in a file: kept, gone on with, replaced. On a pool in this JVM. */
class ResumeTest {

  private static final String SAMPLES = "dev.procpool.cli.Samples::";

  @TempDir Path directory;

  private final CommandLineFixture cli = new CommandLineFixture();

  private Path out() {
    return directory.resolve("r.jsonl");
  }

  private Path part() {
    return directory.resolve("r.jsonl.part");
  }

  private int run(String rows, String method, String... more) {
    List<String> args =
        new ArrayList<>(List.of("map", SAMPLES + method, "--out", out().toString()));
    args.addAll(List.of(more));
    cli.opened.clear();
    return cli.run(rows, args.toArray(String[]::new));
  }

  private List<String> results() throws IOException {
    List<String> all = new ArrayList<>();
    for (String line : Files.readAllLines(out())) {
      JsonNode result = CommandLineFixture.json(line);
      if (result.has("index")) {
        all.add(
            result.get("index")
                + " "
                + result.get("args").get(0).asText()
                + " "
                + result.get("status").textValue()
                + " "
                + result.get("attempt"));
      }
    }
    return all;
  }

  @Test
  void anExistingResultIsNotTouchedWithoutAWord() throws IOException {
    Files.writeString(out(), "precious\n");

    assertThat(run("a\n", "hidden")).isEqualTo(2);

    assertThat(cli.err)
        .contains("--out " + out() + " exists")
        .contains("--resume", "--retry-failed", "--force");
    assertThat(cli.opened).isEmpty();
    assertThat(Files.readString(out())).isEqualTo("precious\n");
    assertThat(part()).doesNotExist();
  }

  @Test
  void whatIsNoResultIsNotResumedButReplacedByForceWhenAllIsDone() throws IOException {
    Files.writeString(out(), "precious\n");

    assertThat(run("a\n", "hidden", "--resume")).isEqualTo(2);
    assertThat(cli.err).contains("does not begin with a header of procpool");
    assertThat(Files.readString(out())).isEqualTo("precious\n");

    assertThat(cli.run("a\n", "map", SAMPLES + "nowhere", "--force", "--out", out().toString()))
        .isEqualTo(2);
    assertThat(Files.readString(out())).as("nothing has run").isEqualTo("precious\n");

    assertThat(run("a\n", "hidden", "--force")).isZero();
    assertThat(results()).containsExactly("0 a ok 1");
  }

  @Test
  void theInputIsNeverTheOutput() throws IOException {
    Path input = CommandLineFixture.write(directory.resolve("in.txt"), "a\nb\n");
    Path link = Files.createSymbolicLink(directory.resolve("link"), input);
    Path asPart = CommandLineFixture.write(directory.resolve("x.part"), "a\n");
    for (String[] pair :
        new String[][] {
          {input.toString(), input.toString()},
          {input.toString(), link.toString()},
          {link.toString(), input.toString()},
          {asPart.toString(), directory.resolve("x").toString()},
        }) {
      assertThat(cli.run("", "map", SAMPLES + "hidden", pair[0], "--out", pair[1], "--force"))
          .isEqualTo(2);
      assertThat(cli.err).contains("is the input");
    }
    assertThat(Files.readString(input)).isEqualTo("a\nb\n");
  }

  @Test
  void newRowsAreRunAndThoseThatAreGoneAreLeftOut() throws IOException {
    run("a\nb\nc\n", "hidden");

    assertThat(run("x\nc\nb\nb\n", "hidden", "--resume")).isZero();

    assertThat(results()).containsExactly("0 x ok 1", "1 c ok 1", "2 b ok 1", "3 b ok 1");
    assertThat(cli.err)
        .contains("2 results kept, 2 new rows, 1 gone: their results are left out")
        .contains("4 items: 4 ok in ");
  }

  @Test
  void resumingWhatDoesNotExistBeginsAndWhatIsDoneStartsNoWorker() throws IOException {
    assertThat(run("a\n", "hidden", "--resume")).isZero();
    assertThat(cli.opened).hasSize(1);
    byte[] before = Files.readAllBytes(out());

    assertThat(run("a\n", "hidden", "--resume")).isZero();

    assertThat(Files.readAllBytes(out())).isEqualTo(before);
    assertThat(cli.err).contains("1 result kept, 0 new rows").contains("1 item: 1 ok");
    assertThat(part()).doesNotExist();
  }

  @Test
  void whatFailedIsRunAgain() throws IOException {
    assertThat(run("1\n2\n3\nx\n", "fail")).isEqualTo(1);
    assertThat(run("1\n2\n3\nx\n", "fail", "--resume")).as("failures count").isEqualTo(1);
    assertThat(results())
        .containsExactly("0 1 failed 1", "1 2 ok 1", "2 3 failed 1", "3 x invalid 1");

    run("1\n2\n3\nx\n", "fail", "--retry-failed=failed");

    assertThat(cli.err).contains("2 results kept, 0 new rows, 2 run again");
    assertThat(results())
        .containsExactly("0 1 failed 2", "1 2 ok 1", "2 3 failed 2", "3 x invalid 1");
    run("1\n2\n3\nx\n", "fail", "--retry-failed");
    assertThat(results())
        .containsExactly("0 1 failed 3", "1 2 ok 1", "2 3 failed 3", "3 x invalid 2");
  }

  @Test
  void anotherTargetOrOtherCodeIsRefusedAndBothAreNamed() throws IOException {
    Path classes = Files.createDirectory(directory.resolve("classes"));
    CommandLineFixture.write(classes.resolve("a.txt"), "1");
    run("a\n", "hidden", "-c", classes.toString());
    byte[] before = Files.readAllBytes(out());

    assertThat(run("a\n", "opaque", "--resume", "-c", classes.toString())).isEqualTo(2);
    assertThat(cli.err)
        .contains("Samples::hidden(String), not of map")
        .contains("::opaque(String)");

    CommandLineFixture.write(classes.resolve("a.txt"), "2");
    assertThat(run("a\nb\n", "hidden", "--resume", "-c", classes.toString())).isEqualTo(2);
    assertThat(cli.err)
        .containsPattern("made by [0-9a-f]{16}, now it is [0-9a-f]{16}")
        .contains("--force");
    assertThat(Files.readAllBytes(out())).isEqualTo(before);
    assertThat(part()).doesNotExist();

    assertThat(run("a\nb\n", "hidden", "--resume", "--force", "-c", classes.toString())).isZero();
    assertThat(cli.err).contains("1 result kept, 1 new row");
    assertThat(run("a\nb\n", "hidden", "--resume", "-c", classes.toString())).isZero();
  }

  @Test
  void aChangedInputIsTold() throws IOException {
    Path input = CommandLineFixture.write(directory.resolve("in.txt"), "a\n");
    String[] command = {
      "map", SAMPLES + "hidden", input.toString(), "--resume", "--out", out().toString()
    };
    cli.run("", command);
    CommandLineFixture.write(input, "a\nbb\n");

    assertThat(cli.run("", command)).isZero();

    assertThat(cli.err).contains("the input has changed: it was ", "(2 bytes", "(5 bytes");
  }

  @Test
  void anEmptyFileHasNothingToLose() throws IOException {
    Files.createFile(out()); // as mktemp does
    assertThat(run("a\n", "hidden")).isZero();
    assertThat(results()).containsExactly("0 a ok 1");
  }

  @Test
  void aLinkStaysALink() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));
    Files.createSymbolicLink(out(), file);

    assertThat(run("a\n", "hidden")).isZero();

    assertThat(out()).isSymbolicLink();
    assertThat(Files.readString(file)).contains("hidden a");
  }

  @Test
  void theFirstTwentyThatFailAlikeHaltTheRun() {
    String odd = "1\n3\n5\n7\n9\n".repeat(20);

    assertThat(run(odd, "fail")).isEqualTo(4);

    assertThat(cli.err)
        .contains("halted: the first 20 items all failed alike")
        .contains("to go on, give the same command with --resume")
        .contains("20 items: 20 failed");
    assertThat(part()).exists();
    assertThat(out()).doesNotExist();

    assertThat(run(odd, "fail")).as("there are results of before").isEqualTo(2);
    assertThat(cli.err).contains("was broken off");
    assertThat(run(odd, "fail", "--resume", "--halt", "never")).isEqualTo(1);
    assertThat(cli.err).contains("20 results kept, 80 new rows");
    assertThat(run("2\n" + odd, "fail", "--force")).as("one is ok").isEqualTo(1);
  }

  @Test
  void whatFailedBeforeMayFailAgainWithoutHaltingTheRun() throws IOException {
    String rows = "2\n" + "1\n3\n".repeat(15);
    assertThat(run(rows, "fail")).isEqualTo(1);

    assertThat(run(rows, "fail", "--retry-failed")).as(cli.err).isEqualTo(1);

    assertThat(cli.err).contains("1 result kept, 0 new rows, 30 run again");
  }

  @Test
  void aDeviceKeepsNothing() {
    assertThat(cli.run("a\n", "map", SAMPLES + "hidden", "--out", "/dev/null")).isZero();
    assertThat(cli.run("a\n", "map", SAMPLES + "hidden", "--out", "/dev/null", "--resume"))
        .isEqualTo(2);
    assertThat(cli.err).contains("/dev/null is a device or pipe, which keeps nothing");
  }

  @Test
  void rulesHaltTheRun() {
    String rows = "2\n1\n".repeat(50);
    assertThat(run(rows, "fail", "--halt", "failed=3")).isEqualTo(4);
    assertThat(cli.err).contains("halted: 3 of 5 items are not ok").contains("6 items: 3 ok, 3");
    assertThat(run(rows, "fail", "--force", "--halt", "failed=40%,now")).isEqualTo(4);
    assertThat(cli.err).contains("halted: 10 of 20 items are not ok\n");
    assertThat(run("1\n3\n2\n1\n3\n5\n7\n", "fail", "--force", "--halt", "same=3")).isEqualTo(4);
    assertThat(cli.err).contains("halted: 3 items one after the other failed alike");
    assertThat(run(rows, "fail", "--force", "--halt", "failed=60%", "--halt", "same=2"))
        .isEqualTo(1);

    WorkerExit exit =
        new WorkerExit(77, 1, WorkerExit.Reason.EXITED, null, List.of(), null, List.of());
    cli.scripted.put(2L, new Outcome.WorkerLost<>(2, 1, Duration.ZERO, 77, exit));
    assertThat(run(rows, "fail", "--force", "--halt", "lost=1")).isEqualTo(4);
    assertThat(cli.err).contains("halted: 1 items took their worker down");
  }

  @Test
  void ofARunThatIsDonePrintedFormsAndTablesAreInOrder() throws IOException {
    run("2\n4\n6\n", "fail");
    assertThat(run("2\n1\n4\n6\n8\n", "fail", "--resume", "--print", "value")).isEqualTo(1);
    assertThat(cli.out()).isEqualTo("2\n4\n6\n8\n");
    cli.out = new java.io.ByteArrayOutputStream();

    run("2\n1\n4\n6\n8\n", "fail", "--resume", "--table");
    assertThat(cli.out().lines())
        .containsExactly(
            "item  value",
            "----  -----",
            "2         2",
            "4         4",
            "6         6",
            "8         8",
            "1: failed: odd: 1");

    cli.out = new java.io.ByteArrayOutputStream();
    cli.run("2\n1\n", "map", SAMPLES + "fail", "--table");
    assertThat(cli.out()).as("at once, the same name").endsWith("\n1: failed: odd: 1\n");
  }
}
