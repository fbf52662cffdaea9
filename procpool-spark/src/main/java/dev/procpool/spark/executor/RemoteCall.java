package dev.procpool.spark.executor;

import dev.procpool.Outcome;
import dev.procpool.PoolBrokenException;
import dev.procpool.TaskOptions;
import dev.procpool.function.Task1;
import dev.procpool.guard.SafeText;
import dev.procpool.spark.slots.SlotKey;
import dev.procpool.spark.wire.CallLimits;
import dev.procpool.spark.wire.Chunk;
import dev.procpool.spark.wire.Successes;
import dev.procpool.spi.Attempt;
import dev.procpool.spi.EncodedItem;
import dev.procpool.spi.EncodedTask;
import dev.procpool.spi.ItemRun;
import dev.procpool.spi.Submission;
import dev.procpool.spi.ValueBatch;
import dev.procpool.spi.WorkerName;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The part of a driver's call that one worker of an executor runs: its items arrive in chunks, its
 * outcomes go into reports. Thread-safe.
 *
 * <pre>
 * state      takes items   what has not started when it is left
 * open       yes
 * taken back no            is handed back to the driver
 * cancelled  no            is cancelled
 * </pre>
 */
final class RemoteCall implements Submission<Object, Object> {

  private static final Object END = new Object();

  /** How many bits of a number say which part it is. */
  private static final int PART_BITS = 16;

  /** With how many bytes of values a record is not added to: it is copied several times. */
  private static final int MOST_RECORD_BYTES = 64 << 10;

  /** For how many values a record has room in the beginning. */
  private static final int MOST_EXPECTED = 256;

  private final long number;
  private final long ownNumber;
  private final EncodedTask task;
  private final TaskOptions options;
  private final Reports reports;

  /** What its worker has not asked for; guarded by the monitor. */
  private final Deque<Object> arrived = new ArrayDeque<>();

  /** The items under way, by their index. */
  private final ItemsUnder under = new ItemsUnder();

  private Object item = END;
  private volatile boolean isOver;
  private volatile boolean isCancelled;

  /**
   * Makes one without items.
   *
   * @param number the driver's number of the call
   * @param part how many parts of it the worker has had before: no two have one number
   */
  RemoteCall(long number, int part, EncodedTask task, CallLimits limits, Reports reports) {
    this.number = number;
    this.ownNumber = number << PART_BITS | part & (1 << PART_BITS) - 1;
    this.task = task;
    this.reports = reports;
    this.options = limits.options(this::limitOf);
  }

  /** The driver's number of the call whose part has a number. */
  static long driversNumber(long ownNumber) {
    return ownNumber >> PART_BITS;
  }

  /** Tells whether it is a part of a call of the driver's. */
  boolean isOf(long call) {
    return number == call;
  }

  private Duration limitOf(Object each) {
    ItemsUnder.Under its = under.get(((EncodedItem) each).index());
    Duration limit = its == null ? null : its.given().limit();
    return limit == null ? Duration.ofSeconds(Long.MAX_VALUE) : limit;
  }

  /** Takes items for a slot: false if it takes none any more. */
  synchronized boolean add(Chunk chunk, SlotWork slot) {
    if (isOver) {
      return false;
    }
    under.add(chunk.items(), slot); // first: one may end at once
    for (Chunk.Item each : chunk.items()) {
      arrived.addLast(each.item());
    }
    notifyAll();
    return true;
  }

  /** Tells whether it has items of a slot. */
  boolean has(SlotWork slot) {
    return under.has(slot);
  }

  /** Hands back items of a slot that its worker has not asked for yet: tells how many. */
  synchronized int handBack(SlotKey slot, int most) {
    int done = 0;
    while (done < most) {
      Object last = arrived.pollLast();
      if (!(last instanceof EncodedItem left)) {
        if (last != null) {
          arrived.addLast(last);
        }
        break;
      }
      ItemsUnder.Under its = under.remove(left.index());
      if (its != null) {
        reports.back(number, left.index(), slot);
        its.slot().ended();
        done++;
      }
    }
    return done;
  }

  /** Takes no more items: what the worker has not started when it is told so is handed back. */
  synchronized void takeBack() {
    isOver = true;
    emptyArrived();
  }

  /** The driver has cancelled the call: what has not started does not. */
  synchronized void cancelled() {
    isCancelled = true;
    isOver = true;
    emptyArrived();
  }

  private void emptyArrived() {
    for (Object each = arrived.pollFirst(); each != null; each = arrived.pollFirst()) {
      if (each instanceof EncodedItem left) {
        settled(cancelled(left));
      }
    }
    arriveEnd();
  }

  private void arriveEnd() {
    arrived.addLast(END);
    notifyAll();
  }

  /** The outcome of an item that never started here. */
  static <R> Outcome<R> cancelled(EncodedItem item) {
    return new Attempt(item.index(), item.attempts(), Duration.ZERO, WorkerName.NONE).cancelled();
  }

  /** The outcome of an item that could not be run here. */
  static <R> Outcome<R> failed(EncodedItem item, Throwable why) {
    return new Attempt(item.index(), item.attempts() + 1, Duration.ZERO, WorkerName.NONE)
        .failed(why);
  }

  /** No more items come. */
  synchronized void end() {
    isOver = true;
    arriveEnd();
  }

  boolean isOver() {
    return isOver;
  }

  // ---------------------------------------------------------------- for the backend

  @Override
  public long number() {
    return ownNumber;
  }

  @Override
  @SuppressWarnings({"unchecked", "rawtypes"}) // items and values are bytes
  public Task1<Object, Object> task() {
    return (Task1) task;
  }

  @Override
  public TaskOptions options() {
    return options;
  }

  @Override
  public boolean isImmediate() {
    return false;
  }

  @Override
  public boolean advance() throws InterruptedException {
    item = END;
    Object next = next();
    if (next == END) {
      return false;
    }
    item = next;
    return true;
  }

  private synchronized Object next() throws InterruptedException {
    while (arrived.isEmpty()) {
      wait();
    }
    return arrived.removeFirst();
  }

  @Override
  public Object item() {
    return item;
  }

  @Override
  public void succeeded(long index, Object value, int attempts, long nanos, WorkerName worker) {
    settled(new Attempt(index, attempts, nanos, worker).succeeded(value));
  }

  @Override
  public void succeeded(
      long index,
      Object value,
      int attempts,
      long nanos,
      WorkerName worker,
      long bytes,
      ItemRun run) {
    settled(new Attempt(index, attempts, nanos, worker).succeeded(value), run);
  }

  @Override
  public void succeeded(
      long[] indexes,
      ValueBatch<? extends Object> values,
      int attempts,
      long[] nanos,
      WorkerName worker,
      ItemRun run) {
    SlotWork slot = null;
    Successes done = null;
    for (int i = 0; i < values.size(); i++) {
      ItemsUnder.Under its = under.get(indexes[i]);
      if (its != null) {
        if (done == null || its.slot() != slot || done.byteCount() >= MOST_RECORD_BYTES) {
          tell(done, slot);
          slot = its.slot();
          done =
              new Successes(number, attempts, worker, Math.min(values.size() - i, MOST_EXPECTED));
        }
        done.add(indexes[i], nanos[i], (byte[]) values.value(i));
      }
    }
    tell(done, slot);
  }

  /**
   * Reports values, and forgets their items then: what fails before that is reported when the call
   * is aborted. If it has come to both the driver takes the first.
   */
  private void tell(@Nullable Successes done, @Nullable SlotWork slot) {
    if (done != null && slot != null) {
      reports.successes(done, slot.hasMore(done.count()));
      int ended = 0;
      for (int i = 0; i < done.count(); i++) {
        ended += under.remove(done.index(i)) == null ? 0 : 1; // null: it was aborted meanwhile
      }
      slot.ended(ended);
    }
  }

  @Override
  public void settled(Outcome<Object> outcome) {
    settled(outcome, ItemRun.UNKNOWN);
  }

  @Override
  @SuppressWarnings({"unchecked", "rawtypes"}) // values are bytes
  public void settled(Outcome<Object> outcome, ItemRun run) {
    ItemsUnder.Under its = under.remove(outcome.index());
    if (its != null) {
      boolean wasStarted = outcome.attempts() > its.given().item().attempts();
      if (outcome instanceof Outcome.Cancelled && !wasStarted) {
        if (isCancelled) {
          reports.outcome(number, cancelled(its.given().item()), run);
        } else {
          reports.back(number, outcome.index(), its.slot().slot());
        }
      } else {
        reports.outcome(number, (Outcome) outcome, run);
      }
      its.slot().ended();
    }
  }

  @Override
  public void abort(Throwable cause) {
    synchronized (this) {
      isOver = true;
    }
    if (cause instanceof PoolBrokenException) {
      reports.broken(SafeText.of(cause)); // before the items, which are as good as lost
    }
    for (ItemsUnder.Under each : under.all()) {
      settled(failed(each.given().item(), cause));
    }
    synchronized (this) {
      arriveEnd();
    }
  }

  @Override
  public boolean isEnded() {
    return isOver && under.isEmpty();
  }

  @Override
  public String toString() {
    return "call " + number + " of the driver";
  }
}
