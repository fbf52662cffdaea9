package dev.procpool.cli.input;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.cli.CommandLineFixture;
import dev.procpool.cli.row.Rows;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.SequenceInputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorOutputStream;
import org.apache.commons.compress.compressors.zstandard.ZstdCompressorOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Bytes become text rightly, or are refused, or the row that they stand in is: none is replaced.
 */
class InputTextTest {

  private static final String HIDDEN = "dev.procpool.cli.Samples::hidden";
  private static final String PRICE = "dev.procpool.cli.Samples::price";

  @TempDir Path directory;

  private final CommandLineFixture cli = new CommandLineFixture();

  private int run(byte[] input, String... args) {
    return cli.run(new ByteArrayInputStream(input), args);
  }

  private List<String> values() {
    return cli.results().stream().map(r -> r.path("value").asText()).toList();
  }

  private static byte[] latin1(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE"})
  void aByteOrderMarkTellsTheEncodingAndIsNoText(String encoding) {
    byte[] csv = "\uFEFFrate,qty\n2,3\n".getBytes(Charset.forName(encoding));
    byte[] line = "\uFEFF\u00e9\n".getBytes(Charset.forName(encoding));

    assertThat(run(csv, "map", "dev.procpool.cli.Samples::get", "-f", "csv", "--header")).isZero();
    assertThat(run(line, "map", HIDDEN)).isZero();

    assertThat(cli.results().get(0).get("value")).hasToString("{\"rate\":2,\"qty\":3}");
    assertThat(cli.results().get(1).get("value").asText()).isEqualTo("hidden \u00e9");
  }

  @ParameterizedTest
  @CsvSource({"UTF-16LE,UTF-16LE", "UTF-16BE,UTF-16BE"})
  void textInUtf16WithoutMarkIsRefusedAndReadIfSaid(String encoding, String named) {
    byte[] text = "one\ntwo\n".getBytes(Charset.forName(encoding));

    assertThat(run(text, "map", HIDDEN)).isEqualTo(2);
    assertThat(cli.err).contains("has NUL characters").contains("--encoding " + named + " if");
    assertThat(run(text, "map", HIDDEN, "--encoding", named)).isZero();

    assertThat(values()).containsExactly("hidden one", "hidden two");
  }

  @Test
  void utf16WithoutMarkAndOrderIsRefused() {
    assertThat(run("a\n".getBytes(StandardCharsets.UTF_16LE), "map", HIDDEN, "--encoding", "utf16"))
        .isEqualTo(2);
    assertThat(cli.err)
        .contains("has no byte-order mark")
        .contains("--encoding UTF-16LE or UTF-16BE");
    assertThat(run(new byte[0], "map", HIDDEN, "--encoding", "UTF-16")).isZero();
  }

  @Test
  void aMarkAgainstWhatIsSaidIsRefused() {
    byte[] text = "\uFEFFa\n".getBytes(StandardCharsets.UTF_8);

    assertThat(run(text, "map", HIDDEN, "--encoding", "ISO-8859-1")).isEqualTo(2);
    assertThat(cli.err)
        .contains("starts with the byte-order mark of UTF-8, but --encoding is ISO-8859-1");
    byte[] wide = "\uFEFFa\n".getBytes(StandardCharsets.UTF_16LE);
    assertThat(run(wide, "map", HIDDEN, "--encoding", "UTF-16")).isZero();
  }

  @Test
  void aByteThatIsNoTextCostsItsRow() {
    assertThat(run(latin1("a\ncaf\u00e9\nb\n"), "map", HIDDEN)).isEqualTo(1);

    assertThat(values()).containsExactly("hidden a", "", "hidden b");
    assertThat(cli.results().get(1).get("error").get("message").asText())
        .isEqualTo(
            "line 2, column 4: the byte 0xe9 is not text in UTF-8: give the right --encoding, or"
                + " mend it");
    assertThat(cli.results().get(1).get("args").get(0).asText()).isEqualTo("caf\uFFFD");
  }

  @Test
  void aByteThatIsNoTextCostsItsCsvRowAndRefusesAHeader() {
    byte[] text = latin1("qty,rate,n\u00e9\n1,2,x\n3,4,\u00e9\n");

    assertThat(run(text, "starmap", PRICE, "--header")).isEqualTo(2);
    assertThat(cli.err)
        .contains("the header can't be read: line 1, field 3, column 2: the byte 0xe9");
    assertThat(run(latin1("1,2\n\u00e9,4\n5,6\n"), "starmap", PRICE)).isEqualTo(1);
    assertThat(cli.results().stream().map(r -> r.get("status").asText()))
        .containsExactly("ok", "invalid", "ok");
  }

  @Test
  void theEndWithinACharacterCostsTheLastRow() {
    byte[] cut = Arrays.copyOf("a\n\u20ac".getBytes(StandardCharsets.UTF_8), 4);

    assertThat(run(cut, "map", HIDDEN)).isEqualTo(1);

    assertThat(values()).containsExactly("hidden a", "");
  }

  @Test
  void encodingsAreNamed() {
    assertThat(run(latin1("caf\u00e9\n"), "map", HIDDEN, "--encoding", "latin1")).isZero();
    assertThat(values()).containsExactly("hidden caf\u00e9");
    assertThat(run(new byte[0], "map", HIDDEN, "--encoding", "windows-1253x")).isEqualTo(2);
    assertThat(cli.err).contains("no encoding 'windows-1253x'; did you mean windows-1253");
  }

  @Test
  void itemsEndWithNulIfSaid() {
    assertThat(run(latin1("a\nb\0\0c"), "map", HIDDEN)).isEqualTo(2);
    assertThat(cli.err).contains("has NUL characters: give -0 if they end its items");

    assertThat(run(latin1("a\nb\0\0c"), "map", HIDDEN, "-0")).isZero();

    assertThat(values()).containsExactly("hidden a\nb", "hidden ", "hidden c");
  }

  @Test
  void brokenItemsThatAreNoLinesAreNumbered() {
    run(latin1("1\0x\0"), "map", "java.lang.Math::sqrt", "-0");

    assertThat(cli.results().get(1).get("error").get("message").asText()).startsWith("item 2: ");
  }

  private static byte[] packed(String how, String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out =
        switch (how) {
          case "gzip" -> new GZIPOutputStream(bytes);
          case "xz" -> new XZCompressorOutputStream(bytes);
          case "zstd" -> new ZstdCompressorOutputStream(bytes);
          default -> new BZip2CompressorOutputStream(bytes);
        }) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "xz", "zstd", "bzip2"})
  void whatIsPackedIsUnpackedWhateverItsName(String how) throws IOException {
    Path file = directory.resolve("plain.txt");
    Files.write(file, packed(how, "a\n"));
    InputStream twice =
        new SequenceInputStream(
            new OneByOne(packed(how, "b\n")), new OneByOne(packed(how, "\u00e9\n")));

    assertThat(cli.run("", "map", HIDDEN, file.toString(), "--progress", "always")).isZero();
    assertThat(cli.run(twice, "map", HIDDEN)).isZero();

    assertThat(values()).containsExactly("hidden a", "hidden b", "hidden \u00e9");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "xz", "zstd", "bzip2"})
  void whatIsPackedAndCutOffIsNoWholeInput(String how) throws IOException {
    byte[] whole = packed(how, "a\n".repeat(1000));

    int exit = run(Arrays.copyOf(whole, whole.length - 3), "map", HIDDEN);

    assertThat(exit).isNotZero();
    assertThat(cli.err).contains("can't be read: ").doesNotContain("\tat ", "null");
  }

  /** A pipe whose writer is slow. */
  private static final class OneByOne extends ByteArrayInputStream {
    OneByOne(byte[] bytes) {
      super(bytes);
    }

    @Override
    public synchronized int read(byte[] buffer, int offset, int length) {
      return super.read(buffer, offset, Math.min(length, 1));
    }

    @Override
    public synchronized int available() {
      return 0;
    }
  }

  @Test
  void archivesAreRefused() {
    assertThat(run(new byte[] {'P', 'K', 3, 4, 20, 0, 0, 0}, "map", HIDDEN)).isEqualTo(2);
    assertThat(cli.err).contains("INPUT: standard input is a zip archive: pass on one file of it");
  }

  @Test
  void aLineIsGivenAsSoonAsItIsThere() throws IOException {
    try (PipedOutputStream out = new PipedOutputStream();
        PipedInputStream in = new PipedInputStream(out)) {
      out.write(latin1("1\n"));
      Rows rows = new Input(null, List.of(), Format.lines, false).open(in);
      assertThat(rows.next().text()).isEqualTo("1"); // and nothing more can come
      out.write(latin1("2\n"));
      assertThat(rows.next().text()).isEqualTo("2");
    }
  }

  @Test
  void linesEndAsTheyDo() {
    String text = "a\r\nb\rc\n" + "d".repeat(20_000) + "\r\n\r\n";

    run(latin1(text), "map", HIDDEN);

    assertThat(values())
        .containsExactly(
            "hidden a", "hidden b", "hidden c", "hidden " + "d".repeat(20_000), "hidden ");
  }
}
