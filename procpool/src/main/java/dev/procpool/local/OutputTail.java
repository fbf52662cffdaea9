package dev.procpool.local;

import java.util.ArrayDeque;
import java.util.List;

/** The last lines of a stream, for messages. Thread-safe, guarded by itself. */
final class OutputTail {

  private static final int LINES = 20;
  private static final int LINE_CHARS = 500;
  private static final int END_CHARS = 200;

  private final ArrayDeque<String> lines = new ArrayDeque<>();

  synchronized void add(String line) {
    if (lines.size() == LINES) {
      lines.remove();
    }
    lines.add(line.length() > LINE_CHARS ? beginning(line) + " … " + end(line) : line);
  }

  /** What a JVM says last may stand behind a line that a task has not ended. */
  private static String end(String line) {
    int from = Math.max(LINE_CHARS, line.length() - END_CHARS);
    return line.substring(Character.isLowSurrogate(line.charAt(from)) ? from + 1 : from);
  }

  private static String beginning(String line) {
    boolean cutsPair = Character.isHighSurrogate(line.charAt(LINE_CHARS - 1));
    return line.substring(0, cutsPair ? LINE_CHARS - 1 : LINE_CHARS);
  }

  synchronized List<String> lines() {
    return List.copyOf(lines);
  }
}
