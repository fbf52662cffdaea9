package dev.procpool.job;

import dev.procpool.Outcome;
import dev.procpool.TaskOptions;
import dev.procpool.function.Task1;
import dev.procpool.guard.SafeText;
import dev.procpool.spi.ItemRun;
import dev.procpool.spi.ValueBatch;
import dev.procpool.spi.WorkerName;
import java.time.Duration;
import java.util.BitSet;
import java.util.NoSuchElementException;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;

/**
 * The job of an {@code imap} call: lends out credit, keeps results until they are consumed.
 *
 * <p>At most {@code lookAhead} items are between source and consumer: taking a result gives the
 * puller credit for one more item. Memory is bounded by that, however long the call runs, and for
 * large results by their {@link WaitingBytes}. The job does not know its iterator, so that an
 * iterator that nobody holds any more can end its job.
 *
 * @param <T> the type of the items
 * @param <R> the type of the results
 */
final class StreamingJob<T, R> extends Job<T, R> {

  static final int DEFAULT_LOOK_AHEAD = 1024;

  private final Condition resultOrEnd = lock.newCondition();
  private final Condition creditOrClosed = lock.newCondition();
  private final int lookAhead;

  /** The number of items; negative if the source does not tell. */
  private final long size;

  /** How far the puller may go without looking at the shared count. Belongs to the puller. */
  private long creditKnown;

  // ---- guarded by lock

  private final ResultBuffer<R> buffer;
  private final WaitingBytes waiting = new WaitingBytes(WaitingBytes.LIMIT);
  private long consumed;
  private int consumersWaiting;
  private boolean pullerWaiting;

  /** The id of the thread that consumed last; 0 before the first. */
  private long lastConsumer;

  /** What the consumer meets after the last result; null for an ordinary end. */
  private Throwable terminal;

  /** Why the iteration was cut short, with what results there were; null if it was not. */
  private CancellationException cut;

  /** What closes the job once its consumer is gone; null before there is one. */
  private Abandonment abandonment;

  StreamingJob(
      PoolLife life,
      Task1<? super T, ? extends R> task,
      TaskOptions options,
      ItemSource<T> source,
      ResultBuffer<R> buffer) {
    super(life, task, options, source, false);
    this.buffer = buffer;
    this.size = source.size();
    this.lookAhead = options.lookAhead().orElse(DEFAULT_LOOK_AHEAD);
  }

  /** Has nothing more done for a consumer who is gone once the job has ended. */
  void callOffAtEnd(Abandonment consumers) {
    lock.lock();
    try {
      abandonment = consumers;
    } finally {
      lock.unlock();
    }
    if (isEnded()) {
      consumers.callOff();
    }
  }

  @Override
  void leavePool() {
    super.leavePool();
    Abandonment consumers;
    lock.lock();
    try {
      consumers = abandonment;
    } finally {
      lock.unlock();
    }
    if (consumers != null) {
      consumers.callOff();
    }
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
  public void succeeded(long index, R value, int attempts, long nanos, WorkerName worker) {
    succeeded(index, value, attempts, nanos, worker, 0, ItemRun.UNKNOWN);
  }

  private static <R> Outcome<R> success(
      long index, R value, int attempts, long nanos, WorkerName worker) {
    Duration ran = Duration.ofNanos(nanos);
    return new Outcome.Success<>(index, attempts, ran, worker.pid(), worker.host(), value);
  }

  @Override
  public void succeeded(
      long index, R value, int attempts, long nanos, WorkerName worker, long bytes) {
    succeeded(index, value, attempts, nanos, worker, bytes, ItemRun.UNKNOWN);
  }

  @Override
  public void succeeded(
      long index, R value, int attempts, long nanos, WorkerName worker, long bytes, ItemRun run) {
    if (bytes > WaitingBytes.SMALL) {
      lock.lock();
      try {
        waiting.add(index, bytes);
      } finally {
        lock.unlock();
      }
    }
    settled(success(index, value, attempts, nanos, worker), run);
  }

  @Override
  public int room(long started, Runnable more) {
    lock.lock();
    try {
      return cut != null ? Integer.MAX_VALUE : waiting.room(started, reported(), more);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void succeeded(
      long[] indexes,
      ValueBatch<? extends R> values,
      int attempts,
      long[] nanos,
      WorkerName worker) {
    succeeded(indexes, values, attempts, nanos, worker, ItemRun.UNKNOWN);
  }

  @Override
  public void succeeded(
      long[] indexes,
      ValueBatch<? extends R> values,
      int attempts,
      long[] nanos,
      WorkerName worker,
      ItemRun run) {
    boolean last = false;
    BitSet old = null;
    lock.lock();
    try {
      for (int i = 0; i < values.size(); i++) {
        if (put(success(indexes[i], values.value(i), attempts, nanos[i], worker))) {
          last |= isClosed() && endAndWake();
        } else {
          old = old == null ? new BitSet() : old;
          old.set(i);
        }
      }
      tellSuccesses(indexes, nanos, values.size(), old, attempts, run);
      wakeConsumer();
    } finally {
      lock.unlock();
    }
    if (last) {
      leavePool();
    }
  }

  @Override
  public void settled(Outcome<R> outcome) {
    settled(outcome, ItemRun.UNKNOWN);
  }

  @Override
  public void settled(Outcome<R> outcome, ItemRun run) {
    boolean last = false;
    lock.lock();
    try {
      if (put(outcome)) {
        tell(outcome, run);
        last = isClosed() && endAndWake();
      }
      wakeConsumer();
    } finally {
      lock.unlock();
    }
    if (last) {
      leavePool();
    }
  }

  /** Takes an outcome, under the lock: true if it is the item's first. */
  private boolean put(Outcome<R> outcome) {
    if (isEnded() || !buffer.put(outcome)) {
      return false;
    }
    countReport();
    return true;
  }

  private void wakeConsumer() {
    if (consumersWaiting > 0 && buffer.hasNext()) {
      resultOrEnd.signal();
    }
  }

  @Override
  public void abort(Throwable cause) {
    lock.lock();
    try {
      if (endNow()) {
        abortNow(cause);
      }
    } finally {
      lock.unlock();
      leavePool();
    }
  }

  @Override
  public void drop(Throwable cause) {
    lock.lock();
    try {
      if (endNow()) {
        terminal = cause; // first: there may be no memory for the rest
        endMissing(cause);
        buffer.discard();
        wakeAll();
      }
    } finally {
      lock.unlock();
      leavePool();
    }
  }

  /** Items that are out end with the call. */
  private void endMissing(Throwable cause) {
    countUnreported(cause, closedAt() - reported());
    if (tellsItems()) {
      buffer.missing(index -> tellUnreported(cause, index, index + 1));
    }
  }

  private void abortNow(Throwable cause) {
    try {
      if (cause instanceof CancellationException cancellation) {
        cut = cut == null ? cancellation : cut;
        endMissing(cause);
      } else {
        terminal = cause; // in case that there is no memory for the rest
        endMissing(cause);
        terminal = new CompletionException(SafeText.of(cause), cause);
        buffer.fillMissing(i -> new Outcome.Failure<>(i, 0, Duration.ZERO, 0, cause));
      }
    } finally {
      wakeAll();
    }
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

  @Override
  public OptionalLong items() {
    return size < 0 ? OptionalLong.empty() : OptionalLong.of(size);
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

  /** Takes the next outcome, waiting for it until the deadline. */
  Outcome<R> take(Deadline deadline) throws InterruptedException, TimeoutException {
    Outcome<R> outcome;
    Runnable more;
    lock.lockInterruptibly();
    try {
      if (!awaitNext(deadline)) {
        throw new NoSuchElementException(this + " has no more results");
      }
      outcome = buffer.take();
      consumed++;
      more = waiting.consumed(outcome.index(), reported());
      if (pullerWaiting) {
        creditOrClosed.signal();
      }
      wakeConsumer();
    } finally {
      lock.unlock();
    }
    if (more != null) {
      more.run();
    }
    return outcome;
  }

  private boolean awaitNext(Deadline deadline) throws InterruptedException, TimeoutException {
    lastConsumer = Thread.currentThread().getId();
    Patience patience = null;
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
      long slice = patience == null ? Patience.FIRST_NANOS : patience.slice();
      boolean isLong;
      consumersWaiting++;
      try {
        isLong = resultOrEnd.awaitNanos(Math.min(left, slice)) <= 0;
      } finally {
        consumersWaiting--;
      }
      if (isLong && left > slice) {
        patience = patience == null ? patience() : patience;
        look(patience);
      }
    }
    if (consumersWaiting > 0) {
      resultOrEnd.signal(); // this one may not take it
    }
    return true;
  }

  /** Looks whether the wait can end; without the lock meanwhile. */
  private void look(Patience patience) {
    lock.unlock();
    try {
      failIfNever(patience.look());
    } finally {
      lock.lock();
    }
  }

  private void throwTerminal() {
    if (terminal instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    if (terminal instanceof Error error) {
      throw error;
    }
    if (terminal != null) {
      throw new CompletionException(SafeText.of(terminal), terminal);
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
}
