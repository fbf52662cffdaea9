package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.TaskOptions;
import dev.procpool.TaskTimeoutException;
import dev.procpool.local.ProcessPool;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What is said of a time-out of a worker's first item, whose limit loading classes counts against.
 */
class FirstItemTest extends ProcessPoolTest {

  private static final Duration LIMIT = Duration.ofSeconds(2);

  /**
   * For so long the time of a process that is stopped stands still, with what is left of its
   * item's. Longer than the pool takes after it to end the item, so that it is not taken for frozen
   * first.
   */
  private static final Duration STOPPED = Duration.ofSeconds(10);

  private static final String WORDS = "the first item of its worker";

  /** Who finds out that an item is over its limit. */
  enum Finder {
    /** The worker, whose task ends at the interrupt. */
    TASK,
    /** The worker, which asks to be killed. */
    WATCHDOG,
    /** The pool, as the worker's process is stopped. */
    POOL
  }

  @ParameterizedTest
  @EnumSource
  void aTimeOutSaysWhetherTheItemWasTheFirstOfItsWorker(Finder finder) throws Exception {
    Pool pool =
        built(
                ProcessPool.builder()
                    .workers(1)
                    .gracePeriod(Duration.ofMillis(200))
                    .freezeLimit(STOPPED))
            .with(TaskOptions.defaults().timeout(LIMIT));
    FileLatch never = latch("never");
    Outcome<Long> first = hang(pool, finder, never, List.of(true)).get(0);
    assertTimedOut(first, true);
    assertThat(pool.apply(() -> ProcessHandle.current().pid())).isPositive();
    assertTimedOut(hang(pool, finder, never, List.of(true)).get(0), false);
    pool.apply(() -> 1);
    List<Outcome<Long>> later = hang(pool, finder, never, List.of(false, false, true));
    assertTimedOut(later.get(2), false);
  }

  private static List<Outcome<Long>> hang(
      Pool pool, Finder finder, FileLatch never, List<Boolean> items) throws Exception {
    return pool.with(TaskOptions.defaults().timeout(LIMIT).chunkSize(items.size()))
        .mapAsync(
            hangs -> {
              long count = hangs ? 1 : 0;
              if (hangs && finder == Finder.POOL) {
                new ProcessBuilder("kill", "-STOP", "--", "" + ProcessHandle.current().pid())
                    .start()
                    .waitFor();
              }
              if (hangs && finder == Finder.TASK) {
                never.await();
              }
              while (count != 0) { // deaf to interrupts
                count = count == Long.MAX_VALUE ? 1 : count + 1;
              }
              return count;
            },
            items)
        .outcomes();
  }

  private static void assertTimedOut(Outcome<Long> outcome, boolean isFirst) {
    assertThat(outcome).isInstanceOf(Outcome.TimedOut.class);
    assertThat(((Outcome.TimedOut<Long>) outcome).firstOfWorker()).isEqualTo(isFirst);
    TaskTimeoutException failure = (TaskTimeoutException) outcome.failure().orElseThrow();
    assertThat(failure.isFirstOfWorker()).isEqualTo(isFirst);
    assertThat(failure.getMessage().contains(WORDS)).as(failure.getMessage()).isEqualTo(isFirst);
  }
}
