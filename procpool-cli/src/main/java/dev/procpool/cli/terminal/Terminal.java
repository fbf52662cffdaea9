package dev.procpool.cli.terminal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Whether the standard streams are a terminal, and how wide. Java has no call for it, so the
 * launcher script tells by system properties; without it the link of the file descriptor does,
 * where there is one.
 */
public final class Terminal {

  private Terminal() {}

  public static boolean isStandardError() {
    String told = System.getProperty("procpool.terminal");
    if (told != null) {
      return Boolean.parseBoolean(told);
    }
    return isTerminal(2);
  }

  public static boolean isStandardOutput() {
    return isTerminal(1);
  }

  private static boolean isTerminal(int descriptor) {
    try {
      return is(Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)));
    } catch (IOException | UnsupportedOperationException noProc) {
      return false; // --progress always is left
    }
  }

  /** Tells whether a file is a terminal; not of links to one. */
  public static boolean is(Path file) {
    return file.startsWith("/dev/pts") || file.toString().startsWith("/dev/tty");
  }

  /** Tells whether the terminal takes commands, as to move the cursor: not those called dumb. */
  public static boolean takesCommands() {
    String kind = System.getenv("TERM");
    return kind != null && !kind.isEmpty() && !kind.equals("dumb");
  }

  /** Tells whether colours are wanted, as <a href="https://no-color.org">no-color.org</a> says. */
  static boolean isColoured() {
    String none = System.getenv("NO_COLOR");
    return none == null || none.isEmpty();
  }

  public static int width() {
    int columns = Integer.getInteger("procpool.columns", 0);
    return columns < 40 ? 80 : Math.min(columns, 160);
  }
}
