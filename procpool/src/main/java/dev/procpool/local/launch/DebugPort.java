package dev.procpool.local.launch;

import dev.procpool.guard.SafeLog;
import dev.procpool.local.settings.Insight;
import java.io.IOException;
import java.util.List;

/** The port at which a debugger finds a worker: that of worker 0 and the worker's number. */
public final class DebugPort {

  public static final int HIGHEST = 65_535;

  private DebugPort() {}

  /** The options of a worker's JVM; none if it is not to be debugged. */
  static List<String> options(Insight insight, int worker) throws IOException {
    if (!insight.isDebugging()) {
      return List.of();
    }
    int port = insight.debugPort() + worker;
    if (port > HIGHEST) {
      throw new IOException(
          "worker "
              + worker
              + " has no port for its debugger: debugWorkers("
              + insight.debugPort()
              + ") leaves none below 65536");
    }
    return List.of(
        "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,quiet=y,address=127.0.0.1:" + port);
  }

  /** Tells where to attach. */
  static void tell(Insight insight, String pool, int worker, long pid) {
    if (insight.isDebugging()) {
      SafeLog.log(
          System.Logger.Level.INFO,
          "worker "
              + worker
              + " of pool '"
              + pool
              + "' (pid "
              + pid
              + "): attach the debugger to localhost:"
              + (insight.debugPort() + worker)
              + "; time limits and the freeze limit are off",
          null);
    }
  }
}
