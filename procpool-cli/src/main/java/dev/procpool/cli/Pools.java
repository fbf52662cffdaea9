package dev.procpool.cli;

import dev.procpool.inline.InlinePool;

/** The pools that the command line can use. */
final class Pools {

  private Pools() {}

  /** Worker processes. */
  static PoolFactory processes() {
    return inProcess(); // until the local backend is there
  }

  /** This JVM's own threads, for debugging. */
  static PoolFactory inProcess() {
    return settings -> InlinePool.create(settings.workers());
  }
}
