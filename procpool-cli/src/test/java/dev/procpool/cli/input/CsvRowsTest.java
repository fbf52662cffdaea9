package dev.procpool.cli.input;

import static org.assertj.core.api.Assertions.assertThat;

import de.siegmar.fastcsv.reader.CsvReader;
import dev.procpool.cli.CommandLineFixture;
import dev.procpool.cli.options.InputOptions;
import dev.procpool.cli.row.Row;
import dev.procpool.cli.row.Rows;
import dev.procpool.cli.text.TextForm;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is CSV is read as others read it; what is none costs its row, and no row is made up. */
class CsvRowsTest {

  private static List<Row> rows(String text, boolean header, TextForm form) {
    List<Row> rows = new ArrayList<>();
    Input input = new Input(null, List.of(), Format.csv, header, form, RowPlan.PLAIN);
    try (Rows opened =
        input.open(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)))) {
      opened.forEachRemaining(rows::add);
    }
    return rows;
  }

  private static List<String> read(String text) {
    return rows(text, false, TextForm.USUAL).stream()
        .map(
            row ->
                row.kind() == Row.Kind.FIELDS
                    ? row.line() + " " + row.fields()
                    : "! " + row.fault().getMessage())
        .toList();
  }

  @Test
  void aQuoteThatNothingClosesCostsItsRow() {
    assertThat(read("1,a\n2,\"b\n3,c\n4,d\n"))
        .containsExactly(
            "1 [1, a]",
            "! line 2, column 3: a quote opens that nothing closes",
            "3 [3, c]",
            "4 [4, d]");
  }

  @Test
  void aQuoteThatAnotherRowSeemsToCloseCostsItsRow() {
    assertThat(read("1,a\n2,\"b\n3,\"c\"\n4,d\n"))
        .containsExactly(
            "1 [1, a]",
            "! line 2, column 3: a quote opens, and 'c' follows where it closes (line 3, column 4);"
                + " within quotes a quote is written twice",
            "3 [3, c]",
            "4 [4, d]");
  }

  @Test
  void whatMayBeTextOfABrokenRowIsNotRun() {
    assertThat(read("1,a\n2,\"he said \"hi\"\nand left\nb,\"c \"\n3,d\n"))
        .containsExactly(
            "1 [1, a]",
            "! line 2, column 3: a quote opens, and 'h' follows where it closes (line 2, column 13);"
                + " within quotes a quote is written twice",
            "! line 3: not run, for it may be a part of the broken row of line 2",
            "4 [b, c ]",
            "5 [3, d]");
    assertThat(read("a\n\"b \"c\nd\ne\n"))
        .as("of rows of one field, any line may be text")
        .hasSize(4)
        .filteredOn(row -> !row.startsWith("!"))
        .containsExactly("1 [a]");
  }

  @Test
  void aQuoteWithinAFieldWithoutQuotesIsItself() {
    assertThat(read("5\" pipe,a\"b\"\n")).containsExactly("1 [5\" pipe, a\"b\"]");
  }

  @Test
  void aBrokenHeaderIsRefused() {
    CommandLineFixture cli = new CommandLineFixture();

    assertThat(cli.run("a,\"b\n1,2\n", "starmap", "java.lang.Math::pow", "--header")).isEqualTo(2);
    assertThat(cli.err).contains("the header can't be read: line 1, column 3: a quote opens");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      quoteCharacter = '^',
      value = {
        "; ! \" ! a;\"b;c\";'d' ! [a, b;c, 'd']",
        "; ! ' ! a;'b;c';\"d ! [a, b;c, \"d]",
        "\\t ! none ! a\t\"b ! [a, \"b]",
        "| ! none ! a|b,c ! [a, b,c]",
      })
  void delimiterAndQuoteCanBeSaid(String delimiter, String quote, String text, String fields) {
    InputOptions options = new InputOptions();
    options.delimiter = delimiter;
    options.quote = quote;

    assertThat(rows(text, false, options.form(Format.csv)))
        .extracting(row -> row.fields().toString())
        .containsExactly(fields);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      quoteCharacter = '^',
      value = {
        "--delimiter :: ! --delimiter must be one character (\\t is a tab), and no line break; was '::'",
        "--quote ab ! --quote must be one character",
        "--quote , --delimiter , ! --delimiter and --quote are the same: ','",
        "--delimiter , -f lines ! --delimiter goes with csv and tsv; the input is lines",
        "--quote ' -f jsonl ! --quote goes with csv and tsv; the input is jsonl",
        "-0 -f csv ! -0 goes with --format lines, one item each; the input is csv",
      })
  void wrongUseIsRefused(String options, String message) {
    CommandLineFixture cli = new CommandLineFixture();
    List<String> args = new ArrayList<>(List.of("starmap", "java.lang.Math::pow"));
    args.addAll(List.of(options.split(" ")));

    assertThat(cli.run("1,2\n", args.toArray(String[]::new))).isEqualTo(2);
    assertThat(cli.err).startsWith("procpool: " + message);
  }

  /** Any text of few characters: where it is well-formed, FastCSV reads the same. */
  @Test
  void wellFormedTextIsReadAsFastCsvReadsIt() {
    long seed = new SplittableRandom().nextLong();
    SplittableRandom random = new SplittableRandom(seed);
    String letters = "ab,,\"\"\n\r ";
    int compared = 0;
    for (int n = 0; n < 20_000; n++) {
      StringBuilder text = new StringBuilder("x");
      int length = random.nextInt(14);
      for (int i = 0; i < length; i++) {
        text.append(letters.charAt(random.nextInt(letters.length())));
      }
      List<Row> ours = rows(text.toString(), false, TextForm.USUAL);
      if (ours.stream().allMatch(row -> row.kind() == Row.Kind.FIELDS)) {
        compared++;
        assertThat(ours)
            .as("seed %d, text '%s'", seed, text)
            .extracting(row -> row.line() + " " + row.fields())
            .containsExactlyElementsOf(fastCsv(text.toString()));
      }
    }
    assertThat(compared).isGreaterThan(2000);
  }

  private static List<String> fastCsv(String text) {
    return CsvReader.builder()
        .allowExtraFields(true)
        .allowMissingFields(true)
        .trimWhitespacesAroundQuotes(true)
        .ofCsvRecord(text)
        .stream()
        .map(record -> record.getStartingLineNumber() + " " + record.getFields())
        .toList();
  }

  @Test
  void noDelimiterIsSaidUsually() {
    assertThat(new InputOptions().form(Format.csv))
        .isEqualTo(new TextForm(null, OptionalInt.empty(), '"', false));
  }
}
