package dev.procpool.spark;

import dev.procpool.OnClose;
import dev.procpool.Pool;
import dev.procpool.PoolObserver;
import dev.procpool.WorkerLog;
import dev.procpool.WorkerOutput;
import dev.procpool.local.LifeOptions;
import dev.procpool.local.settings.LogTarget;
import dev.procpool.spark.driver.ContextCheck;
import dev.procpool.spark.driver.Jars;
import dev.procpool.spark.driver.SparkBackend;
import dev.procpool.spi.BackendPool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

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
 * Thread-safe.
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
   * @throws IllegalStateException if the context was stopped
   */
  public static Pool create(JavaSparkContext context) {
    return builder(context).build();
  }

  /**
   * Makes a pool with the defaults.
   *
   * @param session a session that runs, of this JVM
   * @return the pool
   * @throws IllegalStateException if its context was stopped
   * @throws IllegalArgumentException if it is a session of Spark Connect
   */
  public static Pool create(SparkSession session) {
    return builder(session).build();
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

  /**
   * Begins a pool with options.
   *
   * @param session a session that runs, of this JVM
   * @return a builder with the defaults
   * @throws IllegalArgumentException if it is a session of Spark Connect, which runs no code of
   *     this JVM on executors
   */
  public static Builder builder(SparkSession session) {
    Objects.requireNonNull(session, "session");
    SparkContext context;
    try {
      context = session.sparkContext();
    } catch (UnsupportedOperationException | NoSuchMethodError e) { // 4.x says so, 3.5 has none
      throw new IllegalArgumentException(
          "this is a session of Spark Connect, which has no context: make the pool in a program"
              + " that is the driver itself, with SparkSession.builder().master(...)",
          e);
    }
    return builder(new JavaSparkContext(context));
  }

  /**
   * The options of a pool. Each method changes and returns the builder. Paths, JVM options, sandbox
   * and environment are for the machines of the executors. Not thread-safe.
   *
   * @since 0.2.0
   */
  public static final class Builder extends LifeOptions<Builder> {

    private final JavaSparkContext context;
    private String name = "spark-" + POOLS.incrementAndGet();
    private int workers;
    private boolean hasMaxPayload;
    private OnClose onClose = OnClose.JOIN;
    private Duration executorTimeout = Duration.ofMinutes(2);
    private @Nullable WorkerOutput output = WorkerOutput.passThrough();
    private @Nullable Consumer<? super WorkerLog> logs;
    private final List<PoolObserver> observers = new ArrayList<>();

    private Builder(JavaSparkContext context) {
      this.context = context;
    }

    @Override
    protected Builder self() {
      return this;
    }

    /**
     * Sets how many workers the pool has at most, over the whole cluster. Default: one for each
     * task that the program's executors can run at a time, also of executors that come later, until
     * {@link Pool#resize} says otherwise. Where Spark starts executors only as they are needed
     * ({@code spark.dynamicAllocation.enabled}), name a number: it is what the pool asks for.
     *
     * @param number at least 1; of a larger number than 10,000 a pool takes that many
     * @return this
     * @throws IllegalArgumentException if it is not positive
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
     * Sets the most bytes that one encoded argument, result or task may take. A larger one fails
     * its item, with its size in the message. Default: a sixteenth of the heap of driver or
     * executor, whichever is smaller, since a value is in both several times.
     *
     * @param bytes at least 1
     * @return this
     * @throws IllegalArgumentException if it is out of its range
     */
    @Override
    public Builder maxPayload(long bytes) {
      hasMaxPayload = true;
      return super.maxPayload(bytes);
    }

    /**
     * Sets how long the pool waits for a first executor to take a task. After that it is broken,
     * and its calls fail. Default: 2 minutes.
     *
     * @param time more than zero
     * @return this
     * @throws IllegalArgumentException if it is not
     */
    public Builder executorTimeout(Duration time) {
      Objects.requireNonNull(time, "time");
      if (time.isNegative() || time.isZero()) {
        throw new IllegalArgumentException("executorTimeout must be positive, was " + time);
      }
      executorTimeout = time;
      return this;
    }

    /**
     * Sets what closing the pool does. Default: {@link OnClose#JOIN}, wait for all calls.
     *
     * @param what what to do
     * @return this
     */
    public Builder onClose(OnClose what) {
      onClose = Objects.requireNonNull(what, "what");
      return this;
    }

    /**
     * Sets where the lines go that workers print: they come to the driver, on a thread that carries
     * nothing else. Default: to the driver's own output, {@link WorkerOutput#passThrough()}.
     *
     * @param consumer takes the lines
     * @return this
     */
    public Builder output(WorkerOutput consumer) {
      output = Objects.requireNonNull(consumer, "consumer");
      return this;
    }

    /**
     * Leaves what workers print in the output of their executors, where Spark's pages show it.
     *
     * @return this
     */
    public Builder outputToExecutors() {
      output = null;
      return this;
    }

    /**
     * Has what workers log with {@code java.util.logging} go to the driver's own loggers, as {@code
     * ProcessPool}'s option of that name does. Default: it stays where workers log.
     *
     * @return this
     */
    public Builder forwardLogs() {
      return forwardLogs(LogTarget::toSystemLogger);
    }

    /**
     * Has a consumer in the driver take what workers log with {@code java.util.logging}. Default:
     * it stays where workers log.
     *
     * @param consumer takes the records, on a thread that carries nothing else
     * @return this
     */
    public Builder forwardLogs(Consumer<? super WorkerLog> consumer) {
      logs = Objects.requireNonNull(consumer, "consumer");
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
     * Makes the pool. It takes no slot of the cluster before its first call.
     *
     * @return the pool
     * @throws IllegalStateException if the context was stopped, or is of a Spark that is not known
     *     to work
     * @throws IllegalArgumentException if options contradict each other
     * @throws dev.procpool.TaskSerializationException if the initializer, the finalizer, the object
     *     codec or the sandbox can't be serialized
     */
    public Pool build() {
      ContextCheck.check(context);
      try {
        return make();
      } catch (RuntimeException | Error e) {
        if (context.sc().isStopped()) { // meanwhile, which Spark's classes tell as they like
          try {
            ContextCheck.check(context);
          } catch (IllegalStateException stopped) {
            stopped.addSuppressed(e);
            throw stopped;
          }
        }
        throw e;
      }
    }

    private Pool make() {
      if (!hasMaxPayload) {
        super.maxPayload(ContextCheck.maxPayload(context.getConf()));
      }
      encodeFor(0); // what can't be encoded is told here
      Jars.add(context);
      SparkBackend backend =
          new SparkBackend(
              name, context, workers, this, this::encodeFor, output, logs, executorTimeout);
      return BackendPool.of(name, backend, onClose, observers.toArray(PoolObserver[]::new));
    }
  }
}
