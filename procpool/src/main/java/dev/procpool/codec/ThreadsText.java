package dev.procpool.codec;

import java.util.Comparator;
import java.util.Map;

/** What threads do, as text, in the form that {@code jstack} has made known. */
public final class ThreadsText {

  private ThreadsText() {}

  /**
   * Writes down threads, ordered by their identifiers.
   *
   * @param stacks the threads and their stacks
   * @param mostChars where the text is cut
   * @return the text
   */
  public static String of(Map<Thread, StackTraceElement[]> stacks, int mostChars) {
    StringBuilder text = new StringBuilder();
    stacks.entrySet().stream()
        .sorted(Comparator.comparingLong(entry -> id(entry.getKey())))
        .forEach(entry -> append(entry.getKey(), entry.getValue(), text));
    if (text.length() > mostChars) {
      text.setLength(mostChars);
      text.append("\n… (cut)\n");
    }
    return text.toString();
  }

  @SuppressWarnings("deprecation") // threadId() is not in Java 17
  private static long id(Thread thread) {
    return thread.getId();
  }

  private static void append(Thread thread, StackTraceElement[] stack, StringBuilder text) {
    text.append('"').append(thread.getName()).append("\" #").append(id(thread));
    text.append(thread.isDaemon() ? " daemon" : "").append(" prio=").append(thread.getPriority());
    text.append("\n   java.lang.Thread.State: ").append(thread.getState()).append('\n');
    for (StackTraceElement frame : stack) {
      text.append("\tat ").append(frame).append('\n');
    }
    text.append('\n');
  }
}
