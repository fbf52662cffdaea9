package dev.procpool.job;

import dev.procpool.Outcome;
import dev.procpool.TaskOptions;
import dev.procpool.function.Task1;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;

/**
 * The job of an {@code imap} call: lends out credit, keeps results until they are consumed.
 *
 * <p>At most {@code lookAhead} items are between source and consumer: taking a result gives the
 * puller credit for one more item. Memory is bounded by that, however long the call runs. The job
 * does not know its iterator, so that an iterator that nobody holds any more can end its job.
 *
 * @param <T> the type of the items
 * @param <R> the type of the results
 */
final class StreamingJob<T, R> extends Job<T, R> {

  static final int DEFAULT_LOOK_AHEAD = 1024;

  private static final Object NULL = new Object();

  private final Condition resultOrEnd = lock.newCondition();
  private final Condition creditOrClosed = lock.newCondition();
  private final int lookAhead;

  /** How far the puller may go without looking at the shared count. Belongs to the puller. */
  private long creditKnown;

  // ---- guarded by lock

  private final ResultBuffer buffer;
  private long consumed;
  private int consumersWaiting;
  private boolean pullerWaiting;

  /** The id of the thread that consumed last; 0 before the first. */
  private long lastConsumer;

  /** What the consumer meets after the last result; null for an ordinary end. */
  private Throwable terminal;

  /** Why the iteration was cut short, with what results there were; null if it was not. */
  private CancellationException cut;

  StreamingJob(
      PoolLife life,
      Task1<? super T, ? extends R> task,
      TaskOptions options,
      ItemSource<T> source,
      ResultBuffer buffer) {
    super(life, task, options, source, false);
    this.buffer = buffer;
    this.lookAhead = options.lookAhead().orElse(DEFAULT_LOOK_AHEAD);
  }

  // ---------------------------------------------------------------- for the puller

  @Override
  boolean awaitCredit(ItemSource<T> from) throws InterruptedException {
    long taken = from.taken();
    // a source known to be at its end costs no credit, so that the job can end unconsumed
    if (taken < creditKnown || taken == from.size()) {
      return true;
    }
    lock.lockInterruptibly();
    try {
      while (!isClosed() && taken - consumed >= lookAhead) {
        pullerWaiting = true;
        creditOrClosed.await();
      }
      creditKnown = consumed + lookAhead;
      return !isClosed();
    } finally {
      pullerWaiting = false;
      lock.unlock();
    }
  }

  @Override
  void handedOut(long index) {
    lock.lock();
    try {
      buffer.expect(index);
    } finally {
      lock.unlock();
    }
  }

  @Override
  void sourceEnded(Throwable error) {
    boolean last;
    lock.lock();
    try {
      if (!closeSource()) {
        return;
      }
      terminal = error;
      last = endAndWake();
    } finally {
      lock.unlock();
    }
    if (last) {
      leavePool();
    }
  }

  // ---------------------------------------------------------------- reports

  @Override
  public void succeeded(long index, R value, int attempts, long nanos, long workerPid) {
    report(index, value == null ? NULL : value);
  }

  @Override
  public void settled(Outcome<R> outcome) {
    if (outcome instanceof Outcome.Success<R> success) {
      report(success.index(), success.value() == null ? NULL : success.value());
    } else {
      report(outcome.index(), new Failed(outcome.failure().orElseThrow()));
    }
  }

  private void report(long index, Object result) {
    boolean last;
    lock.lock();
    try {
      if (isEnded() || !buffer.put(index, result)) {
        return;
      }
      countReport();
      if (consumersWaiting > 0 && buffer.hasNext()) {
        resultOrEnd.signal();
      }
      last = isClosed() && endAndWake();
    } finally {
      lock.unlock();
    }
    if (last) {
      leavePool();
    }
  }

  @Override
  public void abort(Throwable cause) {
    lock.lock();
    try {
      if (!endNow()) {
        return;
      }
      if (cause instanceof CancellationException cancellation) {
        cut = cut == null ? cancellation : cut;
      } else {
        buffer.fillMissing(new Failed(cause));
        terminal = new CompletionException(cause);
      }
      wakeAll();
    } finally {
      lock.unlock();
    }
    leavePool();
  }

  private boolean endAndWake() {
    boolean last = endIfComplete();
    if (last) {
      wakeAll();
    }
    return last;
  }

  private void wakeAll() {
    resultOrEnd.signalAll();
    creditOrClosed.signalAll();
  }

  // ---------------------------------------------------------------- for consumers

  /** Waits for a result or the end: true if there is a result. */
  boolean awaitResult() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      return awaitNext(Deadline.NEVER);
    } catch (TimeoutException never) {
      throw new AssertionError(never);
    } finally {
      lock.unlock();
    }
  }

  /** Takes the next result, waiting for it until the deadline. */
  @SuppressWarnings("unchecked") // the buffer holds what was reported for this R
  R take(Deadline deadline) throws InterruptedException, TimeoutException {
    Object result;
    lock.lockInterruptibly();
    try {
      if (!awaitNext(deadline)) {
        throw new NoSuchElementException(this + " has no more results");
      }
      result = buffer.take();
      consumed++;
      if (pullerWaiting) {
        creditOrClosed.signal();
      }
      if (consumersWaiting > 0 && buffer.hasNext()) {
        resultOrEnd.signal();
      }
    } finally {
      lock.unlock();
    }
    if (result instanceof Failed failed) {
      throw failed.toThrow();
    }
    return result == NULL ? null : (R) result;
  }

  private boolean awaitNext(Deadline deadline) throws InterruptedException, TimeoutException {
    lastConsumer = Thread.currentThread().getId();
    while (!buffer.hasNext()) {
      if (cut != null) {
        throw Completion.again(cut);
      }
      if (isEnded()) {
        throwTerminal();
        return false;
      }
      long left = deadline.remaining();
      if (left <= 0) {
        throw new TimeoutException("no result of " + this + " in time; the iteration can go on");
      }
      consumersWaiting++;
      try {
        resultOrEnd.awaitNanos(left);
      } finally {
        consumersWaiting--;
      }
    }
    if (consumersWaiting > 0) {
      resultOrEnd.signal(); // this one may not take it
    }
    return true;
  }

  private void throwTerminal() {
    if (terminal instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    if (terminal instanceof Error error) {
      throw error;
    }
    if (terminal != null) {
      throw new CompletionException(terminal);
    }
  }

  /** Ends the iteration: drops results, cancels what is out. Does nothing if it has ended. */
  void close() {
    boolean last;
    lock.lock();
    try {
      if (cut != null || (isEnded() && !buffer.hasNext())) {
        return;
      }
      cut = new CancellationException(this + " was cancelled: its iterator was closed");
      buffer.discard();
      closeSource();
      last = endIfComplete();
      wakeAll();
    } finally {
      lock.unlock();
    }
    cancelInBackend(true);
    if (last) {
      leavePool();
    }
  }

  /**
   * Tells whether the job waits for a thread to consume that was the last to do so: if that thread
   * waits for the job's end, it waits for ever.
   */
  boolean isConsumedBy(Thread thread) {
    lock.lock();
    try {
      return lastConsumer == thread.getId();
    } finally {
      lock.unlock();
    }
  }

  /** A failure in place of a result; the wrapper tells it from a value of the user's. */
  private record Failed(Throwable failure) {
    RuntimeException toThrow() {
      return failure instanceof CancellationException cancellation
          ? Completion.again(cancellation)
          : new CompletionException(failure);
    }
  }
}
