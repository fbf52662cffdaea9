package dev.procpool;

import java.io.Serializable;

/**
 * A value sent to each worker once, not once a task. Capture it in a task or pass it as an
 * argument.
 *
 * <p>Thread-safe. All tasks of a worker see one copy of the value: treat it as read-only.
 *
 * @param <T> the type of the value
 * @see Pool#share
 */
public interface Shared<T> extends Serializable {

  /**
   * Gives the value: in the parent the one that was shared, in a worker the worker's copy; of a
   * buffer, a read-only view that belongs to the caller.
   *
   * @return the value; may be null
   * @throws IllegalStateException if the pool that it was shared with is gone
   */
  T get();
}
