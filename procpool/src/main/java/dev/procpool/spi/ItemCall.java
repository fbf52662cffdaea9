package dev.procpool.spi;

import dev.procpool.items.CallItems;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;

/** A call of an {@link ItemBackend}. Its thread pulls its items. */
final class ItemCall<T extends @Nullable Object, R extends @Nullable Object> extends ItemPull<T> {

  final ItemBackend backend;
  final Submission<T, R> submission;
  final Attempts<R> attempts;
  final ClassLoader loader;

  /** Guarded by the backend's lock. */
  final CallItems<Waiting<T>, ItemAttempt<T, R>> items;

  /** An item that waits for a worker, and the last attempt at it. Each is itself alone. */
  static final class Waiting<T extends @Nullable Object> {
    private final T item;
    private final @Nullable Duration limit;
    private final Attempt last;
    private final long pulledAt;

    Waiting(T item, @Nullable Duration limit, Attempt last, long pulledAt) {
      this.item = item;
      this.limit = limit;
      this.last = last;
      this.pulledAt = pulledAt;
    }

    T item() {
      return item;
    }

    /** How long it may run; null for no limit. */
    @Nullable Duration limit() {
      return limit;
    }

    Attempt last() {
      return last;
    }

    /** When it was taken from its source. */
    long pulledAt() {
      return pulledAt;
    }
  }

  /** To be made on the caller's thread. */
  ItemCall(ItemBackend backend, Submission<T, R> submission, Condition space) {
    super(submission);
    this.backend = backend;
    this.submission = submission;
    this.items = new CallItems<>(space);
    this.attempts = new Attempts<>(submission);
    this.loader = TaskOrigin.of(submission.task()).loader();
  }

  @Override
  protected boolean take(long index, T item) {
    Attempt none = Attempt.none(index);
    return backend.enqueue(this, new Waiting<>(item, limit(), none, System.nanoTime()));
  }

  @Override
  protected boolean isStopped() {
    return items.isStopped();
  }

  @Override
  protected void ended() {
    backend.pulled(this);
  }

  // ---------------------------------------------------------------- with the backend's lock

  /** Takes the next item that waits to a worker. */
  ItemAttempt<T, R> next(ItemSlot slot) {
    ItemAttempt<T, R> attempt = new ItemAttempt<>(this, items.next(), slot);
    items.begin(attempt);
    return attempt;
  }

  /** Has no more items pulled, and none tried again: gives those that don't run. */
  List<Waiting<T>> stop() {
    attempts.stop();
    return items.stop();
  }

  /** Lets go of what runs. */
  void drop() {
    stop();
    items.running().forEach(attempt -> attempt.isOver = true);
    items.forgetRunning();
  }
}
