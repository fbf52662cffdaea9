package dev.procpool.cli.input;

import dev.procpool.cli.files.FileGlob;
import dev.procpool.cli.message.UsageException;
import dev.procpool.cli.row.Row;
import dev.procpool.cli.row.Rows;
import dev.procpool.cli.text.Compression;
import dev.procpool.cli.text.Encoding;
import dev.procpool.cli.text.LineReader;
import dev.procpool.cli.text.StrictReader;
import dev.procpool.cli.text.TextForm;
import dev.procpool.cli.text.UnreadableInputException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Where the rows come from, as the command line says it. Immutable.
 *
 * @param file a file, or null or {@code -} for standard input
 * @param globs patterns of files, one item a file, instead of {@code file}
 * @param format the format, already decided
 * @param header whether the first CSV row holds the columns' names
 * @param form how bytes are text, and text rows
 * @param plan what is made of the rows
 */
public record Input(
    @Nullable String file,
    List<String> globs,
    Format format,
    boolean header,
    TextForm form,
    RowPlan plan) {

  /** Makes an input whose text is as usual. */
  Input(@Nullable String file, List<String> globs, Format format, boolean header) {
    this(file, globs, format, header, TextForm.USUAL, RowPlan.PLAIN);
  }

  /** Opens it, and reads no more than a header and what tells its encoding. */
  public Rows open(InputStream standardInput) {
    return plan.applied(read(standardInput));
  }

  private Rows read(InputStream standardInput) {
    if (!plan.arguments().isEmpty()) {
      return new ArgumentRows(plan.arguments(), format == Format.lines);
    }
    if (!globs.isEmpty()) {
      return files();
    }
    InputStream bytes = isStandardInput() ? standardInput : openFile();
    LineReader lines = new LineReader(text(bytes), form.nulSeparated());
    return switch (format) {
      case csv, tsv -> new CsvRows(lines, delimiter(), form.quote(), header);
      case jsonl -> new LineRows(lines, Row.Kind.JSON);
      case lines -> new LineRows(lines, form.nulSeparated() ? Row.Kind.ITEM : Row.Kind.LINE);
    };
  }

  /** Tells whether a row is one value, which can't be spread over several parameters. */
  public boolean hasOneValue() {
    return (!globs.isEmpty() || format == Format.lines) && plan.with().isEmpty();
  }

  /** Tells whether the rows come from standard input. */
  public boolean isStandardInput() {
    return globs.isEmpty() && plan.arguments().isEmpty() && (file == null || file.equals("-"));
  }

  private char delimiter() {
    return (char) form.delimiter().orElse(format == Format.tsv ? '\t' : ',');
  }

  private StrictReader text(InputStream bytes) {
    String name = isStandardInput() ? "standard input" : file;
    try {
      return Encoding.open(Compression.unpacked(bytes), form);
    } catch (UsageException e) {
      throw new UsageException("INPUT: " + name + " " + e.getMessage(), e);
    } catch (IOException e) {
      throw new UsageException(
          "INPUT: " + name + " can't be read: " + UnreadableInputException.reason(e), e);
    }
  }

  /** Names the input and the state that it is in, to tell later whether it has changed. */
  public String identity() throws IOException {
    if (!plan.arguments().isEmpty()) {
      return "arguments of the command line";
    }
    if (!globs.isEmpty()) {
      return "files " + String.join(" ", globs);
    }
    if (isStandardInput()) {
      return "standard input";
    }
    String name = Objects.requireNonNull(file);
    Path path = Path.of(name);
    return Files.isRegularFile(path)
        ? name + " (" + Files.size(path) + " bytes, " + Files.getLastModifiedTime(path) + ")"
        : name;
  }

  private InputStream openFile() {
    Path path = Path.of(file);
    if (!Files.exists(path)) {
      throw new UsageException("INPUT: there is no file " + file);
    }
    if (Files.isDirectory(path)) {
      throw new UsageException(
          "INPUT: " + file + " is a directory; for one item a file use --files '" + file + "/**'");
    }
    try {
      return new BufferedInputStream(Files.newInputStream(path), 1 << 16);
    } catch (IOException e) {
      throw new UsageException("INPUT: " + file + " can't be read: " + e, e);
    }
  }

  private Rows files() {
    Collection<String> found = new TreeSet<>();
    for (String glob : globs) {
      found.addAll(FileGlob.find(glob));
    }
    if (found.isEmpty()) {
      throw new UsageException("--files " + String.join(" ", globs) + " matches no file");
    }
    return new FileRows(found);
  }

  /** Counts the lines of a plain file, as a guess of the number of rows for the progress bar. */
  public OptionalLong guessSize() {
    if (file == null || isStandardInput() || !globs.isEmpty()) {
      return OptionalLong.empty();
    }
    Path path = Path.of(file);
    if (!Files.isRegularFile(path)) {
      return OptionalLong.empty(); // a pipe can be read only once
    }
    int end = form.nulSeparated() ? 0 : '\n';
    long lines = 0;
    byte last = (byte) end;
    byte[] buffer = new byte[1 << 16];
    try (InputStream bytes = Files.newInputStream(path)) {
      int n = bytes.read(buffer);
      if (n > 0 && Compression.isPacked(buffer)) {
        return OptionalLong.empty();
      }
      for (; n > 0; n = bytes.read(buffer)) {
        for (int i = 0; i < n; i++) {
          lines += buffer[i] == end ? 1 : 0;
        }
        last = buffer[n - 1];
      }
    } catch (IOException e) {
      return OptionalLong.empty();
    }
    long rows = lines + (last == end ? 0 : 1) - (header ? 1 : 0);
    long all = rows * plan.with().values().size();
    int batch = plan.batch().orElse(1);
    return OptionalLong.of((all + batch - 1) / batch);
  }
}
