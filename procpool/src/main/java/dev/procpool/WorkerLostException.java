package dev.procpool;

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
    if (!exit.stderrTail().isEmpty()) {
      text.append("; its last words:");
      exit.stderrTail()
          .forEach(line -> text.append(System.lineSeparator()).append("  ").append(line));
    }
    return text.toString();
  }
}
