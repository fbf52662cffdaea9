package dev.procpool.cli.text;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lines of a text, with what ended them, so that they can be put together again; lines may be given
 * back. Reads no more than it must to see a line's end. Used by one thread.
 */
public final class LineReader implements AutoCloseable {

  private static final int LONGEST = 1 << 28;

  /**
   * A line.
   *
   * @param number counted from 1
   * @param text the line without its end
   * @param end what ended it; empty at the end of a text without a last line's end
   */
  public record Line(long number, String text, String end) {}

  private final StrictReader in;
  private final boolean nulSeparated;
  private final char[] buffer = new char[1 << 13];
  private final Deque<Line> givenBack = new ArrayDeque<>();
  private int position;
  private int limit;
  private long number;

  public LineReader(StrictReader in, boolean nulSeparated) {
    this.in = in;
    this.nulSeparated = nulSeparated;
  }

  /** Gives the next line; null at the end. */
  public @Nullable Line next() {
    Line back = givenBack.poll();
    return back != null ? back : read();
  }

  /** Takes lines back, to be given again in this order before all others. */
  public void giveBack(List<Line> lines) {
    for (int i = lines.size() - 1; i >= 0; i--) {
      givenBack.push(lines.get(i));
    }
  }

  /** Says what is wrong with a text that holds what is no text; null if nothing is. */
  public @Nullable String fault(String text) {
    int nul = in.nulIn(text);
    if (nul >= 0) {
      return "column "
          + (nul + 1)
          + ": a NUL character, which text has not: give --encoding "
          + in.charset()
          + " if it is part of the text, -0 if it ends an item";
    }
    if (in.refusesMarks() && text.startsWith("\ufeff")) {
      return "column 1: a byte-order mark, as where a file was put behind another: take it out";
    }
    int at = in.markIn(text);
    return at < 0
        ? null
        : String.format(
            "column %d: the byte 0x%02x is not text in %s: give the right --encoding, or mend it",
            at + 1, text.charAt(at) - StrictReader.MARK, in.charset());
  }

  private @Nullable Line read() {
    @Nullable StringBuilder begun = null;
    try {
      while (true) {
        if (position == limit && !fill()) {
          return begun == null ? null : new Line(++number, begun.toString(), "");
        }
        int end = endOfLine();
        if (end < limit) {
          String tail = new String(buffer, position, end - position);
          position = end;
          return new Line(++number, begun == null ? tail : begun.append(tail).toString(), end());
        }
        begun = begun == null ? new StringBuilder() : begun;
        begun.append(buffer, position, end - position);
        position = end;
        if (begun.length() > LONGEST) {
          throw new IOException("it is longer than " + LONGEST + " characters");
        }
      }
    } catch (IOException e) {
      throw new UnreadableInputException(
          (nulSeparated ? "item " : "line ") + (number + 1) + " of the input", e);
    }
  }

  /** Finds the next character that ends a line, or the end of what was read. */
  private int endOfLine() {
    char[] chars = buffer;
    int end = position;
    int last = limit;
    if (nulSeparated) {
      while (end < last && chars[end] != 0) {
        end++;
      }
    } else { // most characters are beyond both ends
      while (end < last && (chars[end] > '\r' || chars[end] != '\n' && chars[end] != '\r')) {
        end++;
      }
    }
    return end;
  }

  private String end() throws IOException {
    char c = buffer[position++];
    if (c == '\r' && (position < limit || fill()) && buffer[position] == '\n') {
      position++;
      return "\r\n";
    }
    return c == '\n' ? "\n" : String.valueOf(c);
  }

  private boolean fill() throws IOException {
    position = 0;
    limit = Math.max(0, in.read(buffer, 0, buffer.length));
    return limit > 0;
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
