package dev.procpool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.procpool.Outcome;
import dev.procpool.PoolBrokenException;
import dev.procpool.WorkerExit;
import dev.procpool.cli.pool.PoolSettings;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whole runs on a pool in this JVM. */
class RunTest {

  private static final String SAMPLES = "dev.procpool.cli.Samples::";

  @TempDir Path directory;

  private final CommandLineFixture cli = new CommandLineFixture();

  private List<String> values() {
    return cli.results().stream().map(r -> r.get("value").toString()).toList();
  }

  @Test
  void eachResultIsOneJsonObject() {
    assertThat(cli.run("3,0.5\n", "starmap", SAMPLES + "price")).isZero();

    JsonNode result = cli.results().get(0);
    assertThat(result.fieldNames())
        .toIterable()
        .containsExactly("index", "args", "status", "value", "ms", "pid");
    assertThat(result.get("index").intValue()).isZero();
    assertThat(result.get("args").toString()).isEqualTo("[3,0.5]");
    assertThat(result.get("status").textValue()).isEqualTo("ok");
    assertThat(result.get("value").doubleValue()).isEqualTo(1.5);
    assertThat(result.get("ms").decimalValue()).isEqualByComparingTo("1.5");
    assertThat(result.get("pid").longValue()).isEqualTo(ProcessHandle.current().pid());
    assertThat(cli.err)
        .matches("1 item: 1 ok in [0-9.]+ s \\([0-9,]+ items/s\\) on [0-9]+ workers?\n");
  }

  @Test
  void brokenRowsAreReportedAndCountedAndTheRestRuns() {
    int exit = cli.run("qty,rate\n1,2\nabc,2\n3\n4,\n5,1\n", "starmap", SAMPLES + "price");

    assertThat(exit).isEqualTo(1);
    assertThat(cli.results().stream().map(r -> r.get("status").textValue()))
        .containsExactly("invalid", "ok", "invalid", "invalid", "invalid", "ok");
    assertThat(cli.results().get(2).get("error").get("message").textValue())
        .startsWith("line 3, column 1")
        .endsWith(": 'abc' is not an int");
    assertThat(cli.results().get(2).get("args").toString()).isEqualTo("[\"abc\",2]");
    assertThat(cli.err)
        .contains("procpool: line 1, column 1")
        .contains("(a header? --header)")
        .contains("procpool: line 4: 1 field, but Samples.price(")
        .contains("procpool: line 5, column 2")
        .contains("empty, but double needs a value")
        .contains("6 items: 2 ok, 4 invalid in ");
  }

  @Test
  void tellsOnlyTheFirstTenOfManyBrokenRows() {
    cli.run("1,1\n" + "x,1\n".repeat(500), "starmap", SAMPLES + "price");

    assertThat(cli.err.lines().filter(line -> line.contains("is not an int"))).hasSize(10);
    assertThat(cli.err)
        .contains("more items are not well")
        .contains("501 items: 1 ok, 500 invalid");
  }

  @Test
  void columnsAreNamedInMessages() {
    Path source =
        CommandLineFixture.write(
            directory.resolve("Price.java"),
            "class Price { static double price(int qty, double rate) { return qty * rate; } }");
    Path input =
        CommandLineFixture.write(directory.resolve("in.csv"), "rate,note,qty\n2,x,3\n2,y,z\n");

    assertThat(cli.run("", "starmap", source + "::price", input.toString(), "--header"))
        .isEqualTo(1);

    assertThat(cli.results().get(0).get("value").doubleValue()).isEqualTo(6.0);
    assertThat(cli.results().get(1).get("error").get("message").textValue())
        .isEqualTo("line 3, column 3 (qty): 'z' is not an int");
  }

  @Test
  void failedItemsTellClassAndMessage() {
    assertThat(cli.run("1\n2\n", "map", SAMPLES + "fail")).isEqualTo(1);

    JsonNode error = cli.results().get(0).get("error");
    assertThat(error.get("type").textValue()).isEqualTo("java.lang.IllegalStateException");
    assertThat(error.get("message").textValue()).isEqualTo("odd: 1");
    assertThat(error.has("stack")).isFalse();
    assertThat(cli.results().get(1).get("value").intValue()).isEqualTo(2);
    assertThat(cli.err)
        .contains("procpool: line 1: failed: java.lang.IllegalStateException: odd: 1")
        .contains("2 items: 1 ok, 1 failed");
  }

  @Test
  void stackTracesAreGivenWhenAskedFor() {
    cli.run("1\n", "map", SAMPLES + "fail", "--stack-traces");

    assertThat(cli.results().get(0).get("error").get("stack").textValue())
        .contains("at dev.procpool.cli.Samples.fail");
  }

  @Test
  void whatThePoolReportsBecomesAStatus() {
    WorkerExit exit =
        new WorkerExit(77, 1, WorkerExit.Reason.EXITED, null, List.of("bye"), null, List.of());
    Duration limit = Duration.ofMillis(20);
    cli.scripted.put(0L, new Outcome.WorkerLost<>(0, 1, limit, 77, exit));
    cli.scripted.put(1L, new Outcome.TimedOut<>(1, 1, limit, 78, limit, List.of()));
    cli.scripted.put(2L, new Outcome.Cancelled<>(2, 0, Duration.ZERO, 0));

    assertThat(cli.run("[1, 1]\n[2,2]\n[3,\n[4,4]\n", "starmap", SAMPLES + "price", "-f", "jsonl"))
        .isEqualTo(1);

    assertThat(cli.results().stream().map(r -> r.get("status").textValue()))
        .containsExactly("worker-lost", "timed-out", "cancelled", "ok");
    assertThat(cli.results().get(0).get("pid").intValue()).isEqualTo(77);
    assertThat(cli.results().get(0).get("args").toString()).isEqualTo("[1,1]");
    assertThat(cli.results().get(0).get("error").get("message").textValue())
        .contains("exited with code 1")
        .contains("bye");
    assertThat(cli.results().get(1).get("ms").intValue()).isEqualTo(20);
    assertThat(cli.results().get(2).get("args").toString()).isEqualTo("[\"[3,\"]");
    assertThat(cli.err).contains("4 items: 1 ok, 1 timed-out, 1 worker-lost, 1 cancelled");
  }

  @Test
  void aBrokenPoolEndsTheRun() {
    cli.scripted.put(
        1L,
        new Outcome.Failure<>(
            1,
            0,
            Duration.ZERO,
            0,
            new PoolBrokenException("workers do not start: bad option", null)));

    assertThat(cli.run("1,1\n2,2\n3,3\n", "starmap", SAMPLES + "price")).isEqualTo(3);
    assertThat(cli.err).contains("workers do not start: bad option").doesNotContain("\tat ");
    assertThat(cli.results()).hasSize(1);
  }

  @Test
  void resultsComeInOrderOrAsTheyCome() {
    cli.run("1,1\n2,1\n3,1\n", "starmap", SAMPLES + "price");
    cli.run("1,1\n2,1\n3,1\n", "starmap", SAMPLES + "price", "--unordered");

    assertThat(cli.results().stream().map(r -> r.get("index") + ":" + r.get("args").get(0)))
        .containsExactly("0:1", "1:2", "2:3", "1:2", "0:1", "2:3");
  }

  @Test
  void csvRowsBecomeRecordsByNameOrPosition() {
    cli.run(
        "due,id,x,price,qty\n2024-01-02,a,-,1.50,3\n",
        "map",
        SAMPLES + "order",
        "-f",
        "csv",
        "--header");
    cli.run("b,4,,2\n", "map", SAMPLES + "order", "-f", "csv");

    assertThat(values()).containsExactly("\"a/3/2024-01-02/1.50\"", "\"b/4/null/2\"");
  }

  @Test
  void csvRowsBecomeListsAndMaps() {
    cli.run("a,b\nc\n", "map", SAMPLES + "size", "-f", "csv");
    cli.run("x,y\n1,2\n", "map", SAMPLES + "get", "-f", "csv", "--header");

    assertThat(values()).containsExactly("2", "1", "{\"x\":1,\"y\":2}");
    assertThat(cli.run("1,2\n", "map", SAMPLES + "get", "-f", "csv")).isEqualTo(2);
    assertThat(cli.err).contains("takes a Map, which needs the columns' names: use --header");
  }

  @Test
  void jsonLinesBecomeRecordsListsAndNamedArguments() {
    String order = "{\"id\":\"a\",\"qty\":3,\"due\":\"2024-01-02\",\"price\":1.50}\n";
    cli.run(order, "map", SAMPLES + "echo", "-f", "jsonl");
    cli.run("[[1,2,3]]\n", "starmap", SAMPLES + "sum", "-f", "jsonl");
    cli.run("[1,2,3]\n", "map", SAMPLES + "sum", "-f", "jsonl");
    cli.run("[\"SECONDS\",\"PT1S\",true]\n", "starmap", SAMPLES + "mixed", "-f", "jsonl");

    assertThat(cli.out()).contains("\"value\":" + order.strip()); // the scale of 1.50 too
    assertThat(values().subList(1, 4)).containsExactly("6", "6", "\"SECONDS PT1S true\"");
  }

  @Test
  void brokenJsonTellsLineAndColumn() {
    cli.run(
        "[1,2]\n[1,x]\n[1, \"2\"]\n[1.5,2]\n7\n[1,2] 3\n",
        "starmap",
        SAMPLES + "price",
        "-f",
        "jsonl");

    List<String> messages =
        cli.results().stream().skip(1).map(r -> r.get("error").get("message").textValue()).toList();
    assertThat(messages.get(0)).startsWith("line 2, column 4: not JSON: ");
    assertThat(messages.get(1)).startsWith("line 3, column 5").endsWith("'\"2\"' is not a double");
    assertThat(messages.get(2)).startsWith("line 4, column 2").endsWith("'1.5' is not an int");
    assertThat(messages.get(3)).startsWith("line 5: 1 value, but Samples.price(");
    assertThat(messages.get(4)).isEqualTo("line 6, column 7: more than one JSON value in the line");
  }

  @Test
  void filesArePathsOrContent() {
    CommandLineFixture.write(directory.resolve("a.txt"), "12345");
    CommandLineFixture.write(directory.resolve("b.txt"), "");

    assertThat(cli.run("", "map", SAMPLES + "bytes", "--files", directory + "/*.txt")).isZero();

    assertThat(values()).containsExactly("5", "0");
    assertThat(cli.results().get(0).get("args").get(0).textValue()).endsWith("/a.txt");
    assertThat(cli.run("", "map", SAMPLES + "bytes", "--files", directory + "/*.x")).isEqualTo(2);
    assertThat(cli.err).contains("matches no file");
  }

  @Test
  void nothingIsNullAndWhatIsNoNumberIsText() {
    cli.run("a\n", "map", SAMPLES + "nothing");
    cli.run("-1\n", "map", "java.lang.Math::sqrt");

    assertThat(values()).containsExactly("null", "\"NaN\"");
  }

  @Test
  void resultsGoToTheFileOfOut() throws IOException {
    Path out = directory.resolve("results.jsonl");

    assertThat(cli.run("a\n", "map", SAMPLES + "hidden", "--out", out.toString())).isZero();

    assertThat(cli.out()).isEmpty();
    List<String> lines = Files.readAllLines(out);
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0)).startsWith("{\"procpool\":{\"journal\":1,\"target\":\"map ");
    assertThat(CommandLineFixture.json(lines.get(1)).fieldNames())
        .toIterable()
        .containsExactly("index", "args", "status", "value", "ms", "pid", "key", "attempt");
    assertThat(directory.resolve("results.jsonl.part")).doesNotExist();
  }

  @Test
  void tableShowsTheValuesProperties() throws IOException {
    Path out = directory.resolve("results.jsonl");
    String rows =
        "{\"id\":\"a\",\"qty\":3,\"due\":null,\"price\":10}\n"
            + "{\"id\":\"long\",\"qty\":12,\"due\":null,\"price\":1}\n7\n";

    cli.run(rows, "map", SAMPLES + "echo", "-f", "jsonl", "--table", "--out", out.toString());

    assertThat(cli.out().lines())
        .startsWith(
            "id    qty  due  price",
            "----  ---  ---  -----",
            "a       3          10",
            "long   12           1")
        .hasSize(5)
        .last(InstanceOfAssertFactories.STRING)
        .startsWith("7: invalid: line 3");
    assertThat(Files.readAllLines(out)).as("a header, three items").hasSize(4);
  }

  @Test
  void tableIsSortedByAColumn() {
    cli.run("[1]\n[5,1]\n[3]\n", "map", "java.util.List::copyOf", "-f", "jsonl", "--table");
    assertThat(cli.out()).contains("5, 1");
    cli.out = new java.io.ByteArrayOutputStream();

    cli.run("1\n5\n3\n", "map", "java.lang.Double::valueOf(String)", "--table", "--sort", "value");
    assertThat(cli.out().lines())
        .containsExactly("item  value", "----  -----", "5       5.0", "3       3.0", "1       1.0");
    cli.out = new java.io.ByteArrayOutputStream();

    cli.run("b\na\n", "map", SAMPLES + "hidden", "--table", "--sort", "value");
    assertThat(cli.out().lines().skip(2)).containsExactly("a     hidden a", "b     hidden b");
  }

  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aReaderThatGoesAwayEndsAnEndlessRunQuietly() {
    cli.out =
        new OutputStream() {
          private int left = 20_000;

          @Override
          public void write(int b) throws IOException {
            if (left-- == 0) {
              throw new IOException("Broken pipe");
            }
          }
        };

    int exit = cli.run(new EndlessInput("1,2\n"), "starmap", SAMPLES + "price");

    assertThat(exit).isZero();
    assertThat(cli.err).isEmpty();
  }

  @Test
  void aReaderThatGoesAwayHasSeenEnoughOfWhatIsPrintedAtTheEnd(@TempDir Path directory) {
    cli.out =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("Broken pipe");
          }
        };

    assertThat(cli.run("1,2\n", "starmap", SAMPLES + "price", "--table")).isZero();
    assertThat(cli.err).isEmpty();
    assertThat(cli.run("1,2\n", "starmap", SAMPLES + "price", "--dry-run")).isZero();
    assertThat(cli.err).isEmpty();
    String out = directory.resolve("r").toString();
    assertThat(cli.run("1,2\n", "starmap", SAMPLES + "price", "--print", "value", "--out", out))
        .isZero();
    assertThat(cli.err).startsWith("1 item: 1 ok").as("the results are in the file");
  }

  @Test
  void anEmptyInputIsWellAndStartsNoWorker() {
    assertThat(cli.run("", "starmap", SAMPLES + "price")).isZero();
    assertThat(cli.opened).isEmpty();
    assertThat(cli.err).startsWith("0 items in ");
  }

  @Test
  void optionsReachPoolAndTask() {
    cli.run(
        "1,1\n",
        "starmap",
        SAMPLES + "price",
        "-w",
        "3",
        "-J-Xmx64m",
        "--jvm-option",
        "-ea",
        "--chunk-size",
        "7",
        "--look-ahead",
        "50",
        "--timeout",
        "500ms",
        "-c",
        "target/classes");

    PoolSettings settings = cli.opened.get(0);
    assertThat(settings.workers()).isEqualTo(3);
    assertThat(settings.jvmOptions()).containsExactly("-Xmx64m", "-ea");
    assertThat(settings.classPath()).containsExactly(Path.of("target/classes").toAbsolutePath());
    assertThat(cli.taskOptions.get(0).chunkSize()).hasValue(7);
    assertThat(cli.taskOptions.get(0).lookAhead()).hasValue(50);
    assertThat(cli.taskOptions.get(0).timeout()).contains(Duration.ofMillis(500));
    assertThat(cli.err).contains("on 3 workers");
  }

  @Test
  void aShortRunThatNobodyWatchesSaysNothingOfItsProgress() {
    for (String when : List.of("always", "auto", "never")) {
      cli.run("1,1\n2,2\n", "starmap", SAMPLES + "price", "--progress", when);
      assertThat(cli.err).startsWith("2 items: 2 ok in ");
    }
  }

  /** So many at most are ahead of the results: the others are held back, and let go. */
  @Test
  void manyLargeRowsRunThrough() {
    String row = "x".repeat(1100) + "\n";

    assertThat(cli.run(row.repeat(3000), "map", "java.lang.String::length")).isZero();
    assertThat(cli.out().lines().count()).isEqualTo(3000);
  }
}
