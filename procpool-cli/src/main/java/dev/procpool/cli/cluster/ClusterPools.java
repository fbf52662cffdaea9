package dev.procpool.cli.cluster;

import dev.procpool.Pool;
import dev.procpool.PoolObserver;
import dev.procpool.WorkerOutput;
import dev.procpool.cli.message.UsageException;
import dev.procpool.cli.options.ClusterOptions;
import dev.procpool.cli.options.PoolOptions;
import dev.procpool.cli.options.WorkerCount;
import dev.procpool.cli.pool.PoolFactory;
import dev.procpool.cli.pool.PoolSettings;
import dev.procpool.function.Action0;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URL;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Opens a pool on a Spark cluster, with the Spark that the user has. Used by one thread; to be
 * closed when its pool has ended.
 */
public final class ClusterPools implements PoolFactory, AutoCloseable {

  private static final String POOL = "dev.procpool.spark.PoolWithContext";
  private static final String STANDALONE = "spark://";
  private static final int DEFAULT_PORT = 7077;
  private static final int CONNECT_MILLIS = 5_000;
  private static final Duration EXECUTOR_TIMEOUT = Duration.ofMinutes(2);

  private final ClusterOptions options;
  private final String master;
  private final @Nullable WorkerCount workers;
  private final boolean debug;
  private final SparkHome home;
  private @Nullable AutoCloseable opened;

  /**
   * Looks for the Spark.
   *
   * @param options name the cluster
   * @param pool how many workers, if that is said; one a slot else
   * @param debug whether Spark's own log is shown
   * @param environment this process's
   */
  public ClusterPools(
      ClusterOptions options, PoolOptions pool, boolean debug, Map<String, String> environment) {
    this.options = options;
    this.master = Objects.requireNonNull(options.master);
    this.workers = pool.workers;
    this.debug = debug;
    this.home = SparkHome.find(environment);
  }

  @Override
  public Pool open(PoolSettings settings) {
    checkMaster();
    configureLog();
    SparkLoader loader = new SparkLoader(home, ClusterPools.class.getClassLoader());
    try {
      Class<?> type = loader.loadClass(POOL);
      opened =
          (AutoCloseable)
              type.getMethod(
                      "open",
                      Map.class,
                      int.class,
                      Duration.class,
                      List.class,
                      Action0.class,
                      WorkerOutput.class,
                      List.class)
                  .invoke(
                      null,
                      properties(),
                      workers == null ? 0 : workers.fixed(),
                      EXECUTOR_TIMEOUT,
                      settings.jvmOptions(),
                      settings.initializer(),
                      settings.console(),
                      settings.observer().map(List::<PoolObserver>of).orElse(List.of()));
      return (Pool) type.getMethod("pool").invoke(opened);
    } catch (InvocationTargetException e) {
      Throwable cause = e.getCause();
      if (cause instanceof IllegalStateException) {
        throw new UsageException("--master " + master + ": " + cause.getMessage(), cause);
      }
      throw cause instanceof RuntimeException failure ? failure : new IllegalStateException(cause);
    } catch (ClassNotFoundException e) {
      throw new UsageException(
          "--master: this procpool was built with -Dwithout.cluster; build it without that", e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("procpool-spark is of another version", e);
    }
  }

  /** What we want, then what the user's Spark says, then what the command line says. */
  private Map<String, String> properties() {
    Map<String, String> all = new HashMap<>();
    all.put("spark.app.name", "procpool");
    all.put("spark.ui.enabled", "false"); // it would take a port
    all.put("spark.ui.showConsoleProgress", "false");
    all.putAll(home.defaults());
    all.putAll(options.conf);
    all.put("spark.master", master);
    return all;
  }

  /** Spark itself looks for a Master for a minute before it says that nobody is there. */
  private void checkMaster() {
    if (!master.startsWith(STANDALONE)) {
      return; // how others are reached, Spark knows
    }
    String why = "";
    for (String address : master.substring(STANDALONE.length()).split(",", -1)) {
      int colon = address.lastIndexOf(':');
      String host = colon < 0 ? address : address.substring(0, colon);
      try (Socket socket = new Socket()) {
        int port = colon < 0 ? DEFAULT_PORT : Integer.parseInt(address.substring(colon + 1));
        socket.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
        return;
      } catch (IOException | IllegalArgumentException e) {
        why = e.getMessage();
      }
    }
    throw new UsageException(
        "--master "
            + master
            + ": nobody answers there ("
            + why
            + "). The page of a Master shows its address, spark://host:port");
  }

  /** Spark's own log would drown the run's: three hundred lines of it. */
  private void configureLog() {
    URL quiet = ClusterPools.class.getResource("spark-log4j2.properties");
    System.setProperty("procpool.spark.log", debug ? "warn" : "off");
    if (System.getProperty("log4j2.configurationFile") == null && quiet != null) {
      System.setProperty("log4j2.configurationFile", quiet.toString());
    }
  }

  @Override
  public void close() {
    if (opened != null) {
      try {
        opened.close(); // not the loader: Spark's shutdown hooks still load classes
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) { // which ours does not throw
        throw new IllegalStateException(e);
      }
    }
  }
}
