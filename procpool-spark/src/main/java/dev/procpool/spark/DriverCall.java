package dev.procpool.spark;

import dev.procpool.Outcome;
import dev.procpool.PoolEvent;
import dev.procpool.WorkerExit;
import dev.procpool.local.CallEncoder;
import dev.procpool.local.EncodedOutcome;
import dev.procpool.spi.Attempt;
import dev.procpool.spi.Attempts;
import dev.procpool.spi.ItemPull;
import dev.procpool.spi.ItemRun;
import dev.procpool.spi.Submission;
import dev.procpool.spi.WorkerName;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;

/** A call of the pool: its items, encoded, and who has them. Its thread pulls its items. */
final class DriverCall<T extends @Nullable Object, R extends @Nullable Object> extends ItemPull<T> {

  private static final long MOST_WAITING_BYTES = 32L * 1024 * 1024;

  final Submission<T, R> submission;
  final Attempts<R> attempts;
  final CallEncoder.Call<T, R> encoded;
  final ChunkSizes sizes;
  private final SparkBackend backend;
  private final Condition room;

  // ---- guarded by the backend's lock

  private final Deque<DriverItem> waiting = new ArrayDeque<>();
  private final Map<Long, DriverItem> running = new HashMap<>();
  private final Set<DriverItem> delayed = new HashSet<>();
  private long waitingBytes;
  private @Nullable Thread puller;
  private boolean isPulled;
  private int reporting;
  private volatile boolean isStopped;

  DriverCall(
      SparkBackend backend,
      Submission<T, R> submission,
      CallEncoder.Call<T, R> encoded,
      Condition room) {
    super(submission);
    this.backend = backend;
    this.submission = submission;
    this.encoded = encoded;
    this.room = room;
    this.attempts = new Attempts<>(submission);
    this.sizes = new ChunkSizes(submission.options().chunkSize().orElse(0));
  }

  long number() {
    return submission.number();
  }

  // ---------------------------------------------------------------- pulling

  @Override
  protected boolean take(long index, T item) {
    byte[] bytes = encoded.item(index, item, submission::settled);
    if (bytes == null) {
      return true;
    }
    return backend.enqueue(
        this, new DriverItem(bytes, limit(), Attempt.none(index), System.nanoTime()));
  }

  @Override
  protected boolean isStopped() {
    return isStopped;
  }

  @Override
  protected void ended() {
    backend.pulled(this);
  }

  void pulledBy(Thread thread) {
    puller = thread;
  }

  void pulled() {
    isPulled = true;
    puller = null;
  }

  /** Waits, without the lock, until there is room for an item: false if the call was stopped. */
  boolean awaitRoom() {
    while (!isStopped
        && (waiting.size() >= sizes.readAhead() || waitingBytes > MOST_WAITING_BYTES)) {
      room.awaitUninterruptibly();
    }
    return !isStopped;
  }

  // ---------------------------------------------------------------- items

  /** Puts an item behind those that wait: true if it is the only one. */
  boolean add(DriverItem item) {
    waiting.add(item);
    waitingBytes += item.bytes.length;
    return waiting.size() == 1;
  }

  int waiting() {
    return waiting.size();
  }

  /** Gives a slot the next items. */
  List<DriverItem> give(Slot slot, int slots, boolean isAlone) {
    int most = sizes.next(waiting.size(), isPulled, slots, isAlone);
    List<DriverItem> given = new ArrayList<>(most);
    long now = System.nanoTime();
    while (given.size() < most && !waiting.isEmpty()) {
      DriverItem item = waiting.remove();
      waitingBytes -= item.bytes.length;
      item.slot = slot;
      item.worker = slot.worker;
      item.givenAt = now;
      running.put(item.index(), item);
      slot.held.add(new Slot.Held(this, item));
      given.add(item);
    }
    room.signal();
    return given;
  }

  /** Takes an item from its slot: null if it has its outcome, or runs elsewhere. */
  @Nullable DriverItem took(Outcome<byte[]> outcome) {
    long index = outcome.index();
    DriverItem item = running.get(index);
    int begun = outcome instanceof Outcome.Cancelled ? 0 : 1; // such a one may not have started
    if (item == null || outcome.attempts() < item.last.number() + begun) {
      return null;
    }
    running.remove(index);
    Slot slot = item.slot;
    if (slot != null) {
      slot.held.remove(new Slot.Held(this, item));
      item.slot = null;
    }
    reporting++;
    return item;
  }

  /** Has an item wait until it is tried again. */
  void again(DriverItem item, Outcome<R> outcome) {
    reporting--;
    item.last = Attempt.of(outcome);
    delayed.add(item);
  }

  boolean isDue(DriverItem item) {
    return delayed.remove(item);
  }

  void reported() {
    reporting--;
  }

  /** Decodes an outcome; runs users' code. */
  Outcome<R> decode(DriverItem item, Outcome<byte[]> outcome) {
    byte[] part = outcome.partial().orElse(null);
    if (part != null) {
      item.published = part;
    }
    return encoded.outcome(outcome);
  }

  /** What becomes of an item whose executor is gone. */
  Outcome<byte[]> lost(DriverItem item, WorkerExit exit) {
    Duration ran = Duration.ofNanos(System.nanoTime() - item.givenAt);
    WorkerName worker = WorkerName.of(exit.host(), exit.pid());
    return new Attempt(item.index(), item.last.number() + 1, ran, worker)
        .leaving(item.published, null)
        .lost(exit);
  }

  /** What is known of an item's run, and its wait here. */
  static ItemRun run(DriverItem item, EncodedOutcome.Received received) {
    ItemRun run = received.run();
    Outcome<byte[]> outcome = received.outcome();
    PoolEvent.Worker worker =
        outcome.workerPid() == 0
            ? null
            : new PoolEvent.Worker(item.worker, outcome.host(), outcome.workerPid());
    long waited = item.last.number() == 0 ? item.givenAt - item.pulledAt : -1;
    return new ItemRun(worker, waited, run.sentBytes(), run.receivedBytes());
  }

  // ---------------------------------------------------------------- the end

  /** Has no more items pulled or given out: gives those that wait. */
  List<DriverItem> stop() {
    isStopped = true;
    isPulled = true; // its source may block for ever
    attempts.stop();
    room.signalAll();
    if (puller != null) {
      puller.interrupt();
    }
    List<DriverItem> left = new ArrayList<>(waiting);
    left.addAll(delayed);
    waiting.clear();
    delayed.clear();
    reporting += left.size();
    return left;
  }

  void drop() {
    stop();
    running.clear();
    reporting = 0;
  }

  boolean isOver() {
    return isPulled
        && waiting.isEmpty()
        && delayed.isEmpty()
        && running.isEmpty()
        && reporting == 0;
  }
}
