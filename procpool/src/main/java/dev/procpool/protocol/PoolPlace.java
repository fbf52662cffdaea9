package dev.procpool.protocol;

/** How a worker finds its pool's directory before it is told anything. */
public final class PoolPlace {

  /** The system property that names the outermost pool's directory. */
  public static final String PROPERTY = "procpool.directory";

  /** The system property that names a folder which is to go with it; not set if there is none. */
  public static final String WORKER_TEMP = "procpool.workerTemp";

  /** How names of the memory shared with workers begin, before the pool's secret and a number. */
  public static final String MEMORY = "procpool-memory-";

  /** The name of the socket in it. */
  public static final String SOCKET = "s";

  private PoolPlace() {}
}
