package dev.procpool.spi;

import dev.procpool.TaskOptions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Pulls a call's items from their source, one after another, and gives each to the backend. The
 * source is the user's code: it may block, throw anything, and interrupt the thread that reads it.
 *
 * <p>Run it once: on a thread of the call's own, or, if the call is {@linkplain
 * Submission#isImmediate immediate}, on the caller's within {@link Backend#submit}. All methods are
 * called on that thread.
 *
 * <pre>{@code
 * new ItemPull<>(call) {
 *   @Override
 *   protected boolean take(long index, T item) {
 *     return queue.offer(new Work<>(call, index, item));
 *   }
 * }
 * }</pre>
 *
 * @param <T> the type of the items
 * @since 0.2.0
 */
public abstract class ItemPull<T extends @Nullable Object> implements Runnable {

  private final Submission<T, ?> call;

  /** Whether each item has a limit of its own. */
  private final boolean isLimitedByItem;

  /** That of the item that was pulled last, or of all. */
  private @Nullable Duration limit;

  /**
   * Makes one.
   *
   * @param call whose items to pull
   */
  protected ItemPull(Submission<T, ?> call) {
    this.call = call;
    this.isLimitedByItem = call.options().hasTimeoutByItem();
    this.limit = call.options().timeout().orElse(null);
  }

  /**
   * Gives the time limit of the item that {@link #take} was called with, which may be by
   * {@linkplain TaskOptions#timeout(java.util.function.Function) item}.
   *
   * @return how long it may run; null for as long as it likes
   */
  protected final @Nullable Duration limit() {
    return limit;
  }

  /**
   * Takes an item, waiting for room as long as need be. Whoever interrupts this thread does not
   * mean the item, unless the call {@linkplain #isStopped was stopped}.
   *
   * @param index the item's index
   * @param item the item; may be null
   * @return false if it was not taken, as the call was stopped: the item is reported as cancelled,
   *     and no more are pulled
   */
  protected abstract boolean take(long index, T item);

  /**
   * Tells whether the call was cancelled or its pool terminated, so that an interrupt means the end
   * of the pulling. By default, whether the call has ended.
   *
   * @return whether no more items are wanted
   */
  protected boolean isStopped() {
    return call.isEnded();
  }

  /**
   * Ends the call after something was thrown by {@link #take}, or by the pull itself. By default it
   * is aborted.
   *
   * @param cause what was thrown
   */
  protected void abort(Throwable cause) {
    call.abort(cause);
  }

  /**
   * Is called in the end, however the pulling ended: no more items come. By default nothing is
   * done.
   */
  protected void ended() {}

  /** Pulls all items. */
  @Override
  public void run() {
    try {
      for (long pulled = 0; advance(); pulled++) {
        T item = call.item();
        long index = item instanceof EncodedItem encoded ? encoded.index() : pulled;
        if (isLimitedByItem && !takeLimit(index, item)) {
          continue;
        }
        if (!take(index, item)) {
          call.settled(Attempt.none(index).cancelled());
          break;
        }
      }
    } catch (Throwable e) {
      abort(e);
      throw e;
    } finally {
      try {
        ended();
      } finally {
        call.pulled(); // may run users' code: last
      }
    }
  }

  /** Asks the user's function for an item's limit: false if that failed, and the item with it. */
  private boolean takeLimit(long index, T item) {
    try {
      limit = call.options().timeoutOf(item).orElse(null);
      return true;
    } catch (IllegalArgumentException e) {
      String why = "item " + index + ": " + e.getMessage();
      call.settled(Attempt.none(index).failed(new IllegalArgumentException(why, e.getCause())));
      return false;
    } finally {
      forgetInterrupt();
    }
  }

  /** What users' code did to our thread is not meant for its items. */
  private void forgetInterrupt() {
    if (!call.isImmediate() && !isStopped()) {
      Thread.interrupted();
    }
  }

  /** Goes to the next item, through interrupts that are not meant to end the call. */
  private boolean advance() {
    while (true) {
      try {
        boolean more = call.advance();
        forgetInterrupt();
        return more;
      } catch (InterruptedException e) {
        if (isStopped()) {
          return false;
        } // else the source has left it, or somebody interrupts every thread of the process
      }
    }
  }
}
