package dev.procpool.local;

import dev.procpool.OnClose;
import dev.procpool.Pool;
import dev.procpool.PoolObserver;
import dev.procpool.TaskSerializationException;
import dev.procpool.call.CallPool;
import dev.procpool.local.classes.ClassSource;
import dev.procpool.local.settings.Insight;
import dev.procpool.local.settings.PoolSettings;
import dev.procpool.nesting.Bootstrapping;
import dev.procpool.nesting.Nesting;
import dev.procpool.observe.Observation;
import dev.procpool.sharing.SharedUses;
import dev.procpool.spi.Backend;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Makes pools whose workers are JVM processes on this machine.
 *
 * <pre>{@code
 * try (Pool pool = ProcessPool.create()) {
 *   System.out.println(pool.map(x -> x * x, List.of(1, 2, 3)));
 * }
 * }</pre>
 *
 * <p>Workers run the same Java as this process, with its class path and module path. The first
 * starts when the pool is made, the others when there is work for them, several at a time. They are
 * reused from task to task; each runs one task at a time. A worker that dies is replaced. When this
 * process ends, in whatever way, they end too.
 *
 * <p>All methods are thread-safe, but a {@link Builder} belongs to one thread.
 */
public final class ProcessPool {

  private static final AtomicInteger POOLS = new AtomicInteger();

  private ProcessPool() {}

  /**
   * Makes a pool with one worker for each processor that this JVM may use, as {@link
   * Runtime#availableProcessors()} tells, which obeys container limits.
   *
   * @return the pool
   * @throws java.io.UncheckedIOException if the temporary directory can't be used
   * @throws IllegalStateException if pools are nested too deeply in tasks
   */
  public static Pool create() {
    return builder().build();
  }

  /**
   * Makes a pool.
   *
   * @param workers the number of workers, at least 1
   * @return the pool
   * @throws IllegalArgumentException if {@code workers} is not positive
   * @throws java.io.UncheckedIOException if the temporary directory can't be used
   * @throws IllegalStateException if pools are nested too deeply in tasks
   */
  public static Pool create(int workers) {
    return builder().workers(workers).build();
  }

  /**
   * Begins a pool with options.
   *
   * @return a builder with the defaults
   */
  public static Builder builder() {
    StartClasses.load();
    return new Builder();
  }

  /** The options of a pool. Each method changes and returns the builder. Not thread-safe. */
  public static final class Builder extends ServingOptions<Builder> {

    private String name = "pool-" + POOLS.incrementAndGet();
    private int workers = Runtime.getRuntime().availableProcessors();
    private int spareWorkers;
    private @Nullable Duration idleTimeout;
    private OnClose onClose = OnClose.JOIN;
    private final List<PoolObserver> observers = new ArrayList<>(0);

    private Builder() {}

    @Override
    protected Builder self() {
      return this;
    }

    /**
     * Sets the number of workers. Default: {@link Runtime#availableProcessors()}.
     *
     * @param number at least 1
     * @return this
     * @throws IllegalArgumentException if it is not positive
     */
    public Builder workers(int number) {
      workers = positive("workers", number);
      return this;
    }

    /**
     * Keeps so many more workers ready beside the pool's, so that the place of one that is killed,
     * lost or replaced is taken at once: their process is started, their initializer has run, and
     * they run no items until then. {@link Pool#workers()} shows them as {@link
     * dev.procpool.WorkerInfo.State#SPARE SPARE}. Another spare is started for one that was used.
     * They start once the pool's first worker is ready, and end when {@link #idleTimeout} has left
     * the pool without workers. Each takes the memory of a worker, and its part of what is shared
     * out among the workers of all pools.
     *
     * <p>A spare has a number of its own, the lowest that is free when it is started, and keeps it
     * when it takes a place. So numbers go up to those of the workers and spares together, and
     * functions of a number, as that of {@link #environment(java.util.function.IntFunction)}, are
     * asked for all of them. No effect while {@link #debugWorkers} is set. Default: 0.
     *
     * @param number 0 or more
     * @return this
     * @throws IllegalArgumentException if it is negative
     * @since 0.2.0
     */
    public Builder spareWorkers(int number) {
      if (number < 0) {
        throw new IllegalArgumentException("spareWorkers must be 0 or more, was " + number);
      }
      spareWorkers = number;
      return this;
    }

    /**
     * Lets a worker end that has had nothing to do for so long; another starts when there is work.
     * Default: never.
     *
     * @param timeout more than zero
     * @return this
     * @throws IllegalArgumentException if it is not positive
     */
    public Builder idleTimeout(Duration timeout) {
      idleTimeout = positive("idleTimeout", timeout);
      return this;
    }

    /**
     * Sets what {@link Pool#close()} does with unfinished calls: {@link OnClose#JOIN} waits for
     * them, however long that takes, {@link OnClose#TERMINATE} stops them, {@link
     * OnClose#joinAtMost} does one and then the other. Default: {@link OnClose#JOIN}.
     *
     * @param what what it does
     * @return this
     */
    public Builder onClose(OnClose what) {
      onClose = Objects.requireNonNull(what, "what");
      return this;
    }

    /**
     * Has an observer told what happens in the pool, on a thread of its own. May be called again
     * for another one. Default: none.
     *
     * @param observer whom to tell
     * @return this
     * @since 0.2.0
     */
    public Builder observer(PoolObserver observer) {
      observers.add(Objects.requireNonNull(observer, "observer"));
      return this;
    }

    /**
     * Names the pool, for its threads and messages. Default: {@code pool-1}, {@code pool-2} …
     *
     * @param text the name
     * @return this
     */
    public Builder name(String text) {
      name = Objects.requireNonNull(text, "text");
      return this;
    }

    /**
     * Makes the pool.
     *
     * @return the pool
     * @throws IllegalArgumentException if {@code debugWorkers} leaves too few ports, {@code
     *     workerTemp} or {@code classPath} can't be used, or a function that gives options or
     *     variables by worker throws or gives what can't be passed on
     * @throws TaskSerializationException if the initializer, the finalizer or the object codec
     *     can't be serialized
     * @throws java.io.UncheckedIOException if the temporary directory can't be used
     * @throws IllegalStateException if pools are nested too deeply in tasks, a program of the
     *     sandbox is not there, or this process has no {@code java.home} and none was set
     */
    public Pool build() {
      Observation observation = new Observation(name, observers);
      Backend backend = backend(observation, 0);
      try {
        return registered(new CallPool(name, backend, onClose, observation), name, observation);
      } catch (OutOfMemoryError e) { // nobody could end it any more
        backend.terminate();
        throw e;
      }
    }

    /**
     * Makes the worker processes of a pool, without the pool: for a backend that has several such
     * groups. Its caller ends it; {@code onClose} means nothing here.
     *
     * @param firstNumber the lowest number of a worker, so that each of several groups has its own
     * @return the backend
     * @throws IllegalArgumentException if {@code firstNumber} is negative; else as {@link #build()}
     * @since 0.2.0
     */
    public Backend buildBackend(int firstNumber) {
      if (firstNumber < 0) {
        throw new IllegalArgumentException("firstNumber must not be negative: " + firstNumber);
      }
      return backend(new Observation(name, observers), firstNumber);
    }

    private Backend backend(Observation observation, int firstNumber) {
      if (Nesting.isWorker() && !Bootstrapping.isUnderWay()) { // else the first call is refused
        Nesting.refuseIfTooDeep();
      }
      check(workers);
      ClassSource classes = new ClassSource(inheritsClassPath());
      SharedUses uses = new SharedUses(key -> {}); // until the pool ends, and no worker needs word
      Insight insight = insight(observation);
      PoolSettings settings =
          new PoolSettings(
              name,
              workers,
              codecs(classes, uses),
              actions(classes, uses),
              jvm(),
              limits(firstNumber, insight.isDebugging() ? 0 : spareWorkers, idleTimeout),
              output(),
              insight,
              spin(),
              Nesting.depthOfWorkers());
      int processes = settings.jvm().byWorker().isNothing() ? 0 : settings.processes(workers);
      for (int worker = 0; worker < processes; worker++) {
        settings.ofWorker(firstNumber + worker); // throws for what can't be passed on
      }
      return Nesting.isWorker()
          ? new NestedBackend(settings)
          : LocalBackend.openObserved(settings); // first: a process starts meanwhile
    }
  }
}
