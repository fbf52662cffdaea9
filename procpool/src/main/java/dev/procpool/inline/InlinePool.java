package dev.procpool.inline;

import dev.procpool.OnClose;
import dev.procpool.Pool;
import dev.procpool.job.JobPool;
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
    if (workers < 1) {
      throw new IllegalArgumentException("workers must be at least 1, was " + workers);
    }
    String name = "inline-" + COUNT.incrementAndGet();
    return new JobPool(name, new InlineBackend(name, workers), OnClose.JOIN);
  }
}
