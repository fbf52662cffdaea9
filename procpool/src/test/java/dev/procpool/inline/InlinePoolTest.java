package dev.procpool.inline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procpool.AsyncResult;
import dev.procpool.MapResult;
import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.PoolTerminatedException;
import dev.procpool.RemoteTaskException;
import dev.procpool.ResultIterator;
import dev.procpool.RetryPolicy;
import dev.procpool.Shared;
import dev.procpool.TaskOptions;
import dev.procpool.TaskSerializationException;
import dev.procpool.TaskTimeoutException;
import dev.procpool.WorkerContext;
import dev.procpool.WorkerInfo;
import dev.procpool.call.Leftovers;
import dev.procpool.function.Args;
import dev.procpool.function.Task1;
import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The pool on threads of this JVM. Tasks reach the test through static fields: that is its charm.
 */
class InlinePoolTest {

  private static final Duration SAFETY = Duration.ofSeconds(30);

  private static Semaphore started;
  private static Semaphore release;
  private static AtomicInteger count;

  private final Pool pool = InlinePool.create(2);

  @BeforeEach
  void reset() {
    started = new Semaphore(0);
    release = new Semaphore(0);
    count = new AtomicInteger();
  }

  @AfterEach
  void nothingIsLeft() throws InterruptedException {
    release.release(1_000_000);
    pool.terminate();
    assertThat(pool.join(SAFETY)).isTrue();
    Leftovers.assertNoThread("procpool-inline-");
  }

  private static int block(int x) throws InterruptedException {
    started.release();
    release.acquire();
    return x;
  }

  /** Waits for a permit whatever interrupts it. */
  private static int deaf(int x) {
    started.release();
    release.acquireUninterruptibly();
    return x;
  }

  private static void awaitStarted(int tasks) throws InterruptedException {
    assertThat(started.tryAcquire(tasks, 30, TimeUnit.SECONDS)).isTrue();
  }

  // ---------------------------------------------------------------- calls

  @Test
  void eachFamilyOfCallsWorks() throws Exception {
    assertThat(pool.apply(() -> 7)).isEqualTo(7);
    int sum = pool.apply((a, b, c) -> a + b + c, 1, 2, 3);
    assertThat(sum).isEqualTo(6);
    assertThat(pool.map(x -> x == null ? null : x * x, Arrays.asList(1, null, 3)))
        .containsExactly(1, null, 9);
    assertThat(pool.starmap(Math::pow, List.of(Args.of(2.0, 3.0), Args.of(3.0, 2.0))))
        .containsExactly(8.0, 9.0);
    assertThat(pool.imap(x -> x + 1, List.of(1, 2, 3)).stream()).containsExactly(2, 3, 4);
    assertThat(pool.imapUnordered(x -> x + 1, List.of(1, 2, 3)).stream())
        .containsExactlyInAnyOrder(2, 3, 4);
    pool.forEach(x -> count.addAndGet(x), List.of(1, 2, 3));
    assertThat(count).hasValue(6);
    assertThat(pool.map(x -> x, List.of())).isEmpty();
  }

  @Test
  void aResultOfOneCallIsAnArgumentOfTheNext() throws Exception {
    List<Integer> squares = pool.map(x -> x * x, List.of(1, 2, 3));
    int size = pool.apply(list -> list.size(), squares);
    assertThat(size).isEqualTo(3);
  }

  @Test
  void manyItemsKeepTheirPlaces() throws Exception {
    List<Integer> items = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      items.add(i);
    }
    assertThat(pool.map(x -> x, items)).isEqualTo(items);
  }

  @Test
  void anEndlessSourceIsDrawnFromAsResultsAreTaken() {
    AtomicInteger drawn = new AtomicInteger();
    Iterable<Integer> naturals = () -> Stream.generate(drawn::getAndIncrement).iterator();
    Pool view = pool.with(TaskOptions.defaults().lookAhead(5));
    try (ResultIterator<Integer> results = view.imap(x -> -x, naturals)) {
      for (int i = 0; i < 100; i++) {
        assertThat(results.next()).isEqualTo(-i);
        assertThat(drawn.get()).isLessThanOrEqualTo(i + 1 + 5);
      }
    }
  }

  @Test
  void aBlockingSourceHoldsUpItsOwnCallOnly() throws Exception {
    CountDownLatch inSource = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    Iterable<Integer> blocking =
        () -> {
          inSource.countDown();
          try {
            go.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          return List.of(1).iterator();
        };
    List<MapResult<Integer>> stuck = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      stuck.add(pool.mapAsync(x -> x, blocking));
    }
    inSource.await();
    assertThat(pool.map(x -> x, List.of(1, 2))).containsExactly(1, 2);
    go.countDown();
    for (MapResult<Integer> result : stuck) {
      assertThat(result.get()).containsExactly(1);
    }
  }

  @Test
  void aSourceThatThrowsGivesTheResultsBeforeIt() {
    ResultIterator<Integer> results =
        pool.imap(
            x -> x,
            () ->
                new Iterator<Integer>() {
                  private int next;

                  @Override
                  public boolean hasNext() {
                    return true;
                  }

                  @Override
                  public Integer next() {
                    if (next == 3) {
                      throw new UnsupportedOperationException("three");
                    }
                    return next++;
                  }
                });
    for (int i = 0; i < 3; i++) {
      assertThat(results.next()).isEqualTo(i);
    }
    assertThatThrownBy(results::next)
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage("three");
  }

  @Test
  void aShortCallIsNotStuckBehindALongOne() throws Exception {
    try (Pool single = InlinePool.create()) {
      MapResult<Integer> longCall = single.mapAsync(InlinePoolTest::block, nats(1_000));
      awaitStarted(1);
      AsyncResult<Integer> shortCall = single.applyAsync(x -> x, 1);
      // whatever was queued before, the short call's turn comes after one or two items
      release.release(2);
      assertThat(shortCall.get(SAFETY)).isEqualTo(1);
      assertThat(longCall.completed()).isLessThanOrEqualTo(2);
      longCall.cancel(true);
    }
  }

  private static List<Integer> nats(int n) {
    List<Integer> items = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      items.add(i);
    }
    return items;
  }

  // ---------------------------------------------------------------- failures

  private static int failOnFive(int x) throws IOException {
    if (x == 5) {
      throw new IOException("Something bad happened");
    }
    return count.incrementAndGet();
  }

  @Test
  void oneFailureStopsNoOtherItem() {
    assertThatThrownBy(() -> pool.map(InlinePoolTest::failOnFive, nats(10)))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(IOException.class)
        .hasMessage("Something bad happened")
        .satisfies(
            e ->
                assertThat(e.getStackTrace())
                    .anyMatch(frame -> frame.getMethodName().equals("failOnFive")));
    assertThat(count).hasValue(9);
  }

  @Test
  void anErrorIsAFailureLikeAnother() {
    assertThatThrownBy(
            () ->
                pool.apply(
                    () -> {
                      throw new StackOverflowError("deep");
                    }))
        .cause()
        .isInstanceOf(StackOverflowError.class);
  }

  private static final class Unserializable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial") // the point of it
    private final Object field = new Object();
  }

  @Test
  void anExceptionThatCanNotCrossComesAsText() {
    assertThatThrownBy(
            () ->
                pool.apply(
                    () -> {
                      throw new Unserializable();
                    }))
        .cause()
        .isInstanceOf(RemoteTaskException.class)
        .hasMessageContaining("Unserializable");
  }

  @Test
  void whatCanNotBeSerializedIsNamed() throws Exception {
    List<Object> items = new ArrayList<>(nats(6));
    items.set(5, new Object());
    assertThatThrownBy(() -> pool.map(x -> 1, items))
        .cause()
        .isInstanceOf(TaskSerializationException.class)
        .hasMessageStartingWith("item 5: the argument can't be serialized: ")
        .hasMessageContaining("java.lang.Object");
    assertThatThrownBy(() -> pool.map(x -> x == 1 ? new Object() : x, nats(2)))
        .cause()
        .isInstanceOf(TaskSerializationException.class)
        .hasMessageStartingWith("item 1: the result can't be serialized: ")
        .hasMessageEndingWith("return what is needed of it");
    Object captured = new Object();
    assertThatThrownBy(() -> pool.apply(() -> captured.hashCode()))
        .cause()
        .isInstanceOf(TaskSerializationException.class)
        .hasMessageStartingWith("item 0: the task can't be serialized: ");
    assertThat(pool.apply(() -> "alive")).isEqualTo("alive");
  }

  @Test
  void tasksWorkOnCopies() throws Exception {
    List<Integer> mine = new ArrayList<>(List.of(1));
    List<Integer> returned = pool.apply(list -> add(list), mine);
    assertThat(mine).containsExactly(1);
    assertThat(returned).containsExactly(1, 2);
  }

  private static List<Integer> add(List<Integer> list) {
    list.add(2);
    return list;
  }

  private static final class CountingTask implements Task1<Integer, Integer> {
    private static final long serialVersionUID = 1L;

    @Override
    public Integer call(Integer x) {
      return x;
    }

    private Object readResolve() {
      count.incrementAndGet();
      return this;
    }
  }

  @Test
  void theTaskIsDecodedOncePerCallAndWorker() throws Exception {
    pool.map(new CountingTask(), nats(100));
    assertThat(count.get()).isBetween(1, 2);
  }

  // ---------------------------------------------------------------- time limits, retry, cancel

  @Test
  void anItemThatRunsTooLongIsInterrupted() throws Exception {
    Pool limited = pool.with(TaskOptions.defaults().timeout(Duration.ofMillis(20)));
    MapResult<Integer> result = limited.mapAsync(x -> x == 1 ? block(x) : x, List.of(0, 1, 2));
    assertThatThrownBy(result::get).cause().isInstanceOf(TaskTimeoutException.class);
    Outcome<Integer> outcome = result.outcomes().get(1);
    assertThat(outcome).isInstanceOf(Outcome.TimedOut.class);
    assertThat(((Outcome.TimedOut<Integer>) outcome).limit()).isEqualTo(Duration.ofMillis(20));
    assertThat(((Outcome.TimedOut<Integer>) outcome).stack())
        .anyMatch(frame -> frame.getMethodName().equals("block"));
    assertThat(result.outcomes().get(2).isSuccess()).isTrue();
  }

  @Test
  void aThreadThatIgnoresTheInterruptIsReplaced() throws Exception {
    try (Pool single = InlinePool.create()) {
      Pool limited = single.with(TaskOptions.defaults().timeout(Duration.ofMillis(1)));
      AsyncResult<Integer> result = limited.applyAsync(InlinePoolTest::deaf, 1);
      assertThatThrownBy(result::get).cause().isInstanceOf(TaskTimeoutException.class);
      assertThat(single.apply(() -> 5)).isEqualTo(5);
      assertThat(single.workers()).extracting(WorkerInfo::number).containsExactly(0);
      release.release();
    }
  }

  @Test
  void cancelStopsWhatRunsAndWhatWaits() throws Exception {
    MapResult<Integer> result = pool.mapAsync(InlinePoolTest::block, nats(100));
    awaitStarted(2);
    assertThat(result.cancel(true)).isTrue();
    assertThat(result.outcomes()).hasSize(100).allMatch(o -> o instanceof Outcome.Cancelled);
    assertThat(started.availablePermits()).isZero();
    assertThat(pool.apply(() -> "usable")).isEqualTo("usable");
  }

  @Test
  void cancelCanLetRunningItemsEnd() throws Exception {
    MapResult<Integer> result = pool.mapAsync(InlinePoolTest::block, nats(100));
    awaitStarted(2);
    result.cancel(false);
    assertThat(result.outcomes(Duration.ZERO))
        .startsWith(new Outcome.Pending<>(0), new Outcome.Pending<>(1));
    release.release(2);
    assertThat(result.outcomes()).filteredOn(Outcome::isSuccess).hasSize(2);
  }

  private static int flaky(int x) throws IOException {
    int attempt = WorkerContext.current().attempt();
    count.incrementAndGet();
    if (attempt < 3) {
      throw new IOException("attempt " + attempt);
    }
    return x;
  }

  @Test
  void aRetryPolicyIsFollowed() throws Exception {
    RetryPolicy policy = RetryPolicy.attempts(3).on(IOException.class);
    MapResult<Integer> result =
        pool.with(
                TaskOptions.defaults()
                    .retry(policy.backoff(Duration.ofMillis(1), Duration.ofMillis(2))))
            .mapAsync(InlinePoolTest::flaky, List.of(1, 2));
    assertThat(result.get()).containsExactly(1, 2);
    assertThat(result.outcomes()).extracting(Outcome::attempts).containsExactly(3, 3);
    assertThat(count).hasValue(6);
    AsyncResult<Integer> tooFew =
        pool.with(TaskOptions.defaults().retry(RetryPolicy.attempts(2)))
            .applyAsync(InlinePoolTest::flaky, 1);
    assertThatThrownBy(tooFew::get).cause().hasMessage("attempt 2");
  }

  @Test
  void anItemThatWaitsForItsRetryCanBeCancelled() throws Exception {
    RetryPolicy policy = RetryPolicy.attempts(3).backoff(Duration.ofDays(1), Duration.ofDays(1));
    MapResult<Integer> result =
        pool.with(TaskOptions.defaults().retry(policy))
            .mapAsync(
                x -> {
                  started.release();
                  throw new IOException();
                },
                List.of(1));
    awaitStarted(1);
    result.cancel(true);
    assertThat(result.outcomes()).hasSize(1).allMatch(o -> !o.isSuccess());
    pool.close();
    assertThat(pool.isTerminated()).isTrue();
  }

  @Test
  void terminateEndsEveryWait() throws Exception {
    MapResult<Integer> mapped = pool.mapAsync(InlinePoolTest::deaf, nats(10));
    awaitStarted(2);
    ResultIterator<Integer> results = pool.imap(x -> x, nats(10));
    pool.terminate();
    assertThatThrownBy(mapped::get).isInstanceOf(PoolTerminatedException.class);
    assertThatThrownBy(results::next).isInstanceOf(PoolTerminatedException.class);
    assertThat(mapped.outcomes()).hasSize(10);
    assertThat(pool.join(SAFETY)).isTrue();
  }

  // ---------------------------------------------------------------- workers

  @Test
  void aTaskSeesItsContext() throws Exception {
    assertThat(pool.map(x -> WorkerContext.current().itemIndex(), List.of(5, 5)))
        .containsExactly(0L, 1L);
    assertThat(pool.apply(() -> WorkerContext.current().attempt())).isEqualTo(1);
    try (Pool single = InlinePool.create()) {
      single.apply(
          () -> {
            WorkerContext.current().setState(String.class, "left here");
            return null;
          });
      assertThat(single.apply(() -> WorkerContext.current().state(String.class)))
          .isEqualTo("left here");
      assertThatThrownBy(() -> single.apply(() -> WorkerContext.current().state(Integer.class)))
          .cause()
          .isInstanceOf(IllegalStateException.class);
    }
  }

  private record Big(int[] numbers) implements Serializable {}

  @Test
  void aSharedValueIsCopiedOncePerWorker() throws Exception {
    Big big = new Big(new int[] {1, 2, 3});
    try (Pool single = InlinePool.create()) {
      Shared<Big> shared = single.share(big);
      assertThat(shared.get()).isSameAs(big);
      assertThat(single.map(i -> shared.get().numbers()[i]++, List.of(0, 0, 1)))
          .containsExactly(1, 2, 2);
      assertThat(big.numbers()).containsExactly(1, 2, 3);
      single.shutdown();
      single.join();
      assertThatThrownBy(shared::get).isInstanceOf(IllegalStateException.class);
    }
    assertThatThrownBy(() -> pool.share(new Object()))
        .isInstanceOf(TaskSerializationException.class);
  }

  @Test
  void workersAreDescribedAndTheirNumberChanges() throws Exception {
    assertThat(pool.workers())
        .extracting(WorkerInfo::pid)
        .containsExactly(ProcessHandle.current().pid(), ProcessHandle.current().pid());
    pool.resize(4);
    MapResult<Integer> result = pool.mapAsync(InlinePoolTest::block, nats(4));
    awaitStarted(4);
    assertThat(pool.workers()).extracting(WorkerInfo::state).containsOnly(WorkerInfo.State.BUSY);
    pool.resize(1);
    release.release(4);
    result.get();
    assertThat(pool.map(x -> x, List.of(1, 2))).containsExactly(1, 2);
  }

  @Test
  void sizesMustBePositive() {
    assertThatThrownBy(() -> InlinePool.create(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("workers")
        .hasMessageContaining("0");
  }

  @Test
  void aCallbackMayUseThePool() throws Exception {
    BlockingQueue<Object> seen = new LinkedBlockingQueue<>();
    pool.applyAsync(x -> x, 1)
        .onSuccess(
            value -> {
              try {
                seen.add(pool.apply(x -> x + 1, value));
              } catch (ExecutionException | InterruptedException e) {
                seen.add(e);
              }
              pool.close();
              seen.add("closed");
            });
    assertThat(seen.poll(30, TimeUnit.SECONDS)).isEqualTo(2);
    assertThat(seen.poll(30, TimeUnit.SECONDS)).isEqualTo("closed");
  }

  @Test
  void anUnclosedPoolLeavesNoThread() throws Exception {
    String name = abandonPool();
    for (int i = 0; i < 600 && alive(name); i++) {
      System.gc();
      release.tryAcquire(50, TimeUnit.MILLISECONDS);
    }
    assertThat(alive(name)).isFalse();
  }

  private static String abandonPool() throws Exception {
    return InlinePool.create().apply(() -> Thread.currentThread().getName());
  }

  private static boolean alive(String name) {
    return Thread.getAllStackTraces().keySet().stream().anyMatch(t -> t.getName().equals(name));
  }

  @Test
  void aFailedItemOfAStreamThrowsAndTheRestComes() {
    ResultIterator<Integer> results = pool.imap(InlinePoolTest::failOnFive, List.of(5, 6));
    assertThatThrownBy(results::next)
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOf(IOException.class);
    assertThat(results.next()).isEqualTo(1);
    assertThat(results.hasNext()).isFalse();
  }
}
