package dev.procpool.spark.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procpool.MapResult;
import dev.procpool.OnClose;
import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.PoolEvent;
import dev.procpool.PoolTerminatedException;
import dev.procpool.RetryPolicy;
import dev.procpool.Shared;
import dev.procpool.TaskOptions;
import dev.procpool.TaskSerializationException;
import dev.procpool.WorkerInfo;
import dev.procpool.local.CallEncoder;
import dev.procpool.local.EncodedOutcome;
import dev.procpool.spark.slots.Slot;
import dev.procpool.spark.slots.SlotItem;
import dev.procpool.spark.slots.SlotKey;
import dev.procpool.spark.slots.SlotOrders;
import dev.procpool.spark.slots.SlotScheduler;
import dev.procpool.spark.wire.Successes;
import dev.procpool.spi.Attempt;
import dev.procpool.spi.Backend;
import dev.procpool.spi.BackendPool;
import dev.procpool.spi.ItemRun;
import dev.procpool.spi.Submission;
import dev.procpool.spi.WorkerName;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of values that a worker reports together, with one slot that is a test. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class DriverOutcomesTest {

  private static final ReentrantLock LOCK = new ReentrantLock();
  private static final WorkerName WORKER = WorkerName.of("node", 4711);
  private static final String EXECUTOR = "e";

  /** A value whose class looks whether it is read with the backend's lock. */
  static final class Probe implements Serializable {
    private static final long serialVersionUID = 1;
    static volatile boolean isReadWithLock;

    private void readObject(ObjectInputStream in) throws IOException {
      isReadWithLock |= LOCK.isHeldByCurrentThread();
    }
  }

  /** A value whose class has an error. */
  static final class Bomb implements Serializable {
    private static final long serialVersionUID = 1;

    private void readObject(ObjectInputStream in) {
      throw new AssertionError("not to be read");
    }
  }

  /** An item that is not written before it may be. */
  static final class Gate implements Serializable {
    private static final long serialVersionUID = 1;
    static final CountDownLatch OPEN = new CountDownLatch(1);

    private void writeObject(ObjectOutputStream out) throws IOException {
      try {
        OPEN.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }
  }

  private final Condition changed = LOCK.newCondition();
  private final Condition over = LOCK.newCondition();
  private final Map<Long, DriverItem> given = new TreeMap<>();
  private int wanted;

  /** Thrown once by what the scheduler orders next; null for nothing. */
  private @Nullable RuntimeException fails;

  private final class Orders implements SlotOrders<DriverItem> {
    @Override
    public void give(Slot<DriverItem> slot, List<SlotItem<DriverItem>> items, int askAt) {
      failOnce();
      List<DriverItem> all = items.stream().map(SlotItem::payload).toList();
      all.forEach(item -> given.put(item.index(), item));
      all.get(0).call().gave(all, slot.key().executor());
    }

    private void failOnce() {
      RuntimeException failure = fails;
      fails = null;
      if (failure != null) {
        throw failure;
      }
    }

    @Override
    public void start(Slot<DriverItem> slot) {}

    @Override
    public void leave(Slot<DriverItem> slot) {}

    @Override
    public void askBack(Slot<DriverItem> slot, int most) {}

    @Override
    public void release(String executor, int worker) {}

    @Override
    public void want(int slots) {
      failOnce();
      wanted = slots;
      changed.signalAll();
    }
  }

  private final SlotKey slot = new SlotKey(1, 0, 0, EXECUTOR);
  private final ExecutorService threads = java.util.concurrent.Executors.newCachedThreadPool();
  private final ScheduledExecutorService timer =
      java.util.concurrent.Executors.newSingleThreadScheduledExecutor();
  private final Executors executors = new Executors(threads);
  private final SlotScheduler<DriverItem> scheduler = new SlotScheduler<>(100, new Orders());
  private final CallEncoder encoder = new CallEncoder();
  private final DriverCalls calls =
      new DriverCalls("test", LOCK, scheduler, executors, encoder, timer, threads, over::signalAll);
  private final DriverOutcomes outcomes =
      new DriverOutcomes(LOCK, scheduler, executors, timer, new PoolNews("test"), calls);

  private final Backend backend =
      new Backend() {
        @Override
        public void submit(Submission<?, ?> submission) {
          calls.begin(submission);
        }

        @Override
        public void cancel(Submission<?, ?> submission, boolean interruptRunning) {
          calls.cancel(submission, interruptRunning);
        }

        @Override
        public <T> Shared<T> share(T value) {
          throw new UnsupportedOperationException();
        }

        @Override
        public List<WorkerInfo> workers() {
          return List.of();
        }

        @Override
        public void resize(int workers) {}

        @Override
        public void shutdown() {}

        @Override
        public void terminate() {
          calls.abortAll(new PoolTerminatedException("the test has ended"));
        }

        @Override
        public boolean awaitTermination(Duration timeout) {
          return true;
        }
      };

  private final Pool pool = BackendPool.of("test", backend, OnClose.TERMINATE);

  @AfterEach
  void close() {
    pool.close();
    encoder.close();
    threads.shutdown();
    timer.shutdown();
  }

  /** Begins a call, and waits until all its items wait. */
  private <T> MapResult<T> begin(Pool with, List<T> items) {
    MapResult<T> result = with.mapAsync(x -> x, items);
    awaitWanted(items.size());
    return result;
  }

  private void awaitWanted(int slots) {
    LOCK.lock();
    try {
      while (wanted < slots) {
        changed.awaitUninterruptibly();
      }
    } finally {
      LOCK.unlock();
    }
  }

  /** The slot asks, and is given a chunk. */
  private void asks() {
    LOCK.lock();
    try {
      scheduler.asks(slot, System.nanoTime());
    } finally {
      LOCK.unlock();
    }
  }

  private long number() {
    return given.values().iterator().next().call().number();
  }

  /** A task that gives back what it gets: its values are the bytes of the items. */
  private Successes values(int attempts, long... indexes) {
    Successes all = new Successes(number(), attempts, WORKER, indexes.length);
    for (long index : indexes) {
      DriverItem item = given.get(index);
      all.add(index, 5, item == null ? new byte[1] : item.message().item().bytes());
    }
    return all;
  }

  private int held() {
    LOCK.lock();
    try {
      return scheduler.slot(slot).held().size();
    } finally {
      LOCK.unlock();
    }
  }

  private boolean isOver() {
    LOCK.lock();
    try {
      return calls.isEmpty();
    } finally {
      LOCK.unlock();
    }
  }

  @Test
  void eachValueIsTakenOnceAndCountsForItsWorker() throws Exception {
    PoolEvent.Worker worker = new PoolEvent.Worker(0, "node", 4711);
    executors.workerStarted(EXECUTOR, new PoolEvent.WorkerStart("test", Instant.now(), worker));
    MapResult<Integer> result = begin(pool.withChunkSize(4), List.of(10, 11, 12, 13));
    asks();
    outcomes.succeeded(values(1, 0, 1));
    assertThat(held()).isEqualTo(2);
    outcomes.succeeded(values(1, 1, 9, 3, 2));
    assertThat(result.get()).containsExactly(10, 11, 12, 13);
    assertThat(result.outcomes())
        .allSatisfy(
            outcome -> {
              assertThat(outcome.host()).isEqualTo("node");
              assertThat(outcome.workerPid()).isEqualTo(4711);
              assertThat(outcome.attempts()).isOne();
              assertThat(outcome.duration()).isEqualTo(Duration.ofNanos(5));
            });
    assertThat(held()).isZero();
    assertThat(isOver()).isTrue();
    assertThat(executors.lost(EXECUTOR))
        .singleElement()
        .satisfies(live -> assertThat(live.items()).isEqualTo(4));
    outcomes.succeeded(values(1, 0, 1, 2, 3)); // of a call that is over
  }

  @Test
  void aValueThatCantBeReadFailsItsItemAlone() throws Exception {
    MapResult<Integer> result = begin(pool.withChunkSize(3), List.of(10, 11, 12));
    asks();
    Successes all = values(1, 0);
    all.add(1, 5, new byte[] {0x7f});
    all.add(2, 5, given.get(2L).message().item().bytes());
    outcomes.succeeded(all);
    List<Outcome<Integer>> each = result.outcomes();
    assertThat(each.get(0).valueOrThrow()).isEqualTo(10);
    assertThat(each.get(1).failure().orElseThrow())
        .isInstanceOf(TaskSerializationException.class)
        .hasMessageContaining("item 1: the result can't be deserialized");
    assertThat(each.get(2).valueOrThrow()).isEqualTo(12);
    assertThat(isOver()).isTrue();
  }

  @Test
  void valuesThatComeAfterTheCallWasCancelledAreItsOutcomes() throws Exception {
    MapResult<Integer> result = begin(pool.withChunkSize(3), List.of(10, 11, 12, 13));
    asks();
    outcomes.succeeded(values(1, 0));
    assertThat(result.cancel(false)).isTrue();
    assertThat(isOver()).as("two run").isFalse();
    outcomes.succeeded(values(1, 0, 1));
    outcomes.handedBack(number(), 2, slot);
    assertThat(isOver()).isTrue();
    List<Outcome<Integer>> each = result.outcomes();
    assertThat(each.get(0).valueOrThrow()).isEqualTo(10);
    assertThat(each.get(1).valueOrThrow()).isEqualTo(11);
    assertThat(each.get(2)).isInstanceOf(Outcome.Cancelled.class);
    assertThat(each.get(3)).isInstanceOf(Outcome.Cancelled.class);
  }

  @Test
  void aValueOfAnAttemptThatWasGivenUpIsNotTaken() throws Exception {
    TaskOptions options = TaskOptions.defaults().chunkSize(2).retry(RetryPolicy.attempts(2));
    MapResult<Integer> result = begin(pool.with(options), List.of(10, 11));
    asks();
    outcomes.conclude(
        number(),
        new EncodedOutcome.Received(
            new Attempt(0, 1, Duration.ZERO, WORKER).failed(new IllegalStateException("first")),
            ItemRun.UNKNOWN));
    outcomes.succeeded(values(1, 0)); // it waits for its next attempt
    assertThat(held()).isOne();
    asks();
    assertThat(held()).isEqualTo(2);
    outcomes.succeeded(values(1, 0, 1)); // one has begun anew
    assertThat(held()).isOne();
    assertThat(isOver()).isFalse();
    outcomes.succeeded(values(2, 0));
    assertThat(result.get()).containsExactly(10, 11);
    assertThat(result.outcomes()).extracting(Outcome::attempts).containsExactly(2, 1);
    assertThat(isOver()).isTrue();
  }

  @Test
  void valuesOfACallThatWasAbortedAreNotTaken() throws Exception {
    MapResult<Integer> result = begin(pool.withChunkSize(2), List.of(10, 11));
    asks();
    calls.abortAll(new PoolTerminatedException("terminated"));
    outcomes.succeeded(values(1, 0, 1));
    assertThatThrownBy(result::get)
        .isInstanceOf(PoolTerminatedException.class)
        .hasMessage("terminated");
    assertThat(isOver()).isTrue();
  }

  @Test
  void itemsDoNotWaitForTheCodeOfOneThatComesAfterThem() throws Exception {
    MapResult<Object> result =
        pool.withChunkSize(3).mapAsync((Object x) -> x, List.<Object>of(10, 11, new Gate()));
    awaitWanted(2);
    Gate.OPEN.countDown();
    awaitWanted(3);
    asks();
    outcomes.succeeded(values(1, 0, 1, 2));
    assertThat(result.get()).startsWith(10, 11);
  }

  @Test
  void valuesAreReadWithoutTheLock() throws Exception {
    MapResult<Probe> result = begin(pool.withChunkSize(2), List.of(new Probe(), new Probe()));
    asks();
    outcomes.succeeded(values(1, 0, 1));
    assertThat(result.get()).hasSize(2);
    assertThat(Probe.isReadWithLock).isFalse();
  }

  /** The slot asks once the next order has failed, in a call of which it has two items. */
  private MapResult<Integer> failing(List<Integer> items) {
    MapResult<Integer> result = begin(pool.withChunkSize(2), items);
    asks();
    fails = new IllegalStateException("no memory for orders");
    return result;
  }

  private void awaitOver() throws InterruptedException {
    LOCK.lock();
    try {
      while (!calls.isEmpty()) {
        over.await();
      }
    } finally {
      LOCK.unlock();
    }
  }

  @Test
  void aCallOfWhichValuesCantBeTakenInFullIsDroppedAndStopped() throws Exception {
    MapResult<Integer> result = failing(List.of(10, 11, 12, 13, 14));
    outcomes.succeeded(values(1, 0));
    assertThat(result.outcomes())
        .hasSize(5)
        .allSatisfy(
            outcome ->
                assertThat(outcome.failure().orElseThrow()).hasMessage("no memory for orders"));
    outcomes.succeeded(values(1, 1)); // it runs still
    awaitOver(); // those that waited were cancelled
    assertThat(held()).isZero();
  }

  @Test
  void aCallOfWhichAnOutcomeCantBeTakenInFullIsDroppedAndStopped() throws Exception {
    MapResult<Integer> result = failing(List.of(10, 11, 12));
    outcomes.conclude(
        number(),
        new EncodedOutcome.Received(
            new Attempt(0, 1, Duration.ZERO, WORKER).failed(new IllegalStateException("its own")),
            ItemRun.UNKNOWN));
    assertThat(result.outcomes())
        .hasSize(3)
        .allSatisfy(
            outcome ->
                assertThat(outcome.failure().orElseThrow()).hasMessage("no memory for orders"));
    outcomes.succeeded(values(1, 1));
    awaitOver();
    assertThat(held()).isZero();
  }

  @Test
  void anErrorOfAValuesClassCostsItsItemAlone() throws Exception {
    MapResult<Object> result = begin(pool.withChunkSize(3), List.of(10, new Bomb(), 12));
    asks();
    outcomes.succeeded(values(1, 0, 1, 2));
    List<Outcome<Object>> each = result.outcomes();
    assertThat(each.get(0).valueOrThrow()).isEqualTo(10);
    assertThat(each.get(1).failure().orElseThrow()).hasStackTraceContaining("not to be read");
    assertThat(each.get(2).valueOrThrow()).isEqualTo(12);
    awaitOver();
  }

  @Test
  void itemsThatCouldNotBeEnqueuedAreNotEnqueuedAgain() throws Exception {
    fails = new IllegalStateException("no memory for orders");
    MapResult<Integer> result = pool.withChunkSize(3).mapAsync(x -> x, List.of(10, 11, 12));
    assertThat(result.outcomes())
        .hasSize(3)
        .allSatisfy(
            outcome ->
                assertThat(outcome.failure().orElseThrow()).hasMessage("no memory for orders"));
    awaitOver();
    asks();
    assertThat(held()).isZero();
  }
}
