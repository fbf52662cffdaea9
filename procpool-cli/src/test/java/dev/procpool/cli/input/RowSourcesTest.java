package dev.procpool.cli.input;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.cli.CommandLineFixture;
import dev.procpool.cli.row.Row;
import dev.procpool.cli.row.Rows;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows that come from the command line, are combined, sampled or another run's, and dry runs. */
class RowSourcesTest {

  @TempDir Path directory;

  private final CommandLineFixture cli = new CommandLineFixture();
  private String price;

  @BeforeEach
  void compile() {
    price =
        CommandLineFixture.write(
                directory.resolve("Price.java"),
                """
                class Price {
                  record Order(int qty, double rate) {}
                  static double price(int qty, double rate) { return qty * rate; }
                  static double total(Order order) { return order.qty() * order.rate(); }
                  static String size(java.nio.file.Path file, int width) {
                    return file.getFileName() + " " + width;
                  }
                  static int bytes(byte[] content, int width) { return 0; }
                  static Object row(java.util.Map<String, String> row) { return row; }
                }
                """)
            + "::price";
  }

  private int run(String input, String... args) {
    return cli.run(
        input, Arrays.stream(args).map(a -> a.equals("PRICE") ? price : a).toArray(String[]::new));
  }

  private List<String> args() {
    return cli.results().stream().map(r -> r.get("args").toString()).toList();
  }

  private List<String> values() {
    return cli.results().stream().map(r -> r.path("value").asText()).toList();
  }

  @Test
  void argumentsOfTheCommandLineAreRows() {
    assertThat(run("not read\n", "map", "Math::abs(int)", "-w", "1", ":::", "-1", "--help", "2"))
        .isEqualTo(1);

    assertThat(values()).containsExactly("1", "", "2");
    assertThat(cli.err).contains("item 2: '--help' is not an int");
  }

  @Test
  void listsAreCombined() {
    run("", "starmap", "PRICE", ":::", "1", "2", ":::", "0.5", "0.25");
    run("", "starmap", "PRICE", ":::", "1", "2", ":::+", "0.5", "0.25");
    run("", "map", price.replace("::price", "::total"), ":::", "3", ":::", "0.5");

    assertThat(args())
        .containsExactly(
            "[1,0.5]", "[1,0.25]", "[2,0.5]", "[2,0.25]", "[1,0.5]", "[2,0.25]", "[3,0.5]");
    assertThat(values()).containsExactly("0.5", "0.25", "1.0", "0.5", "0.5", "0.5", "1.5");
  }

  @Test
  void anInvalidCombinationIsNamedByItsArguments() {
    run("", "starmap", "PRICE", ":::", "1", "x", ":::", "0.5");

    assertThat(cli.err).contains("arguments x 0.5, column 1 (qty): 'x' is not an int");
  }

  @Test
  void columnsAreAddedWithEachOfTheirValues() {
    run("2\n3\n", "starmap", "PRICE", "--with", "rate=1,2");
    run("2\n", "starmap", "PRICE", "-f", "lines", "--with", "qty=3");
    run("note,rate\nx,2\n", "starmap", "PRICE", "--header", "--with", "qty=1,2");
    run("0.5\n", "map", price.replace("::price", "::total"), "--with", "qty=4");
    run("", "starmap", "PRICE", "--with", "rate=7", ":::", "1", "2");

    assertThat(values().subList(0, 10))
        .containsExactly("2.0", "4.0", "3.0", "6.0", "6.0", "2.0", "4.0", "2.0", "7.0", "14.0");
  }

  @Test
  void twoColumnsAreCombinedAndBrokenRowsComeOnce() {
    run("a\n\"b\n", "map", price.replace("::price", "::row"), "--header", "-f", "csv");
    assertThat(
            run(
                "c\nx\n",
                "map",
                price.replace("::price", "::row"),
                "-f",
                "csv",
                "--header",
                "--with",
                "a=1,2",
                "--with",
                "b=3,4"))
        .isZero();
    run("2,\"x\n", "starmap", "PRICE", "--with", "rate=1,2");

    assertThat(cli.results().subList(1, 5))
        .extracting(r -> r.get("value").toString())
        .containsExactly(
            "{\"c\":\"x\",\"a\":\"1\",\"b\":\"3\"}",
            "{\"c\":\"x\",\"a\":\"1\",\"b\":\"4\"}",
            "{\"c\":\"x\",\"a\":\"2\",\"b\":\"3\"}",
            "{\"c\":\"x\",\"a\":\"2\",\"b\":\"4\"}");
    assertThat(cli.results())
        .hasSize(6)
        .last()
        .matches(r -> r.get("status").asText().equals("invalid"));
  }

  @Test
  void filesAreCombined() {
    CommandLineFixture.write(directory.resolve("a.txt"), "");
    String files = directory + "/*.txt";

    assertThat(
            run(
                "",
                "starmap",
                price.replace("::price", "::size"),
                "--files",
                files,
                "--with",
                "width=10,20"))
        .isZero();
    assertThat(values()).containsExactly("a.txt 10", "a.txt 20");
    assertThat(
            run(
                "",
                "starmap",
                price.replace("::price", "::bytes"),
                "--files",
                files,
                "--with",
                "width=10"))
        .isEqualTo(2);
    assertThat(cli.err).contains("takes a file's content, which does not go with --with");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
          starmap PRICE :::                          | ::: has no values behind it
          starmap PRICE ::: 1 2 :::+ 3               | :::+ links lists of one length, but they have 2 and 1 values
          starmap PRICE in.csv ::: 1 ::: 2           | ::: gives the rows: INPUT, --files, --format
          starmap PRICE --with rate                  | --with 'rate' is not of the form NAME=VALUE,VALUE
          starmap PRICE --with rate=1 --with rate=2  | --with gives 'rate' twice
          starmap PRICE --with raet=1                | --with raet: Price.price(int qty, double rate) takes none of that name; did you mean rate?
          starmap PRICE --header --with 1=1          | --with adds a column '1', but the header has one
          starmap PRICE -f jsonl --with rate=1       | --with adds columns, which jsonl has not
          map PRICE --sample 0                       | --sample must be at least 1, was 0
          map PRICE --seed 1                         | --seed goes with --sample
          map PRICE --batch 0                        | --batch must be at least 1, was 0
          starmap PRICE --batch 2                    | --batch passes one list: it goes with map, not with starmap
          map PRICE --batch 2 -f csv                 | --batch goes with map, and rows that are one value each
          map Math::sqrt --batch 2                   | Math.sqrt(double) takes neither a List nor an array, which --batch passes
          map PRICE --from-results -f csv            | --from-results tells the format
          """)
  void wrongUseIsRefused(String line, String message) {
    assertThat(run("1,2\n", line.split(" +"))).isEqualTo(2);

    assertThat(cli.err).startsWith("procpool: " + message);
    assertThat(cli.opened).isEmpty();
  }

  /** What the JVM can't decode comes to it as U+FFFD. */
  @Test
  void whatTheLocaleCanNotReadIsNotRun() {
    assertThat(run("", "map", "String::strip", ":::", "caf\ufffd")).isEqualTo(2);
    assertThat(cli.err).startsWith("procpool: ::: 'caf\ufffd' is not text in this locale (");
    assertThat(run("a\n", "starmap", "String::concat", "--with", "x=\ufffd")).isEqualTo(2);
    assertThat(cli.err).startsWith("procpool: --with 'x=\ufffd' is not text in this locale (");

    try (Rows rows = new FileRows(List.of("a", "b\ufffd"))) {
      assertThat(rows.next().kind()).isEqualTo(Row.Kind.FILE);
      assertThat(rows.next().fault()).hasMessageStartingWith("file b\ufffd: its name is not text");
    }
  }

  @Test
  void rowsOfAnotherWidthAreTold() {
    assertThat(run("1,2\n", "starmap", "PRICE", "--with", "rate=1")).isEqualTo(2);
    assertThat(cli.err)
        .contains(
            "a row has 2 values besides those of --with, but Price.price(int qty, double rate)")
        .contains("takes 1");
  }

  @Test
  void aSampleIsOfTheWholeInputInItsOrder() {
    StringBuilder input = new StringBuilder();
    IntStream.range(0, 1000).forEach(n -> input.append(n).append('\n'));
    List<Integer> all = new ArrayList<>();
    for (int seed = 0; seed < 20; seed++) {
      cli.out = new java.io.ByteArrayOutputStream();
      run(input.toString(), "map", "Math::abs(int)", "--sample", "10", "--seed", "" + seed);
      List<Integer> taken = cli.results().stream().map(r -> r.get("value").intValue()).toList();
      assertThat(taken).hasSize(10).isSorted().doesNotHaveDuplicates();
      all.addAll(taken);
    }
    assertThat(all).anyMatch(n -> n < 250).anyMatch(n -> n > 750);
    cli.out = new java.io.ByteArrayOutputStream();
    run(input.toString(), "map", "Math::abs(int)", "--sample", "10", "--seed", "19");
    assertThat(cli.results())
        .extracting(r -> r.get("value").intValue())
        .isEqualTo(all.subList(190, 200));
    cli.out = new java.io.ByteArrayOutputStream();
    run("1\n2\n", "map", "Math::abs(int)", "--sample", "10");
    assertThat(values()).containsExactly("1", "2");
  }

  @Test
  void batchesArePassedTogether() {
    run("1\n2\n3\n", "map", "dev.procpool.cli.Samples::sum", "--batch", "2");
    run("1\n2 3\n4\n", "map", "dev.procpool.cli.Samples::sum", "--batch", "3", "-f", "jsonl");
    run("", "map", "java.util.Arrays::toString(int[])", "--batch", "2", ":::", "1", "2", "x");

    assertThat(values()).containsExactly("3", "3", "1", "", "4", "[1, 2]", "");
    assertThat(args()).startsWith("[[1,2]]", "[[3]]", "[[1]]").endsWith("[[1,2]]", "[[\"x\"]]");
    assertThat(cli.err).contains("x: 'x' is not an int");
    run("1\ny\n", "map", "dev.procpool.cli.Samples::sum", "--batch", "2");
    assertThat(cli.err).contains("line 2: 'y' is not an Integer");
  }

  @Test
  void valuesOfAnotherRunAreRows() {
    run("", "starmap", "PRICE", ":::", "2", "x", "8", ":::", "2");
    String results = cli.out();
    cli.out = new java.io.ByteArrayOutputStream();

    int exit =
        run("{\"procpool\":1}\n" + results + "what\n", "map", "Math::sqrt", "--from-results");

    assertThat(exit).isEqualTo(1);
    assertThat(values()).containsExactly("2.0", "", "4.0", "");
    assertThat(cli.err)
        .contains("line 3: it has no value, for it was invalid in the run before")
        .contains("line 5: this is no line of a run's results: no JSON");
  }

  @Test
  void aDryRunShowsWhatWouldBePassed() {
    int exit = run("note,rate,qty\na,0.5,2\nb,x,2\n", "starmap", "PRICE", "--header", "--dry-run");

    assertThat(exit).isEqualTo(1);
    assertThat(cli.opened).isEmpty();
    assertThat(cli.out().lines())
        .containsExactly(
            "target: Price.price(int qty, double rate), static",
            "code: " + price.replace("::price", ""),
            "input: standard input, csv with a header, each row's fields are spread",
            "binding: qty is column 3, rate is column 2",
            "line 2: qty = 2, rate = 0.5",
            "line 3, column 2 (rate): 'x' is not a double (invalid)",
            "no more rows");
  }

  @Test
  void aDryRunCallsNothing() {
    int exit =
        run(
            "",
            "map",
            "dev.procpool.cli.Samples.Counter::count",
            "--dry-run",
            ":::",
            "a",
            "b",
            "c",
            "d",
            "e",
            "f");

    assertThat(exit).isZero();
    assertThat(cli.out())
        .contains("called on one object a worker")
        .contains("input: :::, each row is one value")
        .contains("item 1: String = \"a\"")
        .contains("item 5: ")
        .doesNotContain("item 6: ")
        .endsWith("and more rows\n");
  }
}
