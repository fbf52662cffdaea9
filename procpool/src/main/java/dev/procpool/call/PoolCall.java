package dev.procpool.call;

import dev.procpool.Outcome;
import dev.procpool.PoolEvent;
import dev.procpool.TaskOptions;
import dev.procpool.context.CallContext;
import dev.procpool.function.Task1;
import dev.procpool.observe.ObservedCall;
import dev.procpool.spi.ItemRun;
import dev.procpool.spi.Submission;
import dev.procpool.spi.ValueBatch;
import dev.procpool.spi.WorkerName;
import java.lang.invoke.VarHandle;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One call on a pool: hands out its items and counts their outcomes until every one is in.
 *
 * <p>Threads: {@link #advance} and {@link #item} belong to the one thread that pulls; reports come
 * from any thread. {@code lock} guards the counts and all that the subclasses store; it is never
 * held while the user's code, the backend or {@link PoolLife} is called.
 *
 * <pre>
 *   OPEN    items are handed out, outcomes come in
 *     | the source ends or throws; cancel; abort                           closeSource
 *   CLOSED  no more items; outcomes of those handed out are awaited
 *     | the last of them is reported; abort                                 endIfComplete
 *   ENDED   nothing changes any more
 * </pre>
 *
 * @param <T> the type of the items
 * @param <R> the type of the results
 */
abstract class PoolCall<T, R> implements Submission<T, R>, ObservedCall {

  final ReentrantLock lock = new ReentrantLock();

  private final Task1<? super T, ? extends R> task;
  private final TaskOptions options;
  private final boolean immediate;

  /** Null once ended, so that a result that is kept does not keep its pool or its arguments. */
  private volatile @Nullable PoolLife life;

  private final @Nullable SourceClosing closing;

  private volatile @Nullable ItemSource<T> source;
  private volatile boolean ended;
  private volatile boolean awaited;

  /** Why it would never have ended. */
  private volatile @Nullable IllegalStateException never;

  /** Belongs to the puller; cleared by the last report, which comes after its last look. */
  private @Nullable T item;

  /** How many items were handed out in all, once no more are. Guarded by lock. */
  private long closedAt = Long.MAX_VALUE;

  /** How many items have their outcome. Guarded by lock. */
  private long reported;

  /** What observers are told. Guarded by lock. */
  final CallNews news;

  private final long madeAt = System.nanoTime();

  private long number;

  /** Why it could not be handed to the backend; null if it could. */
  volatile @Nullable Throwable unsent;

  PoolCall(
      PoolLife life,
      Task1<? super T, ? extends R> task,
      TaskOptions options,
      ItemSource<T> source,
      boolean immediate) {
    this.life = life;
    this.task = task;
    this.options = options;
    this.source = source;
    Runnable close = source.closing();
    this.closing = close == null ? null : new SourceClosing(close);
    this.immediate = immediate;
    this.news = new CallNews(this, life.observation());
  }

  // ---------------------------------------------------------------- for the puller

  @Override
  public final Task1<? super T, ? extends R> task() {
    return task;
  }

  @Override
  public final Map<String, Map<String, String>> carried() {
    return CallContext.carriedBy(task);
  }

  /** Says the how manieth call this is; before anybody knows of it. */
  final void begin(long itsNumber) {
    number = itsNumber;
  }

  @Override
  public final long number() {
    return number;
  }

  @Override
  public final TaskOptions options() {
    return options;
  }

  @Override
  public final boolean isImmediate() {
    return immediate;
  }

  @Override
  public final long undecodedBytes() {
    return WaitingBytes.LIMIT;
  }

  @Override
  public final boolean isAwaited() {
    return awaited;
  }

  @Override
  public final boolean advance() throws InterruptedException {
    item = null;
    ItemSource<T> from = source;
    if (from == null || (closing != null && !closing.begin()) || !awaitCredit(from)) {
      return false;
    }
    Throwable error = null;
    try {
      if (from.fetch()) {
        @Nullable T fetched = from.pop();
        if (!from.handOut()) {
          return false;
        }
        item = fetched;
        return true;
      }
      if (closing != null) {
        closing.close();
      }
    } catch (Throwable e) {
      error = e;
    }
    sourceEnded(error);
    return false;
  }

  @Override
  public final boolean isNextAtHand() {
    ItemSource<T> from = source;
    return from != null && from.isNextAtHand();
  }

  @Override
  public final void pulled() {
    if (closing != null) {
      closing.closeQuietly();
    }
  }

  @Override
  @SuppressWarnings("NullAway") // T may stand for null
  public final T item() {
    return item;
  }

  /** Waits until one more item may be taken from the source: false if none ever may. */
  boolean awaitCredit(ItemSource<T> from) throws InterruptedException {
    return true;
  }

  /** Takes note that the source has no more items: it ended, or threw if there is an error. */
  abstract void sourceEnded(@Nullable Throwable error);

  // ---------------------------------------------------------------- reports with less to say

  @Override
  public final void succeeded(long index, R value, int attempts, long nanos, WorkerName worker) {
    succeeded(index, value, attempts, nanos, worker, 0, ItemRun.UNKNOWN);
  }

  @Override
  public final void succeeded(
      long index, R value, int attempts, long nanos, WorkerName worker, long bytes) {
    succeeded(index, value, attempts, nanos, worker, bytes, ItemRun.UNKNOWN);
  }

  @Override
  public final void succeeded(
      long[] indexes,
      ValueBatch<? extends R> values,
      int attempts,
      long[] nanos,
      WorkerName worker) {
    succeeded(indexes, values, attempts, nanos, worker, ItemRun.UNKNOWN);
  }

  @Override
  public final void settled(Outcome<R> outcome) {
    settled(outcome, ItemRun.UNKNOWN);
  }

  // The same with all that is known: without these a report would go round in a circle.

  @Override
  public abstract void succeeded(
      long index, R value, int attempts, long nanos, WorkerName worker, long bytes, ItemRun run);

  @Override
  public abstract void succeeded(
      long[] indexes,
      ValueBatch<? extends R> values,
      int attempts,
      long[] nanos,
      WorkerName worker,
      ItemRun run);

  @Override
  public abstract void settled(Outcome<R> outcome, ItemRun run);

  // ---------------------------------------------------------------- counting, under the lock

  /** Hands out no more items: false if that was so before. */
  final boolean closeSource() {
    if (isClosed()) {
      return false;
    }
    closedAt = Objects.requireNonNull(source).close();
    return true;
  }

  final boolean isClosed() {
    return closedAt != Long.MAX_VALUE;
  }

  final long closedAt() {
    return closedAt;
  }

  final void countReports(int count) {
    reported += count;
  }

  final long reported() {
    return reported;
  }

  /** How many items were handed out so far. */
  final long taken() {
    ItemSource<T> from = source;
    return from == null ? closedAt : from.taken();
  }

  /** Ends the call if no outcome is missing: true for the one caller that must then call finish. */
  final boolean endIfComplete() {
    if (ended || reported != closedAt) {
      return false;
    }
    item = null;
    ended = true;
    return true;
  }

  /** Ends the call with outcomes missing: false if it had ended. */
  final boolean endNow() {
    if (ended) {
      return false;
    }
    closeSource();
    ended = true;
    return true;
  }

  @Override
  public final boolean isEnded() {
    return ended;
  }

  // ---------------------------------------------------------------- for observers

  @Override
  public final PoolEvent.Call call() {
    return news.name(number, options.label());
  }

  @Override
  public final long done() {
    lock.lock();
    try {
      return reported + news.unreported();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public final long failed() {
    lock.lock();
    try {
      return news.failed();
    } finally {
      lock.unlock();
    }
  }

  /** How many items were taken from the source and have not ended. */
  final long open() {
    lock.lock();
    try {
      return ended ? 0 : taken() - reported;
    } finally {
      lock.unlock();
    }
  }

  // ---------------------------------------------------------------- without the lock

  /** Lets go of the pool and the source, once the call has ended. */
  void leavePool() {
    PoolLife pool = life;
    if (pool != null) {
      if (closing != null) {
        closing.end(pool.callbacks()); // before the pool may end without it
      }
      pool.ended(this, System.nanoTime() - madeAt);
      news.end();
      life = null;
      source = null;
    }
  }

  /** Lets the backend use this thread, which is about to wait. */
  final void helpBackend(BooleanSupplier done) {
    PoolLife pool = life;
    if (pool != null) {
      pool.backend().help(done);
    }
  }

  /** Has the backend stop what is out. */
  final void cancelInBackend(boolean interruptRunning) {
    PoolLife pool = life;
    if (pool != null) {
      pool.backend().cancel(this, interruptRunning);
    }
  }

  /** The wait of this thread for the call. */
  final Patience patience() {
    PoolLife pool = life;
    return Patience.withCall(pool == null ? "" : pool.name());
  }

  /** Fails the call, and has the backend stop what is out, if it would be waited for for ever. */
  final void failIfNever(@Nullable IllegalStateException cause) {
    PoolLife pool = life;
    if (cause != null && pool != null) {
      never = cause;
      abort(cause);
      pool.backend().cancel(this, true);
    }
  }

  /** Throws what {@link #failIfNever} failed the call with, if it did. */
  final void throwIfNever() {
    if (never != null) {
      throw never;
    }
  }

  /** The caller begins to wait; before the call is submitted. */
  final void beginWaiting() {
    awaited = true;
  }

  /** The caller is about to go on, and may change what it has passed. */
  final void endWaiting() {
    awaited = false;
    VarHandle.fullFence(); // no such change comes before
  }

  @Override
  public String toString() {
    return options.label().map(label -> "call '" + label + "'").orElse("call");
  }
}
