package dev.procpool.spi;

import dev.procpool.PoolObserver;
import dev.procpool.Shared;
import dev.procpool.WorkerInfo;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Where tasks run: worker processes on this machine, the caller's own JVM, a cluster.
 *
 * <p>The pool above it makes a {@link Submission} of every call. The backend pulls items from it,
 * runs the task on each, and reports exactly one outcome for each item that it pulled. How items
 * are bundled, where they run and what is retried is the backend's business.
 *
 * <p>Implementations are thread-safe; no method but {@link #awaitTermination} waits for a worker,
 * except {@link #cancel}, {@link #workers} and {@link #stats} for a moment.
 */
public interface Backend {

  /**
   * Takes on a call. Never called after {@link #shutdown()}.
   *
   * @param submission the call
   */
  void submit(Submission<?, ?> submission);

  /**
   * Is called by a thread that is about to wait for a result: a backend may have it do some of the
   * work that the result waits for. By default nothing is done.
   *
   * @param done whether the result is there
   */
  default void help(BooleanSupplier done) {}

  /**
   * Stops a call: items not started never start and are reported as cancelled. Does nothing if the
   * call has ended.
   *
   * @param submission the call
   * @param interruptRunning whether running items are stopped too, and reported as cancelled
   */
  void cancel(Submission<?, ?> submission, boolean interruptRunning);

  /**
   * Makes a value available to all workers, as {@link dev.procpool.Pool#share} says.
   *
   * @param <T> the type of the value
   * @param value the value
   * @return the handle
   */
  <T extends @Nullable Object> Shared<T> share(T value);

  /**
   * Has workers let go of their copies of a value that another JVM has shared, whose file in the
   * builder's {@code sharedFolder} is gone. By default nothing is done.
   *
   * @param key names the value
   * @since 0.2.0
   */
  default void dropShared(String key) {}

  /**
   * Describes the workers.
   *
   * @return a snapshot, ordered by worker number
   */
  List<WorkerInfo> workers();

  /**
   * Gives what this knows for the statistics of the pool. By default what {@link #workers} tells.
   *
   * @return a snapshot; after the end too
   * @since 0.2.0
   */
  default BackendStats stats() {
    return BackendStats.of(workers());
  }

  /**
   * Tells whether nothing can be run here any more, as since workers can't start.
   *
   * @return false unless overridden
   * @since 0.2.0
   */
  default boolean isBroken() {
    return false;
  }

  /**
   * Is called once, before the first call, by a pool that was not told by this backend's maker whom
   * to tell: says to whom to tell what happens to workers and to attempts that are not the last
   * ({@code workerStarted}, {@code workerReady}, {@code workerEnded}, {@code itemsSent}, {@code
   * itemProgressed}, {@code itemTimedOut}, {@code itemRetried}, and {@code poolChanged} when it
   * breaks or all has ended). All else the pool tells itself. It never blocks and never throws. By
   * default nothing is told.
   *
   * @param observer whom to tell
   * @since 0.2.0
   */
  default void observe(PoolObserver observer) {}

  /**
   * Changes the number of workers.
   *
   * @param workers the new number, positive
   */
  void resize(int workers);

  /**
   * Has the workers start that would else start with the first calls; does not wait for them. By
   * default nothing is done.
   */
  default void prestart() {}

  /** Says that no more calls come: workers end once the calls taken on have ended. */
  void shutdown();

  /**
   * Stops everything at once: kills the workers and {@linkplain Submission#abort aborts} what has
   * not ended. Bounded in time.
   */
  void terminate();

  /**
   * Waits until every worker is gone and nothing of the backend is left.
   *
   * @param timeout the longest time to wait
   * @return whether all is gone
   * @throws InterruptedException if this thread was interrupted
   */
  boolean awaitTermination(Duration timeout) throws InterruptedException;
}
