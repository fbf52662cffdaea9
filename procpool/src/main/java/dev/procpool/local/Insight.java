package dev.procpool.local;

/**
 * What a pool was told to show of its workers beside what they print.
 *
 * @param logs where the workers' log records go
 * @param debugPort the port at which a debugger finds worker 0; 0 for none
 * @param labels those of the calls
 */
record Insight(LogTarget logs, int debugPort, CallLabels labels) {

  /** Shows nothing. */
  static Insight none() {
    return new Insight(LogTarget.none(), 0, new CallLabels());
  }

  /** Whether a debugger may stop workers, so that no clock counts against them. */
  boolean isDebugging() {
    return debugPort != 0;
  }
}
