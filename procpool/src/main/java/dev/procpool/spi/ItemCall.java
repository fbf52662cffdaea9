package dev.procpool.spi;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;

/**
 * A call of an {@link ItemBackend}, and where its items are. Its thread pulls them.
 *
 * <p>The collections and flags are guarded by the backend's lock.
 */
final class ItemCall<T extends @Nullable Object, R extends @Nullable Object> extends ItemPull<T> {

  final ItemBackend backend;
  final Submission<T, R> submission;
  final Attempts<R> attempts;
  final ClassLoader loader;

  /** Whether it was cancelled, or the pool terminated. Written with the lock. */
  volatile boolean isStopped;

  // ---- guarded by the backend's lock

  final Deque<Waiting<T>> waiting = new ArrayDeque<>();
  final Set<Waiting<T>> delayed = new HashSet<>();
  final Set<ItemAttempt<T, R>> running = new HashSet<>();
  final Condition space;
  @Nullable Thread puller;
  boolean pulled;

  /** Outcomes that are known and not reported yet. */
  int reporting;

  /** An item that waits for a worker, and the last attempt at it. Each is itself alone. */
  static final class Waiting<T extends @Nullable Object> {
    private final T item;
    private final Attempt last;
    private final long pulledAt;

    Waiting(T item, Attempt last, long pulledAt) {
      this.item = item;
      this.last = last;
      this.pulledAt = pulledAt;
    }

    T item() {
      return item;
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
    this.space = space;
    this.attempts = new Attempts<>(submission);
    this.loader = TaskOrigin.of(submission.task()).loader();
  }

  /** Pulls on a thread of its own: what is thrown has ended the call, which tells it. */
  void runQuietly() {
    try {
      run();
    } catch (Throwable e) {
      // see above
    }
  }

  @Override
  protected boolean take(long index, T item) {
    return backend.enqueue(this, new Waiting<>(item, Attempt.none(index), System.nanoTime()));
  }

  @Override
  protected boolean isStopped() {
    return isStopped;
  }

  @Override
  protected void ended() {
    backend.pulled(this);
  }

  // ---------------------------------------------------------------- with the backend's lock

  /** Takes the next item that waits to a worker. */
  ItemAttempt<T, R> next(ItemSlot slot) {
    ItemAttempt<T, R> attempt = new ItemAttempt<>(this, waiting.remove(), slot);
    running.add(attempt);
    space.signal();
    return attempt;
  }

  /** Has no more items pulled, and none tried again: gives those that don't run. */
  List<Waiting<T>> stop() {
    isStopped = true;
    attempts.stop();
    pulled = true; // its source may block for ever
    space.signalAll();
    if (puller != null) {
      puller.interrupt();
    }
    List<Waiting<T>> left = new ArrayList<>(waiting);
    left.addAll(delayed);
    waiting.clear();
    delayed.clear();
    return left;
  }

  /** Whether nothing of it is left to do. */
  boolean isOver() {
    return pulled && waiting.isEmpty() && delayed.isEmpty() && running.isEmpty() && reporting == 0;
  }
}
