package dev.procpool.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.AsyncResult;
import dev.procpool.MapResult;
import dev.procpool.Pool;
import dev.procpool.ResultIterator;
import dev.procpool.TaskOptions;
import dev.procpool.testkit.Eventually;
import dev.procpool.testkit.FileLatch;
import dev.procpool.testkit.FileLog;
import java.lang.ref.WeakReference;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Items and results on their way: how many, when, and on whose threads. */
@ExtendWith(SharedCluster.class)
class StreamsTest extends ClusterTest {

  private static final int LOOK_AHEAD = 6;

  /** And one that was taken from the source and waits for room. */
  private static final int MOST_TAKEN = LOOK_AHEAD + 1;

  @Test
  void ofAnEndlessSourceTheDriverKeepsOnlyWhatIsOnItsWay() throws Exception {
    ConcurrentLinkedQueue<WeakReference<byte[]>> taken = new ConcurrentLinkedQueue<>();
    Stream<byte[]> endless =
        Stream.generate(
            () -> {
              byte[] item = new byte[1 << 16];
              taken.add(new WeakReference<>(item));
              return item;
            });
    Pool pool = pool(2).with(TaskOptions.defaults().lookAhead(LOOK_AHEAD));
    try (ResultIterator<byte[]> results = pool.imap(bytes -> bytes, endless)) {
      for (int consumed = 1; consumed <= 100; consumed++) {
        assertThat(results.next()).hasSize(1 << 16);
        assertThat(taken).hasSizeLessThanOrEqualTo(consumed + MOST_TAKEN);
      }
      Eventually.until(
          "arguments that are used up are garbage",
          () -> {
            System.gc();
            return taken.stream().map(WeakReference::get).filter(Objects::nonNull).count()
                <= MOST_TAKEN;
          });
    }
  }

  @Test
  void lookAheadCountsItemsOnTheWholeCluster() throws Exception {
    AtomicInteger taken = new AtomicInteger();
    FileLog starts = log("starts");
    FileLatch release = latch("release");
    Iterable<Integer> endless = () -> Stream.generate(taken::getAndIncrement).iterator();
    Pool pool = pool(2).with(TaskOptions.defaults().lookAhead(LOOK_AHEAD));
    try (ResultIterator<Integer> results =
        pool.imap(
            x -> {
              starts.add(x);
              release.await();
              return x;
            },
            endless)) {
      Eventually.until("both workers are busy", () -> starts.size() == 2);
      Eventually.until("the others wait", () -> taken.get() >= LOOK_AHEAD);
      release.countDown();
      for (int consumed = 1; consumed <= 30; consumed++) {
        assertThat(results.next()).isEqualTo(consumed - 1);
        assertThat(taken.get()).isLessThanOrEqualTo(consumed + MOST_TAKEN);
      }
    }
  }

  @Test
  void theFirstItemIsDeliveredBeforeTheLastStarts() throws Exception {
    FileLatch delivered = latch("delivered");
    FileLog atTheLast = log("at-the-last");
    MapResult<Integer> result =
        pool(1)
            .with(TaskOptions.defaults().chunkSize(2))
            .mapAsync(
                x -> {
                  if (x == 4) {
                    delivered.await(); // for the first chunk, two chunks later
                  } else if (x == 5) {
                    atTheLast.add(delivered.isOpen());
                  }
                  return x;
                },
                numbers(6));
    result.onOutcome(
        outcome -> {
          if (outcome.index() == 0) {
            delivered.countDown();
          }
        });
    assertThat(result.get()).isEqualTo(numbers(6));
    assertThat(atTheLast.lines()).containsExactly("true");
  }

  @Test
  void whatEndsEarlyInAChunkIsDeliveredBeforeItsChunkEnds() throws Exception {
    FileLatch consumed = latch("consumed");
    Pool pool = pool(1).with(TaskOptions.defaults().chunkSize(3).lookAhead(3));
    try (ResultIterator<Integer> results =
        pool.imap(
            x -> {
              if (x == 2) {
                consumed.await();
              }
              return x;
            },
            numbers(3))) {
      assertThat(results.next()).isZero();
      consumed.countDown();
      assertThat(results.next()).isEqualTo(1);
      assertThat(results.next()).isEqualTo(2);
    }
  }

  @Test
  void sourcesAndCallbacksMayRunJobsOfSparks() throws Exception {
    JavaSparkContext context = context();
    CompletableFuture<Set<Long>> fromOutcome = new CompletableFuture<>();
    CompletableFuture<Set<Long>> fromSuccess = new CompletableFuture<>();
    Iterable<Integer> source =
        () -> {
          Iterator<Integer> items = numbers(3).iterator();
          assertThat(SparkClusterTest.pidsOfTasks(context)).isNotEmpty();
          return items;
        };
    MapResult<Integer> result = pool(1).mapAsync(x -> x, source);
    // On the thread of Spark's scheduler they would wait for themselves.
    result.onOutcome(
        outcome -> {
          if (outcome.index() == 1) {
            fromOutcome.complete(SparkClusterTest.pidsOfTasks(context));
          }
        });
    result.onSuccess(values -> fromSuccess.complete(SparkClusterTest.pidsOfTasks(context)));
    assertThat(result.get()).containsExactly(0, 1, 2);
    assertThat(fromOutcome.get(BOUND.toSeconds(), TimeUnit.SECONDS)).isNotEmpty();
    assertThat(fromSuccess.get(BOUND.toSeconds(), TimeUnit.SECONDS)).isNotEmpty();
  }

  @Test
  void aCallbackThatWaitsHoldsUpNeitherSparkNorOtherCalls() throws Exception {
    CompletableFuture<String> release = new CompletableFuture<>();
    CompletableFuture<Thread> thread = new CompletableFuture<>();
    Pool pool = pool(1);
    AsyncResult<Integer> first = pool.applyAsync(() -> 1);
    first.onSuccess(
        value -> {
          thread.complete(Thread.currentThread());
          release.join();
        });
    try {
      assertThat(thread.get(BOUND.toSeconds(), TimeUnit.SECONDS).getName())
          .doesNotContain("dag-scheduler", "dispatcher", "task-result-getter", "listener");
      assertThat(pool.map(x -> x, List.of(1, 2))).containsExactly(1, 2);
      assertThat(SparkClusterTest.pidsOfTasks(context())).isNotEmpty();
    } finally {
      release.complete("");
    }
  }
}
