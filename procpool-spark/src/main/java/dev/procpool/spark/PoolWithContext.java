package dev.procpool.spark;

import dev.procpool.Pool;
import dev.procpool.PoolObserver;
import dev.procpool.WorkerOutput;
import dev.procpool.local.LifeOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * A pool with a Spark context of its own, for programs that have Spark's classes in a class loader
 * of their own and are compiled without them, such as the command line: what they pass and get is
 * of the JDK and of procpool's core. Thread-safe.
 *
 * @since 0.2.0
 */
public final class PoolWithContext implements AutoCloseable {

  private final JavaSparkContext context;
  private final Pool pool;

  private PoolWithContext(JavaSparkContext context, Pool pool) {
    this.context = context;
    this.pool = pool;
  }

  /**
   * Starts a context, and makes a pool on it. The thread's context class loader is that of the
   * tasks' classes, and need not see Spark.
   *
   * @param settings Spark's properties, {@code spark.master} among them
   * @param workers the most workers over the whole cluster; 0 for one a slot, also of executors
   *     that come later
   * @param executorTimeout how long to wait for a first executor
   * @param options says what a worker is and how long it lives; paths are those of the executors'
   *     machines
   * @param output takes the lines that workers print
   * @param observers are told what happens in the pool
   * @return the pool and its context, to be closed
   * @throws IllegalStateException if Spark starts no context: its Master can't be reached, or has
   *     another secret
   */
  public static PoolWithContext open(
      Map<String, String> settings,
      int workers,
      Duration executorTimeout,
      Consumer<? super LifeOptions<?>> options,
      WorkerOutput output,
      List<? extends PoolObserver> observers) {
    SparkConf conf = new SparkConf(false);
    settings.forEach(conf::set);
    JavaSparkContext context = start(conf);
    try {
      SparkPool.Builder builder =
          SparkPool.builder(context)
              .name("procpool")
              .executorTimeout(executorTimeout)
              .output(output);
      if (workers > 0) {
        builder.workers(workers);
      }
      options.accept(builder);
      observers.forEach(builder::observer);
      return new PoolWithContext(context, builder.build());
    } catch (Throwable e) {
      context.close();
      throw e;
    }
  }

  /** Starts a context on threads whose context class loader sees Spark. */
  private static JavaSparkContext start(SparkConf conf) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(PoolWithContext.class.getClassLoader());
    try {
      JavaSparkContext context = new JavaSparkContext(conf);
      if (context.sc().isStopped()) { // it has given the Master up meanwhile
        throw new IllegalStateException("the context was stopped while it started");
      }
      return context;
    } catch (Exception e) { // Scala declares none
      throw new IllegalStateException(
          "Spark starts no context on "
              + conf.get("spark.master")
              + ": "
              + Objects.requireNonNullElse(e.getMessage(), e.toString())
              + ". Is it a Master's address, of the same version of Spark, with the same secret?",
          e);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /**
   * Gives the pool.
   *
   * @return the pool; to be closed before this
   */
  public Pool pool() {
    return pool;
  }

  /** Ends the pool if it has not ended, and stops the context. */
  @Override
  public void close() {
    try {
      pool.terminate();
    } finally {
      context.close();
    }
  }
}
