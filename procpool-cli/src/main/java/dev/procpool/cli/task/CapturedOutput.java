package dev.procpool.cli.task;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * What an item prints, kept for its result, up to a mebibyte. For a process that runs one item at a
 * time: it takes the place of both standard streams until it is closed. Thread-safe, as the item's
 * own threads print, too.
 */
final class CapturedOutput extends OutputStream {

  private static final int MOST = 1 << 20;

  private final PrintStream outer = System.out;
  private final PrintStream outerError = System.err;
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
  private long dropped;

  /** Begins to keep what is printed. */
  static CapturedOutput begin() {
    CapturedOutput captured = new CapturedOutput();
    PrintStream stream = new PrintStream(captured, true, StandardCharsets.UTF_8);
    System.setOut(stream);
    System.setErr(stream);
    return captured;
  }

  @Override
  public synchronized void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] bytes, int from, int length) {
    int room = Math.min(length, MOST - kept.size());
    kept.write(bytes, from, room);
    dropped += length - room;
  }

  /** Gives the streams back, and what was printed. */
  synchronized String end() {
    System.setOut(outer);
    System.setErr(outerError);
    String text = kept.toString(StandardCharsets.UTF_8);
    return dropped == 0 ? text : text + "... and " + dropped + " bytes more";
  }
}
