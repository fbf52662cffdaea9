package dev.procpool.cli.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.procpool.cli.CommandLineFixture;
import dev.procpool.cli.binding.Mode;
import dev.procpool.cli.message.UsageException;
import dev.procpool.cli.reply.Status;
import dev.procpool.cli.row.Row;
import dev.procpool.cli.value.JsonText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The journal as a file: no process, no pool. */
class JournalTest {

  private static final JournalHeader HEADER = new JournalHeader("map a::b", "c0de", "in.txt");
  private static final Set<Status> NOTHING_AGAIN = EnumSet.noneOf(Status.class);
  private static final Set<Status> ALL_AGAIN = EnumSet.complementOf(EnumSet.of(Status.OK));

  @TempDir Path directory;

  private Path part() {
    return directory.resolve("r.jsonl.part");
  }

  private Path target() {
    return directory.resolve("r.jsonl");
  }

  private static RowKey key(String row) {
    return new RowKeys(Mode.MAP, List.of(), false).of(Row.of(1, Row.Kind.LINE, row));
  }

  private static String line(long index, String row, Status status, int attempt) {
    return JournalLine.START
        + index
        + ",\"args\":["
        + JsonText.quote(row)
        + "],\"status\":\""
        + status.text()
        + "\",\"value\":"
        + JsonText.quote("\u00fc " + row)
        + JournalLine.end(key(row), attempt);
  }

  /** Runs rows that have no result, in this order; gives what ran. */
  private List<String> run(Set<Status> again, Status status, String... rows) throws IOException {
    try (Journal journal = Journal.open(part(), true)) {
      journal.begin(HEADER);
      List<String> ran = runAll(journal, again, status, rows);
      journal.finish(target(), true);
      return ran;
    }
  }

  private static List<String> runAll(
      Journal journal, Set<Status> again, Status status, String... rows) throws IOException {
    List<String> ran = new java.util.ArrayList<>();
    for (int i = 0; i < rows.length; i++) {
      int attempt = journal.claim(key(rows[i]), i, again);
      if (attempt > 0) {
        journal.append(i, attempt, line(i, rows[i], status, attempt).getBytes(UTF_8));
        ran.add(rows[i] + attempt);
      }
    }
    return ran;
  }

  /** The rows of the results that have the final name, with index and attempt. */
  private List<String> results() throws IOException {
    List<String> lines = Files.readAllLines(target());
    assertThat(lines.get(0)).startsWith(JournalHeader.START);
    return lines.stream()
        .skip(1)
        .map(CommandLineFixture::json)
        .map(
            r ->
                r.get("index")
                    + r.get("args").get(0).textValue()
                    + (r.get("attempt").intValue() == 1 ? "" : r.get("attempt")))
        .toList();
  }

  @Test
  void cutAtAnyByteAndResumedNothingIsLostAndNothingWholeRunsTwice() throws IOException {
    String[] rows = {"a", "b", "a", "\u00fc\u20ac", "", "{\"index\":", "a"};
    run(NOTHING_AGAIN, Status.OK, rows);
    byte[] whole = Files.readAllBytes(target());
    Files.delete(target());

    for (int cut = 0; cut <= whole.length; cut++) {
      Files.write(part(), Arrays.copyOf(whole, cut));
      long lines = IntStream.range(0, cut).filter(i -> whole[i] == '\n').count();
      long done = Math.max(0, lines - 1);

      List<String> ran = run(NOTHING_AGAIN, Status.OK, rows);

      assertThat(ran).as("cut at %s", cut).hasSize(rows.length - (int) done);
      assertThat(Files.readAllBytes(target())).as("cut at %s", cut).isEqualTo(whole);
      assertThat(part()).doesNotExist();
    }
  }

  @Test
  void aPowerCutThatLeavesZerosIsATornEnd() throws IOException {
    run(NOTHING_AGAIN, Status.OK, "a", "b");
    byte[] whole = Files.readAllBytes(target());
    for (int cut = 0; cut < whole.length; cut++) {
      byte[] zeros = Arrays.copyOf(Arrays.copyOf(whole, cut), whole.length);
      Files.write(part(), zeros);

      run(NOTHING_AGAIN, Status.OK, "a", "b");

      assertThat(Files.readAllBytes(target())).as("cut at %s", cut).isEqualTo(whole);
    }
  }

  @Test
  void aDamagedLineInTheMiddleRunsAgainAndIsLeftOut() throws IOException {
    run(NOTHING_AGAIN, Status.OK, "a", "b", "c");
    byte[] bytes = Files.readAllBytes(target());
    String text = Files.readString(target());
    bytes[text.indexOf("[\"b\"]") + 2] = 0;
    Files.write(part(), bytes);

    assertThat(run(NOTHING_AGAIN, Status.OK, "a", "b", "c")).containsExactly("b1");
    assertThat(results()).containsExactly("0a", "1b", "2c");
  }

  @Test
  void rowsAreKnownByContentWhereverTheyStandAndAreCounted() throws IOException {
    run(NOTHING_AGAIN, Status.OK, "a", "b", "a", "gone");
    Files.move(target(), part());

    assertThat(run(NOTHING_AGAIN, Status.OK, "new", "a", "a", "a", "b"))
        .containsExactly("new1", "a1");
    assertThat(results()).containsExactly("0new", "1a", "2a", "3a", "4b");
  }

  @Test
  void theSummaryTellsNewRowsAndThoseThatAreGone() throws IOException {
    run(NOTHING_AGAIN, Status.OK, "a", "b", "c");
    Files.move(target(), part());
    try (Journal journal = Journal.open(part(), true)) {
      journal.begin(HEADER);
      runAll(journal, NOTHING_AGAIN, Status.OK, "x", "a", "y");
      assertThat(journal.hasOk()).isTrue();
      assertThat(journal.summary(true))
          .isEqualTo("1 result kept, 2 new rows, 2 gone: their results are left out");
    }
  }

  @Test
  void whatFailedIsRunAgainIfWantedAndTheNewResultTakesItsPlace() throws IOException {
    run(NOTHING_AGAIN, Status.FAILED, "a", "b", "b");
    Files.move(target(), part());
    assertThat(run(NOTHING_AGAIN, Status.OK, "a", "b", "b")).isEmpty();
    Files.move(target(), part());
    assertThat(run(EnumSet.of(Status.TIMED_OUT), Status.OK, "a", "b", "b")).isEmpty();
    Files.move(target(), part());
    assertThat(run(ALL_AGAIN, Status.TIMED_OUT, "a", "b", "b")).containsExactly("a2", "b2", "b2");
    assertThat(results()).containsExactly("0a2", "1b2", "2b2");
    Files.move(target(), part());
    assertThat(run(EnumSet.of(Status.TIMED_OUT), Status.OK, "a", "b", "b"))
        .containsExactly("a3", "b3", "b3");
    Files.move(target(), part());
    assertThat(run(ALL_AGAIN, Status.OK, "a", "b", "b")).isEmpty();
  }

  @Test
  void aRunThatEndsWhileItRetriesGoesOnFromThere() throws IOException {
    run(NOTHING_AGAIN, Status.FAILED, "a", "b", "b", "c");
    Files.move(target(), part());
    try (Journal journal = Journal.open(part(), true)) {
      journal.begin(HEADER);
      assertThat(runAll(journal, ALL_AGAIN, Status.OK, "a", "b")).containsExactly("a2", "b2");
    }

    assertThat(run(ALL_AGAIN, Status.OK, "a", "b", "b", "c")).containsExactly("b2", "c2");
    assertThat(results()).containsExactly("0a2", "1b2", "2b2", "3c2");
  }

  @Test
  void resultsThatCameInNoOrderAreOrderedAtTheEndOnlyIfWanted() throws IOException {
    for (boolean ordered : new boolean[] {true, false}) {
      try (Journal journal = Journal.open(part(), true)) {
        journal.begin(HEADER);
        for (int i : new int[] {2, 0, 1}) {
          assertThat(journal.claim(key("r" + i), i, NOTHING_AGAIN)).isEqualTo(1);
          journal.append(i, 1, line(i, "r" + i, Status.OK, 1).getBytes(UTF_8));
        }
        journal.finish(target(), ordered);
      }
      assertThat(results())
          .isEqualTo(ordered ? List.of("0r0", "1r1", "2r2") : List.of("2r2", "0r0", "1r1"));
    }
    assertThat(directory.toFile().list()).containsExactly("r.jsonl");
  }

  @Test
  void manyRowsAreFoundAgain() throws IOException {
    String[] rows =
        IntStream.range(0, 5000).mapToObj(i -> "row " + i % 3000).toArray(String[]::new);
    run(NOTHING_AGAIN, Status.OK, rows);
    Files.move(target(), part());
    assertThat(run(NOTHING_AGAIN, Status.OK, rows)).isEmpty();
    assertThat(results()).hasSize(5000);
  }

  @Test
  void thereIsOneWriter() throws IOException {
    try (Journal journal = Journal.open(part(), true)) {
      journal.begin(HEADER);
      assertThatExceptionOfType(UsageException.class)
          .isThrownBy(() -> Journal.open(part(), true))
          .withMessageContaining("is being written by another run");
      assertThatExceptionOfType(UsageException.class).isThrownBy(() -> Journal.open(part(), false));
    }
    Journal.open(part(), true).close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a,b\n", "x", "{\"index\":0}\n", "{\"procpool\":{\"journal\":2}}\n"})
  void whatIsNoJournalIsRefusedAndNotTouched(String text) throws IOException {
    Files.writeString(part(), text);

    assertThatExceptionOfType(UsageException.class)
        .isThrownBy(() -> Journal.open(part(), true))
        .withMessageContaining("header");

    assertThat(Files.readString(part())).isEqualTo(text);
    try (Journal journal = Journal.open(part(), false)) {
      assertThat(Files.readString(part())).as("not before it begins").isEqualTo(text);
      journal.begin(HEADER);
    }
    assertThat(Files.readString(part())).isEqualTo(HEADER.line());
  }

  @Test
  void openingChangesNothingYet() throws IOException {
    run(NOTHING_AGAIN, Status.OK, "a");
    Files.move(target(), part());
    Files.writeString(part(), "{\"index\":1,\"to", StandardOpenOption.APPEND);
    String before = Files.readString(part());
    try (Journal journal = Journal.open(part(), true)) {
      assertThat(journal.header()).contains(HEADER);
      assertThat(Files.readString(part())).isEqualTo(before);
    }
  }

  @Test
  void aHeaderOfOtherCodeFollowsAndTheLastCounts() throws IOException {
    JournalHeader other = new JournalHeader("map a::b", "0ther", "in.txt");
    run(NOTHING_AGAIN, Status.OK, "a");
    Files.move(target(), part());
    try (Journal journal = Journal.open(part(), true)) {
      journal.begin(other);
      runAll(journal, NOTHING_AGAIN, Status.OK, "a", "b");
    }
    try (Journal journal = Journal.open(part(), true)) {
      assertThat(journal.header()).contains(other);
      journal.begin(other);
      assertThat(runAll(journal, NOTHING_AGAIN, Status.OK, "a", "b")).isEmpty();
      journal.finish(target(), true);
    }
    assertThat(Files.readString(target())).startsWith(other.line());
    assertThat(results()).containsExactly("0a", "1b");
  }

  @Test
  void keysTellContentsApart() {
    RowKeys keys = new RowKeys(Mode.STARMAP, List.of(), false);
    RowKey first = keys.of(new Row(1, Row.Kind.FIELDS, List.of("ab", "c")));
    assertThat(keys.of(new Row(9, Row.Kind.FIELDS, List.of("ab", "c")))).isEqualTo(first);
    assertThat(keys.of(new Row(1, Row.Kind.FIELDS, List.of("a", "bc")))).isNotEqualTo(first);
    assertThat(
            new RowKeys(Mode.STARMAP, List.of("x", "y"), false)
                .of(new Row(1, Row.Kind.FIELDS, List.of("ab", "c"))))
        .as("columns of other names are other arguments")
        .isNotEqualTo(first);
    assertThat(RowKey.parse(first.text())).isEqualTo(first);
    assertThat(RowKey.parse("short")).isNull();
  }

  @Test
  void aFileIsKnownByPathSizeAndTime() throws IOException {
    Path file = CommandLineFixture.write(directory.resolve("a.txt"), "1");
    RowKeys keys = new RowKeys(Mode.MAP, List.of(), true);
    Path other = CommandLineFixture.write(directory.resolve("b.txt"), "1");
    List<Row> rows =
        List.of(
            Row.of(0, Row.Kind.FILE, file.toString()),
            new Row(0, Row.Kind.FIELDS, List.of(file.toString(), "of --with")),
            new Row(0, Row.Kind.BATCH, List.of(other.toString(), file.toString())));
    List<RowKey> first = rows.stream().map(keys::of).toList();
    assertThat(rows).extracting(keys::of).isEqualTo(first);
    CommandLineFixture.write(file, "12");
    assertThat(rows).extracting(keys::of).doesNotContainAnyElementsOf(first);
    Files.delete(file);
    assertThat(rows).extracting(keys::of).doesNotContainAnyElementsOf(first);
  }
}
