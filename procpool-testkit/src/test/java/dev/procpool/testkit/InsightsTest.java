package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.Pool;
import dev.procpool.PoolStats;
import dev.procpool.PoolStats.WorkerTime;
import dev.procpool.ResultIterator;
import dev.procpool.TaskOptions;
import dev.procpool.inline.InlinePool;
import dev.procpool.local.ProcessPool;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Where the time of real workers goes, and what is advised. Times are made by tasks, sources and
 * consumers that wait until the pool has counted enough of what they provoke, however long that
 * takes.
 */
class InsightsTest extends ProcessPoolTest {

  /** Of less time nothing is said. */
  private static final long LEAST = TimeUnit.SECONDS.toNanos(1);

  private static List<Integer> numbers(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  /** Waits until workers have spent more than a quarter of their time with something, in all. */
  private static void awaitMuch(Pool pool, ToLongFunction<WorkerTime> part)
      throws InterruptedException {
    Eventually.until(
        "a quarter of the time is counted",
        () -> {
          WorkerTime total = pool.stats().times().total();
          long all = total.lifeNanos() - total.restNanos();
          return all > LEAST && part.applyAsLong(total) > all / 4;
        });
  }

  @Test
  void aSlowSourceIsNamed() throws Exception {
    Pool pool = built(ProcessPool.builder().workers(2));
    pool.prestart();
    pool.map(x -> x, numbers(10));
    Iterable<Integer> source =
        () ->
            new Iterator<>() {
              private int next;

              @Override
              public boolean hasNext() {
                if (next > 0) { // the workers have nothing meanwhile
                  Interruption.rethrown(() -> awaitMuch(pool, WorkerTime::inputNanos));
                }
                return next < 3;
              }

              @Override
              public Integer next() {
                return next++;
              }
            };
    try (ResultIterator<Integer> results = pool.imap(x -> x, source)) {
      while (results.hasNext()) {
        results.next();
      }
    }
    assertThat(pool.stats().advice())
        .anySatisfy(
            advice ->
                assertThat(advice)
                    .matches(
                        "Workers waited \\d+ % of the time for input: the source makes .* items/s\\..*"));
  }

  @Test
  void aSlowConsumerIsNamed() throws Exception {
    Pool pool = built(ProcessPool.builder().workers(2));
    try (ResultIterator<Integer> results =
        pool.with(TaskOptions.defaults().lookAhead(4)).imap(x -> x, numbers(1000))) {
      for (int i = 0; i < 3; i++) {
        results.next();
        awaitMuch(pool, WorkerTime::outputNanos);
      }
    }
    assertThat(pool.stats().advice())
        .anySatisfy(
            advice ->
                assertThat(advice)
                    .matches("Workers waited \\d+ % of the time for output: .*items/s.*"));
  }

  @Test
  void aSlowItemAtTheEndIsNamed() throws Exception {
    Pool pool = built(ProcessPool.builder().workers(2));
    FileLatch release = latch("release");
    var result =
        pool.with(TaskOptions.defaults().label("uneven").chunkSize(1))
            .mapAsync(
                x -> {
                  if (x == 3) {
                    release.await();
                  }
                  return x;
                },
                numbers(4));
    awaitMuch(pool, WorkerTime::tailNanos);
    release.countDown();
    result.get();
    PoolStats stats = pool.stats();
    assertThat(stats.totals().slowest().get(0).index()).isEqualTo(3);
    assertThat(stats.advice())
        .anySatisfy(advice -> assertThat(advice).contains("The slowest item, uneven[3], ran"));
    assertThat(stats.report()).contains("uneven[3]");
  }

  @Test
  void startsForMaxTasksPerWorkerAreNamed() throws Exception {
    Pool pool = built(ProcessPool.builder().workers(1).maxTasksPerWorker(1));
    pool.with(TaskOptions.defaults().chunkSize(1)).map(x -> x, numbers(4));
    pool.close(); // the report is worth most after it
    PoolStats stats = pool.stats();
    assertThat(stats.times().total().processes()).isGreaterThanOrEqualTo(4);
    assertThat(stats.times().workers()).hasSize(1);
    assertThat(stats.times().maxTasksPerWorker()).isEqualTo(1);
    assertThat(stats.advice())
        .anySatisfy(
            advice ->
                assertThat(advice)
                    .matches("\\d+ % of the time went into starting workers.*")
                    .contains("maxTasksPerWorker is 1, so "));
  }

  @Test
  void aSlowInitializerIsToldApart() throws Exception {
    FileLatch release = latch("release");
    Pool pool = built(ProcessPool.builder().workers(1).initializer(release::await));
    var result = pool.mapAsync(x -> x, numbers(3));
    Eventually.until(
        "the initializer has taken longer than the start of the process",
        () -> {
          WorkerTime total = pool.stats().times().total();
          return total.initializerNanos() > Math.max(LEAST, total.startNanos());
        });
    release.countDown();
    result.get();
    pool.close();
    WorkerTime total = pool.stats().times().total();
    assertThat(total.initializerNanos()).isGreaterThanOrEqualTo(LEAST / 4);
    assertThat(total.startNanos()).isPositive();
    assertThat(pool.stats().advice())
        .anySatisfy(advice -> assertThat(advice).contains("into their initializer"));
  }

  @Test
  void largeResultsAndArgumentsAreNamed() throws Exception {
    Pool pool = built(ProcessPool.builder().workers(1));
    byte[] large = new byte[3_200_000];
    List<byte[]> items = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      items.add(large);
    }
    pool.map(x -> x, items);
    assertThat(pool.stats().advice())
        .anySatisfy(advice -> assertThat(advice).startsWith("Results of 3.2 MB: return what"))
        .anySatisfy(advice -> assertThat(advice).startsWith("Arguments of 3.2 MB: share"));
  }

  @Test
  void smallItemsOneByOneAreNamed() throws Exception {
    Pool pool = built(ProcessPool.builder().workers(1));
    Pool single = pool.with(TaskOptions.defaults().chunkSize(1));
    Eventually.until(
        "so many calls that the handover is most of the time",
        () -> {
          Interruption.rethrown(() -> single.map(x -> x, numbers(20_000)));
          return pool.stats().advice().stream()
              .anyMatch(advice -> advice.contains("went into handing items over"));
        });
  }

  @Test
  void workersThatRunOutOfMemoryAreNamed() throws Exception {
    Pool pool = built(ProcessPool.builder().workers(1).jvmOptions("-Xmx32m"));
    var outcomes =
        pool.mapAsync(
                x -> {
                  List<byte[]> all = new ArrayList<>();
                  while (x == 0) {
                    all.add(new byte[1 << 20]);
                  }
                  return all.size();
                },
                List.of(0))
            .outcomes();
    assertThat(outcomes.get(0).isSuccess()).isFalse();
    pool.close();
    assertThat(pool.stats().advice())
        .anySatisfy(advice -> assertThat(advice).startsWith("1 worker ran out of heap memory"));
  }

  @Test
  void workIsTheTimeOfItemsWhateverBecomesOfThem() throws Exception {
    Pool pool = built(ProcessPool.builder().workers(1));
    pool.map(
        x -> {
          Thread.sleep(100);
          return x;
        },
        numbers(3));
    long worked = pool.stats().times().total().workNanos();
    assertThat(worked).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(300));
    pool.mapAsync(
            x -> {
              Thread.sleep(200);
              Runtime.getRuntime().halt(3);
              return x;
            },
            List.of(1))
        .outcomes();
    Eventually.until(
        "the item that its worker has not survived is counted",
        () ->
            pool.stats().times().total().workNanos() - worked
                >= TimeUnit.MILLISECONDS.toNanos(200));
  }

  @Test
  void theTimeOfAWorkerIsThatOfItsLife() throws Exception {
    long begin = System.nanoTime();
    Pool pool = built(ProcessPool.builder().workers(2));
    pool.map(x -> x + 1, numbers(2000));
    List<WorkerTime> times = pool.stats().times().workers();
    long life = System.nanoTime() - begin;
    assertThat(times).isNotEmpty();
    assertThat(times)
        .allSatisfy(
            worker -> {
              assertThat(worker.lifeNanos()).isBetween(1L, life);
              assertThat(worker.startNanos()).isPositive();
              assertThat(worker.handoverNanos()).isNotNegative();
            });
    assertThat(pool.stats().times().callNanos()).isBetween(1L, life);
    assertThat(pool.stats().report()).contains("2000 succeeded").contains("slowest items");
  }

  @Test
  void aPoolThatDoesNotTellHasAReportAllTheSame() throws Exception {
    try (Pool pool = InlinePool.builder().workers(1).build()) {
      pool.map(x -> x, numbers(3));
      assertThat(pool.stats().report())
          .contains("3 succeeded")
          .contains("is not told by this kind of pool");
    }
  }
}
