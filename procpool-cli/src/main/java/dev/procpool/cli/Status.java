package dev.procpool.cli;

/** How an item fared, as the results say it. */
enum Status {
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

  /** Gives the word in the results. */
  String text() {
    return text;
  }
}
