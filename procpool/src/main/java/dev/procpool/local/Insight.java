package dev.procpool.local;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a pool was told to show of its workers beside what they print.
 *
 * @param logs takes the workers' log records; null if these are not forwarded
 * @param debugPort the port at which a debugger finds worker 0; 0 for none
 * @param labels those of the calls
 */
record Insight(@Nullable Consumer<? super WorkerLog> logs, int debugPort, CallLabels labels) {

  /** Shows nothing. */
  static Insight none() {
    return new Insight(null, 0, new CallLabels());
  }

  boolean forwardsLogs() {
    return logs != null;
  }

  /** Whether a debugger may stop workers, so that no clock counts against them. */
  boolean isDebugging() {
    return debugPort != 0;
  }
}
