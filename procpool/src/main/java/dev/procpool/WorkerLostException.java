package dev.procpool;

import java.util.List;

/** The worker process died while it ran the item. */
public class WorkerLostException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** How the process ended. */
  private final WorkerExit exit;

  /**
   * Makes the exception.
   *
   * @param index the item that the worker was running
   * @param exit how the process ended
   */
  public WorkerLostException(long index, WorkerExit exit) {
    super(message(index, exit));
    this.exit = exit;
  }

  /**
   * Tells how the process ended.
   *
   * @return the exit
   */
  public WorkerExit exit() {
    return exit;
  }

  private static String message(long index, WorkerExit exit) {
    StringBuilder text = new StringBuilder();
    text.append(exit.describe()).append(" while it ran item ").append(index);
    exit.crashFile().ifPresent(file -> text.append("; crash file: ").append(file));
    append(text, exit.crashSummary());
    if (!exit.stderrTail().isEmpty()) {
      text.append(exit.crashSummary().isEmpty() ? "; its" : System.lineSeparator() + "Its");
      text.append(" last words:");
      append(text, exit.stderrTail());
    }
    return text.toString();
  }

  private static void append(StringBuilder text, List<String> lines) {
    lines.forEach(line -> text.append(System.lineSeparator()).append("  ").append(line));
  }
}
