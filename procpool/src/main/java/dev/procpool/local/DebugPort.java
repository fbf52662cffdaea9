package dev.procpool.local;

import dev.procpool.guard.SafeLog;
import java.io.IOException;
import java.util.List;

/** The port at which a debugger finds a worker: that of worker 0 and the worker's number. */
final class DebugPort {

  static final int HIGHEST = 65_535;

  private DebugPort() {}

  /** The options of a worker's JVM; none if it is not to be debugged. */
  static List<String> options(Insight insight, Worker worker) throws IOException {
    if (!insight.isDebugging()) {
      return List.of();
    }
    int port = insight.debugPort() + worker.number;
    if (port > HIGHEST) {
      throw new IOException(
          "worker "
              + worker.number
              + " has no port for its debugger: debugWorkers("
              + insight.debugPort()
              + ") leaves none below 65536");
    }
    return List.of(
        "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,quiet=y,address=127.0.0.1:" + port);
  }

  /** Tells where to attach. */
  static void tell(Insight insight, String pool, Worker worker, long pid) {
    if (insight.isDebugging()) {
      SafeLog.log(
          System.Logger.Level.INFO,
          "worker "
              + worker.number
              + " of pool '"
              + pool
              + "' (pid "
              + pid
              + "): attach the debugger to localhost:"
              + (insight.debugPort() + worker.number)
              + "; time limits and the freeze limit are off",
          null);
    }
  }
}
