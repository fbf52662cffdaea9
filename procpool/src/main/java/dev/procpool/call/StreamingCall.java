package dev.procpool.call;

import dev.procpool.Outcome;
import dev.procpool.TaskOptions;
import dev.procpool.function.Task1;
import dev.procpool.guard.SafeText;
import dev.procpool.spi.ItemRun;
import dev.procpool.spi.ValueBatch;
import dev.procpool.spi.WorkerName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * An {@code imap} call: lends out credit, keeps results until they are consumed.
 *
 * <p>At most {@code lookAhead} items are between source and consumer: taking a result gives the
 * puller credit for one more item. Memory is bounded by that, however long the call runs, and for
 * large results by their {@link WaitingBytes}. The call does not know its iterator, so that an
 * iterator that nobody holds any more can end its call.
 *
 * @param <T> the type of the items
 * @param <R> the type of the results
 */
final class StreamingCall<T, R> extends PoolCall<T, R> {

  /** How many outcomes are taken together at most. */
  private static final int MOST_TAKEN = 1024;

  static final int DEFAULT_LOOK_AHEAD = 1024;

  private final Credit credit;
  private final Consumers consumers = new Consumers(lock);

  /** The number of items; negative if the source does not tell. */
  private final long size;

  // ---- guarded by lock

  private final ResultBuffer<R> buffer;
  private final WaitingBytes waiting = new WaitingBytes(WaitingBytes.LIMIT);

  /** What the consumer meets in the end. */
  private final StreamEnd end = new StreamEnd();

  /** As many items as are known to be out; there may be more. */
  private long out;

  /** What closes the call once its consumer is gone; null before there is one. */
  private @Nullable Abandonment abandonment;

  StreamingCall(
      PoolLife life,
      Task1<? super T, ? extends R> task,
      TaskOptions options,
      ItemSource<T> source,
      ResultBuffer<R> buffer) {
    super(life, task, options, source, false);
    this.buffer = buffer;
    this.size = source.size();
    this.credit = new Credit(lock, options.lookAhead().orElse(DEFAULT_LOOK_AHEAD));
  }

  /** Has nothing more done for a consumer who is gone once the call has ended. */
  void callOffAtEnd(Abandonment watch) {
    lock.lock();
    try {
      abandonment = watch;
    } finally {
      lock.unlock();
    }
    if (isEnded()) {
      watch.callOff();
    }
  }

  @Override
  void leavePool() {
    super.leavePool();
    Abandonment watch;
    lock.lock();
    try {
      watch = abandonment;
    } finally {
      lock.unlock();
    }
    if (watch != null) {
      watch.callOff();
    }
  }

  @Override
  public void tellWaits(Waits whom) {
    credit.tell(whom);
  }

  @Override
  boolean awaitCredit(ItemSource<T> from) throws InterruptedException {
    long taken = from.taken();
    // a source known to be at its end costs no credit, so that the call can end unconsumed
    return credit.isKnown(taken) || taken == from.size() || credit.await(taken, this);
  }

  /** Takes note of items that there is credit for: each may be handed out. Under the lock. */
  void credited(long items) {
    buffer.expect(items);
  }

  @Override
  void sourceEnded(@Nullable Throwable error) {
    boolean last;
    lock.lock();
    try {
      if (!closeSource()) {
        return;
      }
      end.by(error);
      last = endAndWake();
    } finally {
      lock.unlock();
    }
    if (last) {
      leavePool();
    }
  }

  // ---------------------------------------------------------------- reports

  private static <R> Outcome<R> success(
      long index, R value, int attempts, long nanos, WorkerName worker) {
    Duration ran = Duration.ofNanos(nanos);
    return new Outcome.Success<>(index, attempts, ran, worker.pid(), worker.host(), value);
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
      return end.isCut() ? Integer.MAX_VALUE : waiting.room(started, reported(), more);
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
      news.tellSuccesses(indexes, nanos, values.size(), old, attempts, run);
      wakeConsumer();
    } finally {
      lock.unlock();
    }
    if (last) {
      leavePool();
    }
  }

  @Override
  public void settled(Outcome<R> outcome, ItemRun run) {
    boolean last = false;
    lock.lock();
    try {
      if (put(outcome)) {
        news.tell(outcome, run);
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
    if (isEnded() || !isOut(outcome.index()) || !buffer.put(outcome)) {
      return false;
    }
    countReports(1);
    return true;
  }

  /** Tells whether an item was handed out: the buffer expects some before they are. */
  private boolean isOut(long index) {
    if (index >= out) {
      out = taken();
    }
    return index < out;
  }

  private void wakeConsumer() {
    if (consumers.areWaiting() && buffer.hasNext()) {
      consumers.wakeOne();
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
        end.by(cause); // first: there may be no memory for the rest
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
    buffer.end(closedAt());
    news.countUnreported(cause, closedAt() - reported());
    if (news.tellsItems()) {
      buffer.missing(index -> news.tellUnreported(cause, index, index + 1));
    }
  }

  private void abortNow(Throwable cause) {
    try {
      if (cause instanceof CancellationException cancellation) {
        end.cut(cancellation);
        endMissing(cause);
      } else {
        end.by(cause); // in case that there is no memory for the rest
        endMissing(cause);
        end.by(new CompletionException(SafeText.of(cause), cause));
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
    consumers.wakeAll();
    credit.end();
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
      return consumers.await(this, Deadline.NEVER);
    } catch (TimeoutException never) {
      throw new AssertionError(never);
    } finally {
      lock.unlock();
    }
  }

  /** Tells, without waiting, whether there is a result. */
  boolean hasResultNow() {
    return consumers.canTake(this);
  }

  /**
   * Waits for an outcome until the deadline; takes it and those that are there, so many at most.
   */
  List<Outcome<R>> take(Deadline deadline, int most) throws InterruptedException, TimeoutException {
    List<Outcome<R>> outcomes;
    Runnable more;
    lock.lockInterruptibly();
    try {
      if (!consumers.await(this, deadline)) {
        throw new NoSuchElementException(this + " has no more results");
      }
      outcomes = takeNow(waiting.areLarge() ? 1 : most); // large ones are let go one by one
      credit.add(outcomes.size(), buffer.hasNext());
      more = waiting.consumed(outcomes.get(0).index(), reported());
      wakeConsumer();
    } finally {
      lock.unlock();
    }
    if (more != null) {
      more.run();
    }
    return outcomes;
  }

  private List<Outcome<R>> takeNow(int most) {
    int room = Math.min(most, MOST_TAKEN);
    List<Outcome<R>> outcomes = new ArrayList<>(room); // first: none is lost for want of memory
    do {
      outcomes.add(buffer.take());
    } while (outcomes.size() < room && buffer.hasNext());
    return outcomes;
  }

  /** Tells whether a consumer finds a result. Under the lock. */
  boolean hasResult() {
    return buffer.hasNext();
  }

  /** Tells whether no result comes any more; throws if that is no ordinary end. Under the lock. */
  boolean isOver() {
    return end.isMet(isEnded());
  }

  /** Ends the iteration: drops results, cancels what is out. Does nothing if it has ended. */
  void close() {
    boolean last;
    lock.lock();
    try {
      if (end.isCut() || (isEnded() && !buffer.hasNext())) {
        return;
      }
      end.cut(new CancellationException(this + " was cancelled: its iterator was closed"));
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
   * Tells whether the call waits for a thread to consume that was the last to do so: if that thread
   * waits for the call's end, it waits for ever.
   */
  boolean isConsumedBy(Thread thread) {
    return consumers.isLast(thread);
  }
}
