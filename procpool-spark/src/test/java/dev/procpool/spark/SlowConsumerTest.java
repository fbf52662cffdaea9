package dev.procpool.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.AsyncResult;
import dev.procpool.Pool;
import dev.procpool.ResultIterator;
import dev.procpool.TaskOptions;
import dev.procpool.WorkerInfo;
import dev.procpool.testkit.Eventually;
import dev.procpool.testkit.FileLog;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A consumer in the driver that is slower than what workers print. */
@ExtendWith(SharedCluster.class)
class SlowConsumerTest extends ClusterTest {

  private static final int LINES_EACH = 100;
  private static final String LINE = "x".repeat(10_000);

  /** More than driver, executor and pipe may keep together. */
  private static final int MEBIBYTES = 60;

  @Test
  void whatWorkersPrintWaitsWithThemAndOtherItemsGoOn() throws Exception {
    CompletableFuture<Void> release = new CompletableFuture<>();
    AtomicLong lines = new AtomicLong();
    Pool pool =
        built(
            SparkPool.builder(context())
                .workers(2)
                .output(
                    line -> {
                      release.join();
                      lines.incrementAndGet();
                    }));
    FileLog printed = log("printed");
    try {
      AsyncResult<Integer> chatty = pool.applyAsync(() -> print(printed));
      Eventually.until(
          "its worker waits while other items run", () -> writes(pool) && rests(pool, printed));
      assertThat(printed.size()).isLessThan(MEBIBYTES);
      assertThat(chatty.isReady()).isFalse();

      release.complete(null);

      assertThat(chatty.get(BOUND)).isEqualTo(MEBIBYTES);
      Eventually.until("all was taken", () -> lines.get() == (long) MEBIBYTES * LINES_EACH);
    } finally {
      release.complete(null);
    }
  }

  /** As on one machine: see {@code BoundsTest} of the core. */
  @Test
  void resultsThatNobodyTakesStopAnEndlessCallAndOtherCallsGoOn() throws Exception {
    FileLog started = log("started");
    Iterable<Integer> endless = () -> IntStream.iterate(0, x -> x + 1).iterator();
    Pool pool = pool(2).with(TaskOptions.defaults().lookAhead(1000));
    try (ResultIterator<byte[]> results =
        pool.imap(
            x -> {
              started.add(x);
              return new byte[1 << 20];
            },
            endless)) {
      assertThat(results.next()).hasSize(1 << 20);
      Eventually.until("no more of it start while others do", () -> rests(pool, started));
      assertThat(started.size()).isLessThan(100);
      for (int i = 1; i < 200; i++) {
        assertThat(results.next()).hasSize(1 << 20);
      }
    }
  }

  /** Whether no line is added while three hundred other items come and go. */
  private static boolean rests(Pool pool, FileLog log) {
    try {
      int before = log.size();
      boolean isSame = before > 0;
      for (int i = 0; i < 3 && isSame; i++) {
        isSame = pool.map(x -> x + 1, numbers(100)).size() == 100 && log.size() == before;
      }
      return isSame;
    } catch (ExecutionException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static int print(FileLog printed) {
    for (int i = 0; i < MEBIBYTES; i++) {
      for (int j = 0; j < LINES_EACH; j++) {
        System.out.println(LINE);
      }
      printed.add(i);
    }
    return printed.size();
  }

  /** Whether a worker is in the middle of a line. */
  private static boolean writes(Pool pool) {
    return pool.workers().stream().anyMatch(SlowConsumerTest::writes);
  }

  private static boolean writes(WorkerInfo worker) {
    try {
      return worker.threadDump().contains("FileOutputStream.writeBytes");
    } catch (IllegalStateException e) {
      return false; // it has not started yet
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
