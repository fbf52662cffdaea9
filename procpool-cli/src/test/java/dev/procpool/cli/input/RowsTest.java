package dev.procpool.cli.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procpool.cli.CommandLineFixture;
import dev.procpool.cli.EndlessInput;
import dev.procpool.cli.files.FileGlob;
import dev.procpool.cli.message.UsageException;
import dev.procpool.cli.row.Row;
import dev.procpool.cli.row.Rows;
import dev.procpool.cli.text.TextForm;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowsTest {

  @TempDir Path directory;

  private static List<Row> rows(Format format, boolean header, String text) {
    InputStream in = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    List<Row> rows = new ArrayList<>();
    try (Rows opened = new Input(null, List.of(), format, header).open(in)) {
      opened.forEachRemaining(rows::add);
    }
    return rows;
  }

  @Test
  void csvRowsKnowTheirLinesAcrossQuotedBreaks() {
    assertThat(rows(Format.csv, false, "a,\"b\nc\"\n\n\"say \"\"x\"\"\",d,e\n"))
        .containsExactly(
            new Row(1, Row.Kind.FIELDS, List.of("a", "b\nc")),
            new Row(4, Row.Kind.FIELDS, List.of("say \"x\"", "d", "e")));
  }

  @Test
  void aHeaderIsNoRow() {
    InputStream in = new ByteArrayInputStream("id, qty\n1,2\n".getBytes(StandardCharsets.UTF_8));
    try (Rows rows = new Input("-", List.of(), Format.csv, true).open(in)) {
      assertThat(rows.header()).containsExactly("id", "qty");
      assertThat(rows.next()).isEqualTo(new Row(2, Row.Kind.FIELDS, List.of("1", "2")));
      assertThat(rows.hasNext()).isFalse();
    }
  }

  @Test
  void tabsSeparateTsv() {
    assertThat(rows(Format.tsv, false, "a,b\tc\n"))
        .containsExactly(new Row(1, Row.Kind.FIELDS, List.of("a,b", "c")));
  }

  @Test
  void blankLinesAreItemsOfLinesAndNoneOfJson() {
    assertThat(rows(Format.lines, false, "\uFEFFa\n\nb"))
        .extracting(Row::text)
        .containsExactly("a", "", "b");
    assertThat(rows(Format.jsonl, false, "1\n\n2")).extracting(Row::line).containsExactly(1L, 3L);
  }

  @Test
  void anEmptyInputHasNoRows() {
    for (Format format : Format.values()) {
      assertThat(rows(format, false, "")).as(format.name()).isEmpty();
    }
    assertThat(rows(Format.csv, true, "a,b\n")).isEmpty();
  }

  @Test
  void anEndlessInputIsReadAsFarAsAsked() {
    for (Format format : Format.values()) {
      EndlessInput endless = new EndlessInput("1,2\n");
      Rows rows = new Input(null, List.of(), format, false).open(endless);
      for (int i = 0; i < 1000; i++) {
        assertThat(rows.next().line()).isEqualTo(i + 1);
      }
      assertThat(endless.count()).as(format.name()).isLessThan(1_000_000);
    }
  }

  @Test
  void unpacksGzip() throws IOException {
    Path file = directory.resolve("rows.csv.gz");
    try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write("1,2\n".getBytes(StandardCharsets.UTF_8));
    }
    assertThat(Format.of(file)).contains(Format.csv);
    try (Rows rows = new Input(file.toString(), List.of(), Format.csv, false).open(null)) {
      assertThat(rows.next().fields()).containsExactly("1", "2");
    }
  }

  @Test
  void guessesTheNumberOfRowsOfAFile() {
    Path file = CommandLineFixture.write(directory.resolve("a.csv"), "h\n1\n2\n3");
    assertThat(new Input(file.toString(), List.of(), Format.csv, true).guessSize()).hasValue(3);
    assertThat(new Input("-", List.of(), Format.csv, true).guessSize()).isEmpty();
  }

  @Test
  void globsMatchSortedFilesAtAnyDepth() throws IOException {
    Files.createDirectories(directory.resolve("x/y"));
    for (String name : List.of("x/y/3.txt", "x/2.txt", "1.txt", "x/4.md")) {
      CommandLineFixture.write(directory.resolve(name), "");
    }
    assertThat(found("**/*.txt")).containsExactly("1.txt", "x/2.txt", "x/y/3.txt");
    assertThat(found("x/*")).containsExactly("x/2.txt", "x/4.md");
    assertThat(found("*/")).containsExactly("x");
    assertThat(found("1.txt")).containsExactly("1.txt");
    assertThat(found("*.nothing")).isEmpty();
  }

  private List<String> found(String glob) {
    return FileGlob.find(directory + "/" + glob).stream()
        .map(file -> directory.relativize(Path.of(file)).toString())
        .toList();
  }

  @Test
  void globsReachTheModulesOfTheJdk() {
    assertThat(FileGlob.find("jrt:/java.b*/")).containsExactly("jrt:/java.base");
    assertThat(FileGlob.find("jrt:/java.base/java/lang/Obj*.class"))
        .contains("jrt:/java.base/java/lang/Object.class");
  }

  @Test
  void batchesAreCountedAsTheItemsThatTheyAre() {
    Path in = CommandLineFixture.write(directory.resolve("in"), "1\n2\n3\n4\n5\n");
    RowPlan pairs =
        new RowPlan(
            ArgumentLists.NONE, false, WithColumns.NONE, OptionalInt.empty(), 0, OptionalInt.of(2));
    Input input =
        new Input(in.toString(), List.of(), Format.lines, false, TextForm.USUAL, pairs, Set.of());
    assertThat(input.guessSize()).hasValue(3);
  }

  @Test
  void aBadPatternIsWrongUse() {
    assertThatThrownBy(() -> FileGlob.find("a/[b"))
        .isInstanceOf(UsageException.class)
        .hasMessageStartingWith("--files 'a/[b' is no pattern");
  }
}
