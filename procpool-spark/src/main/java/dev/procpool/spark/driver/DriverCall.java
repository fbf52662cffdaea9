package dev.procpool.spark.driver;

import dev.procpool.Outcome;
import dev.procpool.PoolEvent;
import dev.procpool.local.CallEncoder;
import dev.procpool.spark.slots.SlotCall;
import dev.procpool.spi.Attempts;
import dev.procpool.spi.ItemPull;
import dev.procpool.spi.Submission;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;

/** A call of the pool: its items, encoded, and who has them. Its thread pulls its items. */
final class DriverCall<T extends @Nullable Object, R extends @Nullable Object> extends ItemPull<T> {

  /** How many items that are at hand are gathered. */
  private static final int MOST_PULLED = 64;

  private static final long MOST_PULLED_BYTES = 64 << 10;

  /** All that is written without users' code: a number of another class may have some. */
  private static final Set<Class<?>> QUICK =
      Set.of(
          Boolean.class,
          Byte.class,
          Character.class,
          Short.class,
          Integer.class,
          Long.class,
          Float.class,
          Double.class,
          String.class);

  private final Submission<T, R> submission;
  private final Attempts<R> attempts;
  private final CallEncoder.Call<T, R> encoded;
  private final DriverCalls calls;
  private final SlotCall<DriverItem> slots;
  private final Condition room;

  // ---- of the thread that pulls

  /** Small items that are to wait for a slot: to have them do so one by one takes longer. */
  private final List<DriverItem> pulled = new ArrayList<>();

  private long pulledBytes;

  // ---- guarded by the backend's lock

  /** All items that have no outcome yet and do not wait for their next attempt, by index. */
  private final Map<Long, DriverItem> items = new HashMap<>();

  private final Set<DriverItem> delayed = new HashSet<>();

  /** The executors that have had items of it. */
  private final Set<String> executors = new HashSet<>();

  private long started;
  private @Nullable Thread puller;
  private boolean isPulled;
  private int reporting;
  private volatile boolean isStopped;

  DriverCall(
      DriverCalls calls,
      Submission<T, R> submission,
      CallEncoder.Call<T, R> encoded,
      Condition room) {
    super(submission);
    this.calls = calls;
    this.submission = submission;
    this.encoded = encoded;
    this.room = room;
    this.attempts = new Attempts<>(submission);
    this.slots =
        new SlotCall<>(
            submission.options().priority(), submission.options().chunkSize().orElse(0)) {
          @Override
          protected int room() {
            return submission.room(started, () -> calls.roomFor(slots));
          }
        };
  }

  long number() {
    return submission.number();
  }

  Submission<T, R> submission() {
    return submission;
  }

  Attempts<R> attempts() {
    return attempts;
  }

  CallEncoder.Call<T, R> encoded() {
    return encoded;
  }

  SlotCall<DriverItem> slots() {
    return slots;
  }

  Set<String> executors() {
    return executors;
  }

  PoolEvent.Call name() {
    return new PoolEvent.Call(number(), submission.options().label());
  }

  // ---------------------------------------------------------------- pulling

  @Override
  protected boolean take(long index, T item) {
    boolean isQuick = isQuick(item);
    if (!isQuick && !enqueue()) {
      return false;
    }
    CallEncoder.Item bytes = encoded.item(index, item, submission::settled);
    if (bytes != null) {
      pulled.add(new DriverItem(this, index, bytes, limit()));
      pulledBytes += bytes.bytes().length;
    }
    boolean isFull = pulled.size() >= MOST_PULLED || pulledBytes > MOST_PULLED_BYTES;
    return isQuick && !isFull && submission.isNextAtHand() || enqueue();
  }

  /** Tells whether an item is encoded without users' code, for which nobody is to wait. */
  private boolean isQuick(@Nullable Object item) {
    return !submission.options().hasTimeoutByItem()
        && item != null
        && QUICK.contains(item.getClass());
  }

  /** Has what was gathered wait for slots: false if it is not to, and is cancelled. */
  private boolean enqueue() {
    if (pulled.isEmpty()) {
      return true;
    }
    List<DriverItem> all = List.copyOf(pulled);
    pulled.clear(); // first: what fails in the middle is not to be enqueued once more
    pulledBytes = 0;
    boolean isTaken = calls.enqueue(this, all);
    if (!isTaken) {
      all.forEach(item -> submission.settled(item.cancelled()));
    }
    return isTaken;
  }

  @Override
  protected boolean isStopped() {
    return isStopped;
  }

  @Override
  protected void ended() {
    try {
      enqueue(); // what was at hand did not come: the call was stopped, say
    } finally {
      calls.pulled(this);
    }
  }

  void pulledBy(Thread thread) {
    puller = thread;
  }

  void pulled() {
    isPulled = true;
    puller = null;
    slots.pulled();
  }

  /**
   * Waits, without the lock, until there is room for an item: false if the call was stopped.
   *
   * @param workers how many slots there may be
   */
  boolean awaitRoom(int workers) {
    while (!isStopped && slots.isFull(workers)) {
      room.awaitUninterruptibly();
    }
    return !isStopped;
  }

  // ---------------------------------------------------------------- items

  void add(DriverItem item) {
    items.put(item.index(), item);
  }

  /** Items that wait for slots are not to have one. */
  void forgetWaiting() {
    items.values().removeIf(item -> item.place().slot() == null);
  }

  /** Items were given to a slot of an executor. */
  void gave(List<DriverItem> given, String executor) {
    started += given.stream().filter(item -> item.attempts() == 0).count();
    executors.add(executor);
    room.signal();
  }

  /** An item was not started after all. */
  void handedBack(DriverItem item) {
    started -= item.attempts() == 0 ? 1 : 0;
  }

  /** Tells whether an item has no outcome yet. */
  boolean has(DriverItem item) {
    return items.get(item.index()) == item;
  }

  /** Gives an item that a slot has; null if it has its outcome, or waits. */
  @Nullable DriverItem held(long index) {
    DriverItem item = items.get(index);
    return item == null || item.place().slot() == null ? null : item;
  }

  /** Gives the item of a value that an attempt under way has made; null if there is none. */
  @Nullable DriverItem held(long index, int attempts) {
    return held(index, attempts, 1);
  }

  /** Gives the item of an outcome of an attempt that is under way; null if there is none. */
  @Nullable DriverItem held(Outcome<byte[]> outcome) {
    int begun = outcome instanceof Outcome.Cancelled ? 0 : 1; // such a one may not have started
    return held(outcome.index(), outcome.attempts(), begun);
  }

  private @Nullable DriverItem held(long index, int attempts, int begun) {
    DriverItem item = held(index);
    return item == null || attempts < item.attempts() + begun ? null : item;
  }

  /** An item is about to have its outcome. */
  void reporting(DriverItem item) {
    items.remove(item.index());
    reporting++;
  }

  void reported(int count) {
    reporting -= count;
  }

  /** Has an item wait until it is tried again. */
  void again(DriverItem item, Outcome<R> outcome, Outcome<byte[]> raw) {
    item.again(outcome, raw);
    delayed.add(item);
    reporting--; // last: if there is no memory for the others, it is still to be counted
  }

  boolean isDue(DriverItem item) {
    return delayed.remove(item);
  }

  // ---------------------------------------------------------------- the end

  /** Has no more items pulled or given out: gives those whose next attempt was to come. */
  List<DriverItem> stop() {
    isStopped = true;
    isPulled = true; // its source may block for ever
    attempts.stop();
    room.signalAll();
    if (puller != null) {
      puller.interrupt();
    }
    List<DriverItem> left = new ArrayList<>(delayed);
    delayed.clear();
    reporting += left.size();
    return left;
  }

  boolean isOver() {
    return isPulled && items.isEmpty() && delayed.isEmpty() && reporting == 0;
  }
}
