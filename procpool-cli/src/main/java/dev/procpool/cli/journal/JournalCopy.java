package dev.procpool.cli.journal;

import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Writes the lines of a journal that count into a file of their own, each with the index that its
 * row has now. One thread.
 */
final class JournalCopy {

  private final RandomAccessFile journal;
  private final Places places;
  private final JournalHeader header;

  JournalCopy(RandomAccessFile journal, Places places, JournalHeader header) {
    this.journal = journal;
    this.places = places;
    this.header = header;
  }

  /** Writes it beside the journal and gives it its name when it is whole and on the disk. */
  void write(Path path, Path target, boolean ordered) throws IOException {
    Path copy = path.resolveSibling(path.getFileName() + ".tmp");
    try {
      try (FileOutputStream file = new FileOutputStream(copy.toFile())) {
        OutputStream out = new BufferedOutputStream(file, 1 << 16);
        copyTo(out, ordered);
        out.flush();
        file.getFD().sync();
      }
      JournalSync.rename(copy, target);
    } catch (IOException e) {
      Files.deleteIfExists(copy);
      throw e;
    }
  }

  private void copyTo(OutputStream out, boolean ordered) throws IOException {
    out.write(header.line().getBytes(StandardCharsets.UTF_8));
    ByteLines reader = new ByteLines(journal);
    for (long item : places.items(ordered)) {
      byte[] line = Objects.requireNonNull(reader.read(places.offset(item)));
      int rest = JournalLine.START.length();
      while (line[rest] != ',') {
        rest++;
      }
      out.write((JournalLine.START + item).getBytes(StandardCharsets.US_ASCII));
      out.write(line, rest, line.length - rest);
      out.write('\n');
    }
  }
}
