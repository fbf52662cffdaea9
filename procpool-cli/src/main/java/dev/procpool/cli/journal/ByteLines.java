package dev.procpool.cli.journal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file of lines as bytes, from any place on, through a buffer: going on forwards is cheap.
 * One thread.
 */
final class ByteLines {

  private final RandomAccessFile file;
  private final byte[] buffer = new byte[1 << 16];
  private long start;
  private int length;
  private long position;

  ByteLines(RandomAccessFile file) {
    this.file = file;
  }

  /** Gives the line at a place, without its end; null if the file ends before the line does. */
  byte @Nullable [] read(long offset) throws IOException {
    position = offset;
    ByteArrayOutputStream line = new ByteArrayOutputStream(256);
    while (fill()) {
      int from = (int) (position - start);
      int end = from;
      while (end < length && buffer[end] != '\n') {
        end++;
      }
      line.write(buffer, from, end - from);
      position = start + end;
      if (end < length) {
        position++;
        return line.toByteArray();
      }
    }
    return null;
  }

  /** Gives the place after the line that was read last. */
  long position() {
    return position;
  }

  private boolean fill() throws IOException {
    if (position >= start && position < start + length) {
      return true;
    }
    file.seek(position);
    start = position;
    length = Math.max(0, file.read(buffer));
    return length > 0;
  }
}
