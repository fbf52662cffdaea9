package dev.procpool;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A value sent to each worker once, not once a task. Capture it in a task or pass it as an
 * argument.
 *
 * <p>It is kept until it is {@linkplain #close() closed}, or until nobody refers to it in the
 * program that shared it and no call under way was given it; at the latest until its pool ends. So
 * keep it there while tasks are to use it.
 *
 * <p>Thread-safe. All tasks of a worker see one copy of the value: treat it as read-only. A worker
 * whose memory is short may let go of a copy that nothing there refers to, and read it again when a
 * task asks for it. A task that refers to no more than a part of the value does not keep the rest.
 *
 * @param <T> the type of the value
 * @see Pool#share
 */
public interface Shared<T extends @Nullable Object> extends Serializable, AutoCloseable {

  /**
   * Gives the value: in the parent the one that was shared, in a worker the worker's copy; of a
   * buffer, a read-only view that belongs to the caller.
   *
   * @return the value; may be null
   * @throws IllegalStateException if it was closed, or is not kept any more for another reason, as
   *     in a worker when the pool that it was shared with is gone
   */
  T get();

  /**
   * Lets go of the value, in this process, in workers and on the disk. Tasks that have captured it,
   * and items with it that were sent to workers, still see it: it goes when their calls have ended.
   * What is to be sent with it later fails, as does {@link #get()} here. Does nothing if this is
   * closed already, or in a worker: a task can't close the value of others. Waits for nothing.
   *
   * <p>A value that is never closed goes when the garbage collector finds that nobody needs it. By
   * default nothing is done.
   *
   * @since 0.2.0
   */
  @Override
  default void close() {}
}
