package dev.procpool.spark.wire;

import java.util.concurrent.ThreadFactory;

/** Daemon threads of a name. Without state. */
public final class Daemons {

  private Daemons() {}

  /** Makes threads that inherit nothing of their maker's. */
  public static ThreadFactory named(String name) {
    return work -> {
      Thread thread = new Thread(null, work, name, 0, false);
      thread.setDaemon(true);
      return thread;
    };
  }
}
