package dev.procpool.inline;

import dev.procpool.OnClose;
import dev.procpool.Pool;
import dev.procpool.PoolObserver;
import dev.procpool.call.CallPool;
import dev.procpool.nesting.Nesting;
import dev.procpool.observe.Observation;
import dev.procpool.spi.Backend;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Makes pools whose workers are daemon threads of the caller's JVM: the same calls, and a
 * breakpoint in a task is met.
 *
 * <p>Tasks, arguments, results and exceptions are copied through bytes, exactly as they are for
 * worker processes, so that what can't be serialized fails here as there and a task can't change
 * its caller's objects. Object graphs go by Java serialization; the object codec of a {@code
 * ProcessPool} has no place here.
 *
 * <p>What threads can't give:
 *
 * <ul>
 *   <li>A task that crashes the JVM or calls {@code System.exit} ends the caller's JVM. Tasks share
 *       its heap and its static fields; {@code pid} is that of the caller.
 *   <li>A thread can't be killed. A task that runs into its time limit, is cancelled, or is met by
 *       {@code terminate()} is interrupted. If it ignores that for one second, its item is settled
 *       all the same, the thread is left to itself and another takes its place.
 * </ul>
 */
public final class InlinePool {

  private static final AtomicInteger COUNT = new AtomicInteger();

  private InlinePool() {}

  /**
   * Makes a pool of one worker: tasks run one after another.
   *
   * @return the pool
   */
  public static Pool create() {
    return create(1);
  }

  /**
   * Makes a pool.
   *
   * @param workers the number of worker threads
   * @return the pool
   * @throws IllegalArgumentException if {@code workers} is not positive
   */
  public static Pool create(int workers) {
    return builder().workers(workers).build();
  }

  /**
   * Begins a pool with options.
   *
   * @return a builder with the defaults
   * @since 0.2.0
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * The options of a pool. Each method changes and returns the builder. Not thread-safe.
   *
   * @since 0.2.0
   */
  public static final class Builder {

    private int workers = 1;
    private final List<PoolObserver> observers = new ArrayList<>();

    private Builder() {}

    /**
     * Sets the number of worker threads. Default: 1, so that tasks run one after another.
     *
     * @param number at least 1
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
     * Has an observer told what happens in the pool, on a thread of its own. May be called again
     * for another one. Default: none.
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
     */
    public Pool build() {
      String name = "inline-" + COUNT.incrementAndGet();
      Observation observation = new Observation(name, observers);
      try {
        if (!Nesting.isWorker()) { // else with the first call, if there is one
          observation.begin();
        }
        Backend backend = new InlineBackend(name, workers, new InlineNews(observation));
        return new CallPool(name, backend, OnClose.JOIN, observation);
      } catch (Throwable e) { // no thread for an observer, say: those of others end
        observation.terminated();
        throw e;
      }
    }
  }
}
