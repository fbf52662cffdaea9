package dev.procpool.local.settings;

import dev.procpool.local.output.CallLabels;
import dev.procpool.observe.Observation;
import java.util.List;

/**
 * What a pool was told to show of its workers beside what they print.
 *
 * @param logs where the workers' log records go
 * @param debugPort the port at which a debugger finds worker 0; 0 for none
 * @param labels those of the calls
 * @param observation what it tells its observers
 */
public record Insight(LogTarget logs, int debugPort, CallLabels labels, Observation observation) {

  /** Shows nothing. */
  static Insight none(String pool) {
    return new Insight(LogTarget.none(), 0, new CallLabels(), new Observation(pool, List.of()));
  }

  /** Whether a debugger may stop workers, so that no clock counts against them. */
  public boolean isDebugging() {
    return debugPort != 0;
  }
}
