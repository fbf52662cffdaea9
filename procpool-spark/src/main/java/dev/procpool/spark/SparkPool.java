package dev.procpool.spark;

import dev.procpool.OnClose;
import dev.procpool.Pool;
import dev.procpool.PoolObserver;
import dev.procpool.spark.driver.Jars;
import dev.procpool.spark.driver.SparkBackend;
import dev.procpool.spark.wire.ExecutorSettings;
import dev.procpool.spi.BackendPool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Makes pools whose worker processes run in the executors of a Spark cluster.
 *
 * <pre>{@code
 * try (Pool pool = SparkPool.create(context)) {
 *   System.out.println(pool.map(Long::bitCount, List.of(1L, 2L, 3L)));
 * }
 * }</pre>
 *
 * <p>Everything is as on one machine: calls, outcomes, time limits, retries, messages. The pool
 * takes slots of the cluster only while it has work for them. Closing it does not stop the context.
 *
 * @since 0.2.0
 */
public final class SparkPool {

  private static final AtomicInteger POOLS = new AtomicInteger();

  private SparkPool() {}

  /**
   * Makes a pool with the defaults.
   *
   * @param context a context that runs
   * @return the pool
   */
  public static Pool create(JavaSparkContext context) {
    return builder(context).build();
  }

  /**
   * Begins a pool with options.
   *
   * @param context a context that runs
   * @return a builder with the defaults
   */
  public static Builder builder(JavaSparkContext context) {
    return new Builder(Objects.requireNonNull(context, "context"));
  }

  /** The options of a pool. Each method changes and returns the builder. Not thread-safe. */
  public static final class Builder {

    private final JavaSparkContext context;
    private String name = "spark-" + POOLS.incrementAndGet();
    private int workers;
    private List<String> jvmOptions = List.of();
    private int maxTasksPerWorker;
    private Duration gracePeriod = Duration.ofSeconds(1);
    private OnClose onClose = OnClose.JOIN;
    private final List<PoolObserver> observers = new ArrayList<>();

    private Builder(JavaSparkContext context) {
      this.context = context;
    }

    /**
     * Sets how many workers the pool has at most, over the whole cluster. Default: as many as the
     * cluster has slots, {@code spark.default.parallelism}.
     *
     * @param number at least 1
     * @return this
     */
    public Builder workers(int number) {
      if (number < 1) {
        throw new IllegalArgumentException("workers must be at least 1, was " + number);
      }
      workers = number;
      return this;
    }

    /**
     * Sets the pool's name, for messages and threads. Default: {@code spark-} and a number.
     *
     * @param text the name
     * @return this
     */
    public Builder name(String text) {
      name = Objects.requireNonNull(text, "text");
      return this;
    }

    /**
     * Sets options of the workers' JVMs. Default: none.
     *
     * @param options such as {@code -Xmx1g}
     * @return this
     */
    public Builder jvmOptions(List<String> options) {
      jvmOptions = List.copyOf(options);
      return this;
    }

    /**
     * Has a worker replaced after so many items. Default: never.
     *
     * @param items at least 1
     * @return this
     */
    public Builder maxTasksPerWorker(int items) {
      if (items < 1) {
        throw new IllegalArgumentException("maxTasksPerWorker must be at least 1, was " + items);
      }
      maxTasksPerWorker = items;
      return this;
    }

    /**
     * Sets how long an item that is stopped may take to end before its process is killed. Default:
     * one second.
     *
     * @param time how long
     * @return this
     */
    public Builder gracePeriod(Duration time) {
      gracePeriod = Objects.requireNonNull(time, "time");
      return this;
    }

    /**
     * Sets what closing the pool does. Default: wait for all calls.
     *
     * @param what what to do
     * @return this
     */
    public Builder onClose(OnClose what) {
      onClose = Objects.requireNonNull(what, "what");
      return this;
    }

    /**
     * Adds one who is told what happens in the pool.
     *
     * @param observer whom to tell
     * @return this
     */
    public Builder observer(PoolObserver observer) {
      observers.add(Objects.requireNonNull(observer, "observer"));
      return this;
    }

    /**
     * Makes the pool.
     *
     * @return the pool
     * @throws IllegalStateException if the context was stopped
     */
    public Pool build() {
      if (context.sc().isStopped()) {
        throw new IllegalStateException(
            "the Spark context was stopped: a pool needs one that runs");
      }
      Jars.add(context);
      int most = workers > 0 ? workers : Math.max(1, context.defaultParallelism());
      SparkBackend backend =
          new SparkBackend(
              name,
              context,
              most,
              new ExecutorSettings(name, jvmOptions, maxTasksPerWorker, gracePeriod),
              Duration.ofMinutes(2));
      return BackendPool.of(name, backend, onClose, observers.toArray(PoolObserver[]::new));
    }
  }
}
