package dev.procpool.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Whether standard error is a terminal, and how wide. Java has no call for it, so the launcher
 * script tells by system properties; without it the link of the file descriptor does, where there
 * is one.
 */
final class Terminal {

  private Terminal() {}

  static boolean isStandardError() {
    String told = System.getProperty("procpool.terminal");
    if (told != null) {
      return Boolean.parseBoolean(told);
    }
    Path link = Path.of("/proc/self/fd/2");
    try {
      String target = Files.readSymbolicLink(link).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException noProc) {
      return false; // --progress always is left
    }
  }

  static int width() {
    int columns = Integer.getInteger("procpool.columns", 0);
    return columns < 40 ? 80 : Math.min(columns, 160);
  }
}
