package dev.procpool.local.settings;

import dev.procpool.guard.SafeLog;
import dev.procpool.spi.LogBridge;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The bridges to logging libraries that this program has.
 *
 * <p>To look for them opens every jar of the class path, so it is done once, beside the start of
 * the first worker's JVM, which takes longer. Thread-safe.
 */
public record LogBridges(List<LogBridge> all, Map<String, String> workerProperties) {

  static final LogBridges NONE = new LogBridges(List.of(), Map.of());

  private static final CompletableFuture<LogBridges> OF_THIS_PROCESS = new CompletableFuture<>();
  private static final AtomicBoolean BEGUN = new AtomicBoolean();

  /** Gives those of this process; complete some time after {@link #find}. */
  public static CompletableFuture<LogBridges> ofThisProcess() {
    return OF_THIS_PROCESS;
  }

  /** Looks for them, unless that was done before; on a thread that no pool's end interrupts. */
  public static void find() {
    if (BEGUN.compareAndSet(false, true)) {
      Thread thread = new Thread(null, LogBridges::look, "procpool-log-bridges", 0, false);
      thread.setDaemon(true);
      thread.start();
    }
  }

  private static void look() {
    LogBridges bridges = NONE;
    try {
      bridges = load();
    } finally {
      OF_THIS_PROCESS.complete(bridges);
    }
  }

  private static LogBridges load() {
    List<LogBridge> bridges = new ArrayList<>();
    Map<String, String> properties = new HashMap<>();
    Iterator<LogBridge> services =
        ServiceLoader.load(LogBridge.class, LogBridge.class.getClassLoader()).iterator();
    try {
      while (services.hasNext()) {
        LogBridge bridge = services.next();
        properties.putAll(bridge.workerProperties());
        bridges.add(bridge);
      }
    } catch (ServiceConfigurationError | LinkageError | RuntimeException e) {
      SafeLog.log(
          System.Logger.Level.WARNING, "a bridge for workers' log records can't be used", e);
    }
    return new LogBridges(List.copyOf(bridges), Map.copyOf(properties));
  }
}
