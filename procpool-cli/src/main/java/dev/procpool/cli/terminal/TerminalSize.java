package dev.procpool.cli.terminal;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jline.utils.Signals;

/**
 * How large the terminal is, also after it has been made larger or smaller. The system's {@code
 * stty} tells: a native library for it would have to be unpacked to a file by each run.
 *
 * <p>Thread-safe.
 */
final class TerminalSize implements AutoCloseable {

  private static final int USUAL_ROWS = 24;

  private final Object signal;
  private volatile boolean stale = true;
  private volatile int columns = Terminal.width();
  private volatile int rows = USUAL_ROWS;

  TerminalSize() {
    signal = Signals.register("WINCH", () -> stale = true);
  }

  int columns() {
    return columns;
  }

  int rows() {
    return rows;
  }

  /** Asks anew if it may have changed. */
  void refresh() {
    if (!stale) {
      return;
    }
    stale = false;
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(new File("/dev/tty"))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String told = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      stty.waitFor(1, TimeUnit.SECONDS);
      String[] words = told.strip().split(" ", -1);
      if (words.length == 2 && !words[0].equals("0") && !words[1].equals("0")) {
        rows = Integer.parseInt(words[0]);
        columns = Integer.parseInt(words[1]);
      }
    } catch (IOException | NumberFormatException unknown) {
      return; // as large as it was
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    Signals.unregister("WINCH", signal);
  }
}
