package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.procpool.AsyncResult;
import dev.procpool.OnClose;
import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.PoolBrokenException;
import dev.procpool.TaskOptions;
import dev.procpool.local.Prlimit;
import dev.procpool.local.ProcessPool;
import dev.procpool.local.Sandbox;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The durations among a process pool's options; those of every backend are in the contract. */
class DurationsTest extends ProcessPoolTest {

  static List<Duration> forever() {
    return DurationContract.forever();
  }

  @ParameterizedTest
  @MethodSource("forever")
  void allOptionsMayBeForEver(Duration forever) throws Exception {
    Pool pool =
        built(
            ProcessPool.builder()
                .workers(2)
                .gracePeriod(forever)
                .freezeLimit(forever)
                .startLimit(forever)
                .idleTimeout(forever)
                .restartIntensity(3, forever)
                .onClose(OnClose.joinAtMost(forever)));
    assertThat(pool.map(x -> x + 1, List.of(1, 2, 3))).containsExactly(2, 3, 4);
    // an item that heeds the interrupt, under each kind of limit
    FileLatch never = latch("never");
    for (Duration limit : List.of(Duration.ofMillis(300), Duration.ofNanos(1))) {
      List<Outcome<Integer>> outcomes =
          pool.with(TaskOptions.defaults().timeout(limit))
              .mapAsync(latch -> hang(latch), List.of(never))
              .outcomes();
      assertThat(outcomes.get(0)).isInstanceOf(Outcome.TimedOut.class);
    }
    Pool limitedByItem =
        pool.with(
            TaskOptions.defaults()
                .timeout((Object item) -> item instanceof FileLatch ? Duration.ofNanos(1) : forever)
                .chunkSize(3));
    assertThat(limitedByItem.map(x -> x + 1, List.of(1, 2, 3))).containsExactly(2, 3, 4);
    assertThat(limitedByItem.mapAsync(latch -> hang(latch), List.of(never)).outcomes().get(0))
        .isInstanceOf(Outcome.TimedOut.class);
    Pool limited = pool.with(TaskOptions.defaults().timeout(forever));
    FileLatch started = latch("started");
    AsyncResult<Integer> running =
        limited.applyAsync(
            (begun, latch) -> {
              begun.countDown();
              return hang(latch);
            },
            started,
            never);
    started.await();
    assertThat(running.cancel(true)).isTrue();
    assertThat(limited.map(x -> x + 1, List.of(1, 2, 3))).containsExactly(2, 3, 4);
    // a crash counts within the window, and costs its item alone
    assertThat(pool.mapAsync(x -> x == 1 ? halt() : x, List.of(1)).outcomes().get(0))
        .isInstanceOf(Outcome.WorkerLost.class);
    assertThat(pool.apply(() -> 1)).isEqualTo(1);
    pool.close();
    assertThat(pool.isTerminated()).isTrue();
  }

  @ParameterizedTest
  @MethodSource("forever")
  void aGracePeriodForEverGivesNoFalseTimeOut(Duration forever) throws Exception {
    Pool pool = built(ProcessPool.builder().workers(1).gracePeriod(forever));
    FileLatch go = latch("go");
    AsyncResult<String> slow =
        pool.with(TaskOptions.defaults().timeout(Duration.ofMinutes(1)))
            .applyAsync(
                latch -> {
                  latch.await();
                  return "done";
                },
                go);
    assertThat(slow.await(Duration.ofSeconds(2))).isFalse(); // the clock has looked several times
    go.countDown();
    assertThat(slow.get()).isEqualTo("done");
  }

  @Test
  void optionsMayBeAsShortAsTheyCan() throws Exception {
    Pool pool =
        built(
            ProcessPool.builder()
                .workers(1)
                .gracePeriod(Duration.ZERO)
                .idleTimeout(Duration.ofNanos(1))
                .spinWait(Duration.ZERO)
                .restartIntensity(0, Duration.ofNanos(1)));
    for (int i = 0; i < 3; i++) {
      assertThat(pool.apply(() -> 1)).isEqualTo(1);
    }
    FileLatch never = latch("never");
    assertThat(
            pool.with(TaskOptions.defaults().timeout(Duration.ofMillis(200)))
                .mapAsync(latch -> hang(latch), List.of(never))
                .outcomes()
                .get(0))
        .isInstanceOf(Outcome.TimedOut.class);
    assertThat(pool.apply(() -> 1)).isEqualTo(1);
  }

  @Test
  void aStartLimitThatNoJvmKeepsIsNamed() {
    Pool pool = built(ProcessPool.builder().workers(1).startLimit(Duration.ofNanos(1)));
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(() -> pool.apply(() -> 1))
        .withCauseInstanceOf(PoolBrokenException.class)
        .withMessageContaining("startLimit");
  }

  @Test
  void aLimitOfProcessorTimeIsRoundedUpWithoutOverflow() {
    for (Duration forever :
        List.of(ChronoUnit.FOREVER.getDuration(), Duration.ofSeconds(Long.MAX_VALUE))) {
      Prlimit limit = Sandbox.prlimit().processorTime(forever);
      assertThat(limit.command(null)).contains("--cpu=" + Long.MAX_VALUE);
    }
  }

  private static int hang(FileLatch never) throws Exception {
    never.await();
    return 0;
  }

  private static int halt() {
    Runtime.getRuntime().halt(3);
    return 0;
  }
}
