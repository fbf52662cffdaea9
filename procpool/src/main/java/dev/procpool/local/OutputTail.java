package dev.procpool.local;

import java.util.ArrayDeque;
import java.util.List;

/** The last lines of a stream, for messages. Thread-safe, guarded by itself. */
final class OutputTail {

  private static final int LINES = 20;
  private static final int LINE_CHARS = 500;

  private final ArrayDeque<String> lines = new ArrayDeque<>();

  synchronized void add(String line) {
    if (lines.size() == LINES) {
      lines.remove();
    }
    lines.add(line.length() > LINE_CHARS ? line.substring(0, LINE_CHARS) + " …" : line);
  }

  synchronized List<String> lines() {
    return List.copyOf(lines);
  }
}
