package dev.procpool.local.launch;

import dev.procpool.local.settings.PoolSettings;
import java.util.HashMap;
import java.util.Map;

/**
 * The system properties that a worker sets before it runs any code of the user's: which process of
 * which pool it is, for the names of its files above all, and what its logging libraries are to
 * use.
 */
public final class WorkerProperties {

  private static final String POOL = "procpool.pool";
  private static final String WORKER = "procpool.worker";

  private WorkerProperties() {}

  /** Gives names and values; once bridges were looked for. */
  public static Map<String, String> of(PoolSettings settings, int worker) {
    Map<String, String> properties = new HashMap<>();
    properties.put(POOL, settings.name());
    properties.put(WORKER, String.valueOf(worker));
    properties.putAll(settings.insight().logs().bridges().join().workerProperties());
    return properties;
  }
}
