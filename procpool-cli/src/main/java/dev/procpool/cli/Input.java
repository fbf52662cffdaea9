package dev.procpool.cli;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;

/**
 * Where the rows come from, as the command line says it. Immutable.
 *
 * @param file a file, or null or {@code -} for standard input
 * @param globs patterns of files, one item a file, instead of {@code file}
 * @param format the format, already decided
 * @param header whether the first CSV row holds the columns' names
 */
record Input(String file, List<String> globs, Format format, boolean header) {

  /** Opens it, and reads no more than a header. */
  Rows open(InputStream standardInput) {
    if (!globs.isEmpty()) {
      return files();
    }
    try {
      InputStream bytes = isStandardInput() ? standardInput : new BufferedInputStream(openFile());
      Reader text = new InputStreamReader(bytes, StandardCharsets.UTF_8);
      return switch (format) {
        case csv, tsv -> new CsvRows(text, format, header);
        case jsonl -> new LineRows(text, Row.Kind.JSON);
        case lines -> new LineRows(text, Row.Kind.LINE);
      };
    } catch (IOException e) {
      throw new UsageException("INPUT: " + file + " can't be read: " + e.getMessage(), e);
    }
  }

  boolean isStandardInput() {
    return file == null || file.equals("-");
  }

  /** Names the input and the state that it is in, to tell later whether it has changed. */
  String identity() throws IOException {
    if (!globs.isEmpty()) {
      return "files " + String.join(" ", globs);
    }
    if (isStandardInput()) {
      return "standard input";
    }
    Path path = Path.of(file);
    return Files.isRegularFile(path)
        ? file + " (" + Files.size(path) + " bytes, " + Files.getLastModifiedTime(path) + ")"
        : file;
  }

  private InputStream openFile() throws IOException {
    Path path = Path.of(file);
    if (!Files.exists(path)) {
      throw new UsageException("INPUT: there is no file " + file);
    }
    if (Files.isDirectory(path)) {
      throw new UsageException(
          "INPUT: " + file + " is a directory; for one item a file use --files '" + file + "/**'");
    }
    InputStream bytes = Files.newInputStream(path);
    return file.endsWith(".gz") ? new GZIPInputStream(bytes, 1 << 16) : bytes;
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
  OptionalLong guessSize() {
    if (!globs.isEmpty() || isStandardInput() || file.endsWith(".gz")) {
      return OptionalLong.empty();
    }
    Path path = Path.of(file);
    if (!Files.isRegularFile(path)) {
      return OptionalLong.empty(); // a pipe can be read only once
    }
    long lines = 0;
    byte last = '\n';
    byte[] buffer = new byte[1 << 16];
    try (InputStream bytes = Files.newInputStream(path)) {
      for (int n = bytes.read(buffer); n > 0; n = bytes.read(buffer)) {
        for (int i = 0; i < n; i++) {
          lines += buffer[i] == '\n' ? 1 : 0;
        }
        last = buffer[n - 1];
      }
    } catch (IOException e) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(lines + (last == '\n' ? 0 : 1) - (header ? 1 : 0));
  }
}
