package dev.procpool.local.fleet;

import org.jspecify.annotations.Nullable;

/**
 * What one part of the pool keeps of each worker: the part's own state, which goes with the worker.
 *
 * <p>It is found by an index and not by a map, as some of it is asked for with each chunk. (Not by
 * the worker's number: a worker that ends may still have the number that its successor has got.)
 * Owned by the engine's thread.
 *
 * @param <T> the state
 */
public final class PerWorker<T> {

  private final int index;

  /**
   * Makes a place for the state of one part.
   *
   * @param index which no other part has; see {@link Fleet#perWorker}
   */
  PerWorker(int index) {
    this.index = index;
  }

  /** Gives what is kept of a worker; null if nothing is. */
  @SuppressWarnings("unchecked") // nobody else writes there
  public @Nullable T get(Worker worker) {
    return (T) worker.kept(index);
  }

  /** Keeps this, instead of what was kept. */
  public T put(Worker worker, T state) {
    worker.keep(index, state);
    return state;
  }
}
