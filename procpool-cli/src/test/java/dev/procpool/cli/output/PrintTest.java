package dev.procpool.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.cli.CommandLineFixture;
import dev.procpool.cli.message.BrokenOffException;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code --print} makes of results, and what options about them are refused. */
class PrintTest {

  private static final String SAMPLES = "dev.procpool.cli.Samples::";

  private final CommandLineFixture cli = new CommandLineFixture();

  @Test
  void valuesAreTextWithoutQuotesAndWhatFailsIsNotAmongThem() {
    assertThat(cli.run("2\n1\nx\n4\n", "map", SAMPLES + "fail", "--print", "value")).isEqualTo(1);
    assertThat(cli.out()).isEqualTo("2\n4\n");
    cli.run("a\u00e4\n", "map", SAMPLES + "hidden", "--print", "value");
    assertThat(cli.out()).endsWith("\nhidden a\u00e4\n");
    cli.run("a\n", "map", SAMPLES + "nothing", "--print", "value");
    assertThat(cli.out()).as("null").endsWith("a\u00e4\n\n");
  }

  @Test
  void tagsStandBeforeEachLine() {
    cli.run(
        "a,b\nc,d\n", "starmap", "java.lang.String::join(CharSequence,CharSequence[])", "--tag");
    assertThat(cli.err).contains("--tag goes with --print value or a template");

    cli.run("\"a\\tb\"\n", "map", SAMPLES + "hidden", "-f", "jsonl", "--print", "value", "--tag");
    assertThat(cli.out()).isEqualTo("a b\thidden a\tb\n");
    cli.out = new java.io.ByteArrayOutputStream();
    cli.run("\"a\\nb\"\n", "map", SAMPLES + "hidden", "-f", "jsonl", "--print", "value", "--tag");
    assertThat(cli.out()).isEqualTo("a b\thidden a\na b\tb\n");
  }

  @Test
  void templatesTakePartsByName() {
    String order = "{\"id\":\"a\",\"qty\":3,\"due\":null,\"price\":1.50}\n";
    cli.run(
        order,
        "map",
        SAMPLES + "echo",
        "-f",
        "jsonl",
        "--print",
        "{index} {{{value.id}}}\\t{value.price}|{value.due}|{args.0.qty}");
    assertThat(cli.out()).isEqualTo("0 {a}\t1.50||3\n");
    assertThat(cli.err).doesNotContain("--print");
    cli.out = new java.io.ByteArrayOutputStream();

    cli.run("2\n1\n", "map", SAMPLES + "fail", "--print", "{args.0} {status} {error.message}");
    assertThat(cli.out()).isEqualTo("2 ok \n1 failed odd: 1\n");
    assertThat(cli.err).doesNotContain("--print");
  }

  @Test
  void aPartThatNoResultHasIsTold() {
    String row = "{\"size\":3}\n{\"size\":4}\n";
    cli.run(row, "map", SAMPLES + "get", "-f", "jsonl", "--print", "{value.sise}|{args.0.size}");
    assertThat(cli.out()).isEqualTo("|3\n|4\n");
    assertThat(cli.err)
        .containsOnlyOnce(
            "procpool: --print: no result had '{value.sise}'; of the first value:"
                + " did you mean 'size'? it has size\n");

    String some = "{\"size\":3}\n{\"sise\":4}\n";
    cli.run(some, "map", SAMPLES + "get", "-f", "jsonl", "--print", "{value.sise}");
    assertThat(cli.err).as("some have it").doesNotContain("--print");
    cli.run("1\n", "map", SAMPLES + "fail", "--print", "{value.sise} {status}");
    assertThat(cli.err).as("nobody knows").doesNotContain("--print");
  }

  @Test
  void whatARecordHasIsKnownBeforeTheRun() {
    assertThat(cli.run("{}\n", "map", SAMPLES + "echo", "-f", "jsonl", "--print", "{value.Id}"))
        .isEqualTo(2);
    assertThat(cli.err)
        .isEqualTo(
            "procpool: --print: no result has '{value.Id}'; did you mean 'id'?"
                + " it has id, qty, due, price\n");
    assertThat(cli.run("{}\n", "map", SAMPLES + "echo", "-f", "jsonl", "--table", "--sort", "cost"))
        .isEqualTo(2);
    assertThat(cli.err)
        .isEqualTo(
            "procpool: --sort: the table has no column 'cost'; it has id, qty, due, price\n");
    assertThat(cli.opened).isEmpty();
    assertThat(cli.run("{}\n", "map", SAMPLES + "echo", "-f", "jsonl", "--table", "--sort", "qty"))
        .as(cli.err)
        .isNotEqualTo(2);
  }

  @Test
  void whatNoEncodingCanWriteIsEscaped() {
    String row = "\"a\\ud800b\"\n";
    for (String form : List.of("value", "{value}", "csv")) {
      cli.out = new java.io.ByteArrayOutputStream();
      cli.run(row, "map", SAMPLES + "hidden", "-f", "jsonl", "--print", form);
      assertThat(cli.out()).as(form).contains("hidden a\\ud800b").doesNotContain("?");
    }
    cli.out = new java.io.ByteArrayOutputStream();
    cli.run(row, "map", SAMPLES + "hidden", "-f", "jsonl", "--table");
    assertThat(cli.out()).contains("hidden a\\ud800b").doesNotContain("?");
  }

  @Test
  void csvHasTheFirstValuesPropertiesAsColumns() {
    String rows =
        "{\"id\":7}\n{\"id\":\"a,\\\"b\",\"qty\":3,\"due\":null,\"price\":1.50}\n"
            + "{\"id\":\"c\",\"qty\":4,\"due\":\"2024-01-02\",\"price\":2}\n";
    cli.run(rows, "map", SAMPLES + "echo", "-f", "jsonl", "--print", "csv");
    assertThat(cli.out())
        .startsWith("index,status,id,qty,due,price,error\n0,invalid,,,,,")
        .endsWith("\n1,ok,\"a,\"\"b\",3,,1.50,\n2,ok,c,4,2024-01-02,2,\n");
    cli.out = new java.io.ByteArrayOutputStream();

    cli.run("2\n1\n", "map", SAMPLES + "fail", "--print", "csv");
    assertThat(cli.out()).isEqualTo("index,status,value,error\n0,ok,2,\n1,failed,,odd: 1\n");
    cli.out = new java.io.ByteArrayOutputStream();

    cli.run("1\n3\n", "map", SAMPLES + "fail", "--print", "csv");
    assertThat(cli.out())
        .isEqualTo("index,status,value,error\n0,failed,,odd: 1\n1,failed,,odd: 3\n");
  }

  @Test
  void whatCsvHoldsBackIsPrintedWhenTheRunIsHalted() {
    String rows = "1\n".repeat(25);
    assertThat(cli.run(rows, "map", SAMPLES + "fail", "--print", "csv")).isEqualTo(4);
    assertThat(cli.out().lines()).hasSizeGreaterThan(20).allMatch(line -> line.contains(","));
  }

  @Test
  void whatAHeaderSaysDoesTheTerminalNoHarm() {
    String name = "\u001b[31mx\u009b";
    String rows = name + "," + name + "\n1,2\n";
    assertThat(cli.run(rows, "map", SAMPLES + "get", "-f", "csv", "--header")).isEqualTo(2);
    assertThat(cli.err).contains("twice, in columns 1 and 2").doesNotContain("\u001b", "\u009b");
  }

  @Test
  void csvLosesNoValueThatHasNoColumn() {
    String rows = "x,y\n1,2\n";
    assertThat(cli.run(rows, "map", SAMPLES + "get", "-f", "csv", "--header", "--print", "csv"))
        .isZero();
    assertThat(cli.out()).isEqualTo("index,status,x,y,error\n0,ok,1,2,\n");

    StringWriter out = new StringWriter();
    CsvPrinter printer = new CsvPrinter(out);
    org.assertj.core.api.Assertions.assertThatExceptionOfType(BrokenOffException.class)
        .isThrownBy(
            () -> {
              printer.print("{\"index\":0,\"status\":\"ok\",\"value\":{\"a\":1}}\n");
              printer.print("{\"index\":1,\"status\":\"ok\",\"value\":{\"b\":1}}\n");
            })
        .withMessageContaining("item 1 has 'b', for which there is no column");
  }

  @ParameterizedTest
  @CsvSource({
    "map a::b --print xml, --print 'xml' is none of value",
    "map a::b --print {what}, --print: '{what}' is no part of a result",
    "map a::b --print {value, --print: '{{value}' is no part of a result",
    "map a::b --print csv --tag, --tag goes with --print value",
    "map a::b --print csv --table, --print and --table both want standard output",
    "map a::b --resume, --resume is about the results in a file: give --out too",
    "map a::b --force, --force is about the results in a file",
    "map a::b --out r --retry-failed=slow, '--retry-failed: ''slow'' is none of failed, invalid'",
    "map a::b --halt soon, --halt 'soon' is none of failed=10",
    "map a::b --halt failed=0, --halt 'failed=0' is none of",
    "map a::b --halt lost=5%, --halt 'lost=5%' is none of",
    "map a::b --halt failed=101%, --halt 'failed=101%' is none of",
    "map a::b --halt now, --halt now says no when",
    "map a::b -t 1x, Invalid value for option '--timeout': '1x' must be more than 1x",
    "map a::b --retries many, --retries 'many' is not of the form 3 or 3",
    "map a::b --retries -1, --retries must be 0 to 1000000",
    "map a::b --capture --in-process, --capture needs worker processes",
  })
  void wrongUseIsToldInALine(String arguments, String message) {
    assertThat(cli.run("1\n", arguments.split(" "))).isEqualTo(2);
    assertThat(cli.err).startsWith("procpool: " + message).doesNotContain("\tat ");
    assertThat(cli.opened).isEmpty();
  }

  @Test
  void retriesReachTheTask() {
    cli.run("2\n", "map", SAMPLES + "fail", "--retries", "3,2s");
    assertThat(cli.taskOptions.get(0).retry())
        .hasValueSatisfying(
            policy -> {
              assertThat(policy.maxAttempts()).isEqualTo(4);
              assertThat(policy.delay(2)).isEqualTo(Duration.ofSeconds(4));
            });
    assertThat(cli.out()).contains("\"starts\":1");
  }

  /** Else a reader of the table would take the one for the other, and --header refuse it. */
  @Test
  void noTwoColumnsOfCsvHaveOneName() {
    cli.run(
        "{\"index\":7,\"error\":\"none\"}\n",
        "map",
        "java.util.Map::copyOf",
        "-f",
        "jsonl",
        "--print",
        "csv");

    assertThat(cli.out().lines().findFirst().orElseThrow().split(","))
        .containsExactlyInAnyOrder("index", "status", "value.index", "value.error", "error");
    assertThat(cli.out()).endsWith("\n").contains("0,ok,", "7").contains("none,");
  }

  /** Whose status it is can be told by the name, and all that is of the value looks so. */
  @Test
  void ifOneColumnOfCsvHasTheValuesPrefixAllOfTheValueHave() throws Exception {
    StringWriter out = new StringWriter();
    CsvPrinter printer = new CsvPrinter(out);
    printer.print("{\"index\":0,\"status\":\"ok\",\"value\":{\"id\":7,\"status\":\"open\"}}\n");

    assertThat(out).hasToString("index,status,value.id,value.status,error\n0,ok,7,open,\n");
  }

  @Test
  void wideCharactersAlignInTables() {
    cli.run("\u6f22\u5b57\nb\n", "map", "java.lang.String::strip", "--table");

    assertThat(cli.out())
        .isEqualTo("item  value\n----  -----\n\u6f22\u5b57  \u6f22\u5b57\nb     b\n");
    String smile = "\ud83d\ude00";
    cli.run(smile.repeat(31) + "\n", "map", "java.lang.String::strip", "--table");
    assertThat(cli.out()).contains(smile.repeat(28) + "...").doesNotContain("?");
  }

  @Test
  void aTableWithoutTheColumnToSortBySaysSo() {
    assertThat(cli.run("2\n", "map", SAMPLES + "fail", "--table", "--sort", "valeu")).isEqualTo(2);

    assertThat(cli.out())
        .as("nothing is lost")
        .isEqualTo("item  value\n----  -----\n2         2\n");
    assertThat(cli.err)
        .endsWith(
            "\nprocpool: --sort: the table has no column 'valeu';"
                + " did you mean 'value'? it has item, value\n");
  }

  @Test
  void aMessageOfSeveralLinesForgesNone() {
    cli.run("a\n", "map", SAMPLES + "shout");

    assertThat(cli.err).contains("failed: java.lang.IllegalStateException: a\n  procpool: 9 items");
  }
}
