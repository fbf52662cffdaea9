package dev.procpool.spark;

import dev.procpool.testkit.Folders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A JUnit extension: one cluster of two Workers with four cores each, and one context on it, for
 * all test classes of this JVM that name it. Started by the first of them, closed after the last
 * test. Tests get both as parameters, or from {@link #cluster()} and {@link #context()}.
 *
 * <p>A JVM can have one context. A test that needs another, on a cluster of its own, says {@link
 * #stopContext()} first; the next one that asks for the shared context gets a new one.
 */
public final class SharedCluster implements BeforeAllCallback, ParameterResolver {

  /** How many Workers the cluster has, and so executors. */
  public static final int WORKERS = 2;

  /** How many cores each Worker claims to have. */
  public static final int CORES_EACH = 4;

  /**
   * Limits of Spark's as tight as they can be, in MiB: a pool that is held to them is seen by many
   * tests.
   */
  private static final Map<String, String> TIGHT =
      Map.of("spark.driver.maxResultSize", "1m", "spark.rpc.message.maxSize", "1");

  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(SharedCluster.class);

  /** What runs now; the store closes it. Guarded by the class. */
  private static Running running;

  /** Makes the extension. */
  public SharedCluster() {}

  @Override
  public void beforeAll(ExtensionContext context) throws Exception {
    // Not with the first test that asks, in which all of this would look like its leftovers.
    context
        .getStore(StoreScope.LAUNCHER_SESSION, NAMESPACE)
        .computeIfAbsent(Running.class, key -> start(), Running.class);
    context();
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext extension) {
    Class<?> type = parameter.getParameter().getType();
    return type == SparkCluster.class || type == JavaSparkContext.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext extension) {
    return parameter.getParameter().getType() == SparkCluster.class ? cluster() : context();
  }

  /**
   * The cluster.
   *
   * @return the cluster
   */
  public static synchronized SparkCluster cluster() {
    if (running == null) {
      throw new IllegalStateException(
          "no cluster: the test class needs @ExtendWith(SharedCluster.class)");
    }
    return running.cluster;
  }

  /**
   * The context, with all executors registered. A new one if it was stopped.
   *
   * @return the context
   */
  public static synchronized JavaSparkContext context() {
    SparkCluster cluster = cluster();
    if (running.context == null || running.context.sc().isStopped()) {
      running.context = new JavaSparkContext(cluster.conf());
      try {
        cluster.awaitExecutors(running.context, WORKERS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while the executors start", e);
      }
    }
    return running.context;
  }

  /**
   * Stops the context, for a test that needs one of its own. Waits until the executors are gone.
   *
   * @throws InterruptedException if this thread was interrupted
   */
  public static synchronized void stopContext() throws InterruptedException {
    if (running != null && running.context != null) {
      running.context.close();
      running.cluster.awaitNoExecutors();
      running.context = null;
    }
  }

  private static synchronized Running start() {
    try {
      Path folder = Files.createTempDirectory("spark-cluster-");
      running = new Running(folder, SparkCluster.start(folder, WORKERS, CORES_EACH, TIGHT));
      return running;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the cluster starts", e);
    }
  }

  /** The cluster, and the context if there is one. */
  private static final class Running implements AutoCloseable {

    private final Path folder;
    private final SparkCluster cluster;
    private JavaSparkContext context;

    Running(Path folder, SparkCluster cluster) {
      this.folder = folder;
      this.cluster = cluster;
    }

    @Override
    public void close() throws IOException {
      synchronized (SharedCluster.class) {
        running = null;
        if (context != null) {
          context.close();
        }
        cluster.close();
        Folders.remove(folder);
      }
    }
  }
}
