package dev.procpool.cli.terminal;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;

/**
 * Lines at the bottom of a terminal that are drawn again and again, while other text scrolls above
 * them. The cursor stands at the end of the last of them.
 *
 * <p>Thread-safe: whoever has something to print takes the lines away, prints, and draws them anew.
 */
final class LiveBlock implements AutoCloseable {

  /** Of so many prints between two {@link #draw}s: more are not held up by drawing each time. */
  private static final int MOST_AGAIN = 20;

  private static final String CLEAR_LINE = "\u001b[2K";

  private final PrintStream out;
  private final TerminalSize size;
  private List<String> lines = List.of();
  private boolean drawn;
  private boolean isMidLine;
  private boolean closed;
  private int again;

  LiveBlock(PrintStream out, TerminalSize size) {
    this.out = out;
    this.size = size;
  }

  /** Shows other lines, which are cut to fit. */
  synchronized void draw(List<String> newLines) {
    if (!closed) {
      String erased = erased();
      lines = List.copyOf(newLines);
      again = 0;
      write(erased + drawing());
    }
  }

  /** Prints whole lines above the block. */
  synchronized void print(String text) {
    write(erased() + text + drawingAgain());
  }

  /** Prints to another stream that goes to the same terminal; lines may come in pieces. */
  synchronized void print(OutputStream other, byte[] bytes, int from, int length)
      throws IOException {
    if (length == 0) {
      return;
    }
    write(erased());
    other.write(bytes, from, length);
    other.flush();
    isMidLine = bytes[from + length - 1] != '\n';
    write(drawingAgain());
  }

  private String drawingAgain() {
    return again++ < MOST_AGAIN ? drawing() : "";
  }

  private String drawing() {
    if (closed || isMidLine || lines.isEmpty()) {
      return "";
    }
    drawn = true;
    return String.join("\n", lines);
  }

  /** What takes the block away, which a narrower terminal may have broken into more lines. */
  private String erased() {
    if (!drawn) {
      return "";
    }
    drawn = false;
    size.refresh();
    int columns = size.columns();
    int rows = 0;
    for (String line : lines) {
      int width = TextWidth.of(line.replaceAll("\u001b\\[[0-9;]*m", ""));
      rows += Math.max(1, (width + columns - 1) / columns);
    }
    rows = Math.min(rows, size.rows());
    // Line by line: tmux keeps in its history what "to the end of the screen" takes from the top.
    return "\r" + CLEAR_LINE + ("\u001b[A" + CLEAR_LINE).repeat(rows - 1);
  }

  private void write(String text) {
    if (!text.isEmpty()) {
      out.print(text);
      out.flush();
    }
  }

  /** Takes the lines away for good. */
  @Override
  public synchronized void close() {
    write(erased());
    closed = true;
    size.close();
  }
}
