package dev.procpool.cli.reply;

import java.util.Arrays;
import java.util.Optional;

/** How an item fared, as the results say it. */
public enum Status {
  /** The method returned. */
  OK("ok"),
  /** The method threw. */
  FAILED("failed"),
  /** The row does not convert to the method's parameters; the method was not called. */
  INVALID("invalid"),
  /** The method ran longer than the time limit. */
  TIMED_OUT("timed-out"),
  /** The worker process died while it ran the method. */
  WORKER_LOST("worker-lost"),
  /** The run was stopped first. */
  CANCELLED("cancelled");

  private final String text;

  Status(String text) {
    this.text = text;
  }

  /** Finds one by its word in the results. */
  public static Optional<Status> of(String word) {
    return Arrays.stream(values()).filter(status -> status.text.equals(word)).findFirst();
  }

  /** Gives the word in the results. */
  public String text() {
    return text;
  }
}
