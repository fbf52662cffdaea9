package dev.procpool.local;

import dev.procpool.TaskSerializationException;
import dev.procpool.local.settings.PoolSettings;
import dev.procpool.local.settings.Spin;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Options of how long workers live, and how long the pool waits for them. Each method changes and
 * returns the builder. Not thread-safe.
 *
 * @param <B> the builder
 * @since 0.2.0
 */
public abstract class LifeOptions<B extends LifeOptions<B>> extends WorkerOptions<B> {

  private boolean keepsChildren;
  private int maxTasksPerWorker;
  private long maxWorkerMemory;
  private int restarts = 5;
  private Duration restartWindow = Duration.ofSeconds(10);
  private Duration gracePeriod = Duration.ofSeconds(1);
  private Duration freezeLimit = Duration.ofSeconds(30);
  private Spin spin = Spin.byDefault();
  private Duration startLimit = Duration.ofSeconds(60);

  /** For builders. */
  protected LifeOptions() {}

  /**
   * Has a worker replaced, between two tasks, when its process has more memory in use than this
   * after garbage was collected. Measured on Linux as resident memory that is its own: with what a
   * JVM with {@code -Xms} keeps, without shared values. As heap in use elsewhere. Default: no
   * limit.
   *
   * @param bytes at least 1
   * @return this
   * @throws IllegalArgumentException if it is not positive
   */
  public B maxWorkerMemory(long bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException("maxWorkerMemory must be at least 1, was " + bytes);
    }
    maxWorkerMemory = bytes;
    return self();
  }

  /**
   * Has a worker replaced after it has run so many tasks. Default: never.
   *
   * @param tasks at least 1
   * @return this
   * @throws IllegalArgumentException if it is not positive
   */
  public B maxTasksPerWorker(int tasks) {
    maxTasksPerWorker = positive("maxTasksPerWorker", tasks);
    return self();
  }

  /**
   * Sets how often workers may fail without cost to an item (at their start, or with nothing to do)
   * before the pool is broken: more often than this within the window; or in a row, however long
   * they take, while no worker is ready. Default: 5 in 10 seconds. The idea is the restart
   * intensity of Erlang's supervisors.
   *
   * @param failures 0 or more
   * @param window more than zero
   * @return this
   * @throws IllegalArgumentException if a value is out of its range
   */
  public B restartIntensity(int failures, Duration window) {
    if (failures < 0) {
      throw new IllegalArgumentException(
          "restartIntensity must be 0 or more failures, was " + failures);
    }
    restartWindow = positive("restartIntensity's window", window);
    restarts = failures;
    return self();
  }

  /**
   * Sets how long an interrupted task has to end before its worker is killed. Default: 1 second.
   *
   * @param period zero or more
   * @return this
   * @throws IllegalArgumentException if it is negative
   */
  public B gracePeriod(Duration period) {
    if (period.isNegative()) {
      throw new IllegalArgumentException("gracePeriod must not be negative, was " + period);
    }
    gracePeriod = period;
    return self();
  }

  /**
   * Sets how long a worker's process may go without processor time, or do nothing with it but
   * collect garbage, before it counts as frozen and is killed. Default: 30 seconds.
   *
   * @param limit at least 2 seconds, since a worker shows a sign of life twice a second
   * @return this
   * @throws IllegalArgumentException if it is less
   */
  public B freezeLimit(Duration limit) {
    if (limit.compareTo(Duration.ofSeconds(2)) < 0) {
      throw new IllegalArgumentException("freezeLimit must be at least 2 seconds, was " + limit);
    }
    freezeLimit = limit;
    return self();
  }

  /**
   * Sets how long workers, the pool and callers keep looking for what they wait for before they
   * sleep. A wake-up takes some five microseconds; with a wait longer than the gap between calls
   * there is none, and a call of a small task takes a fraction of the time. The price is a busy
   * processor for each of them for so long. Default: 20 microseconds, not for callers; nothing on a
   * single processor.
   *
   * @param wait how long, up to a second; zero to sleep at once
   * @return this
   * @throws IllegalArgumentException if it is negative or more than a second
   */
  public B spinWait(Duration wait) {
    if (wait.isNegative() || wait.compareTo(Duration.ofSeconds(1)) > 0) {
      throw new IllegalArgumentException("spinWait must be between 0 and 1 second, was " + wait);
    }
    spin = Spin.of(wait);
    return self();
  }

  /**
   * Sets how long a worker's JVM may take to start and connect, before the initializer runs. It is
   * killed after that; if no other worker is ready, the pool is broken. Default: 60 seconds.
   *
   * @param limit more than zero
   * @return this
   * @throws IllegalArgumentException if it is not
   */
  public B startLimit(Duration limit) {
    startLimit = positive("startLimit", limit);
    return self();
  }

  /**
   * Sets whether processes that a task starts live on when its worker ends. By default they end
   * with it, and those that they have started, however the worker ends: it crashes, is killed,
   * stopped or replaced, the pool is closed, or this process ends. A worker that is replaced or
   * closed has ended first, its shutdown hooks included.
   *
   * <p>On Linux this holds for daemons too, by a variable in the environment of workers, {@code
   * PROCPOOL_WORKER}, that what they start inherits. What was started without that variable is
   * found only below a worker that the pool itself ends; so is everything on other systems. In a
   * sandbox with processes of its own, such as {@link Sandbox#bubblewrap()}, nothing lives on
   * whatever is set here. Default: false. The idea is Jenkins' {@code ProcessTreeKiller}.
   *
   * @param keep whether they live on
   * @return this
   * @since 0.2.0
   */
  public B keepChildren(boolean keep) {
    keepsChildren = keep;
    return self();
  }

  @Override
  boolean keepsChildren() {
    return keepsChildren;
  }

  /**
   * Encodes the options of workers for a JVM on another machine, which has its workers started with
   * them: {@link ServingOptions#options}. Those of {@link DataOptions} cross as {@link
   * CallEncoder#actions}. Paths name what is there, not here.
   *
   * @param worker the number of the worker, for what differs from worker to worker
   * @return the bytes
   * @throws IllegalArgumentException if a function of a worker's number throws, or gives what can't
   *     be passed on
   * @throws TaskSerializationException if a sandbox can't be serialized
   * @since 0.2.0
   */
  protected final byte[] encodeFor(int worker) {
    return new LifeSetup(
            setup(worker),
            keepsChildren,
            maxTasksPerWorker,
            maxWorkerMemory,
            restarts,
            restartWindow,
            gracePeriod,
            freezeLimit,
            spin,
            startLimit)
        .encode();
  }

  void takeOver(LifeSetup setup) {
    takeOver(setup.worker());
    keepsChildren = setup.keepsChildren();
    maxTasksPerWorker = setup.maxTasksPerWorker();
    maxWorkerMemory = setup.maxWorkerMemory();
    restarts = setup.restarts();
    restartWindow = setup.restartWindow();
    gracePeriod = setup.gracePeriod();
    freezeLimit = setup.freezeLimit();
    spin = setup.spin();
    startLimit = setup.startLimit();
  }

  Spin spin() {
    return spin;
  }

  /** How long and how much. */
  PoolSettings.Limits limits(int firstNumber, int spareWorkers, @Nullable Duration idleTimeout) {
    return new PoolSettings.Limits(
        firstNumber,
        spareWorkers,
        maxTasksPerWorker,
        maxWorkerMemory,
        idleTimeout,
        restarts,
        restartWindow,
        gracePeriod,
        freezeLimit,
        startLimit);
  }

  static int positive(String option, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(option + " must be at least 1, was " + value);
    }
    return value;
  }

  static Duration positive(String option, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(option + " must be positive, was " + value);
    }
    return value;
  }
}
