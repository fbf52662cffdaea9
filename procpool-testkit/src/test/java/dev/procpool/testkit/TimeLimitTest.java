package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.AsyncResult;
import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.TaskOptions;
import dev.procpool.local.ProcessPool;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Section 5 of the contract: time limits, on worker processes and against their resistance. */
class TimeLimitTest extends ProcessPoolTest {

  /** Long enough for a new worker's first item, which loads classes, on a busy machine. */
  private static final Duration LIMIT = Duration.ofSeconds(2);

  private static final Duration GRACE = Duration.ofMillis(200);

  /** How a task resists. */
  enum Resistance {
    /** It does not look at interrupts. */
    DEAF,
    /** It interrupts every thread of its process when it is interrupted itself. */
    INTERRUPTS_ALL
  }

  /** The same limit for all, or that of one item, which is shorter than that of the others. */
  private static TaskOptions limit(boolean isByItem, int item, Duration limit) {
    return isByItem
        ? TaskOptions.defaults().timeout((Integer x) -> x == item ? limit : Duration.ofMinutes(5))
        : TaskOptions.defaults().timeout(limit);
  }

  @ParameterizedTest
  @CsvSource({"1, false", "10, false", "0, false", "1, true", "10, true"})
  void aDeafItemLosesItsWorkerAndTheRestOfItsChunkRunsElsewhere(int chunkSize, boolean isByItem)
      throws Exception {
    Pool pool = built(ProcessPool.builder().workers(1).gracePeriod(GRACE));
    FileLog starts = log("starts");
    TaskOptions options = limit(isByItem, 3, LIMIT);
    List<Outcome<Long>> outcomes =
        pool.with(chunkSize == 0 ? options : options.chunkSize(chunkSize))
            .mapAsync(
                x -> {
                  starts.add(x);
                  return x == 3 ? resist(Resistance.DEAF) : ProcessHandle.current().pid();
                },
                IntStream.range(0, 12).boxed().toList())
            .outcomes();
    assertThat(outcomes).filteredOn(Outcome::isSuccess).hasSize(11);
    assertTimedOutWithStack(outcomes.get(3));
    assertThat(outcomes.get(3).workerPid()).isEqualTo(outcomes.get(2).workerPid());
    assertThat(outcomes.get(4).workerPid()).isNotEqualTo(outcomes.get(3).workerPid());
    assertThat(starts.lines())
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, 12).mapToObj(String::valueOf).toList());
  }

  @Test
  void aTaskThatInterruptsTheWatchdogIsStoppedWithItsStackTold() throws Exception {
    Pool pool = built(ProcessPool.builder().workers(1).gracePeriod(Duration.ofSeconds(1)));
    List<Outcome<Long>> outcomes =
        pool.with(TaskOptions.defaults().timeout(LIMIT))
            .mapAsync(x -> x == 0 ? resist(Resistance.INTERRUPTS_ALL) : x, List.of(0L, 1L))
            .outcomes();
    assertTimedOutWithStack(outcomes.get(0));
    assertThat(outcomes.get(1).valueOrThrow()).isEqualTo(1);
  }

  @Test
  void anItemThatEndsWithinTheGracePeriodKeepsItsWorker() throws Exception {
    Pool pool = pool(1);
    FileLatch never = latch("never");
    long before = pool.apply(() -> ProcessHandle.current().pid());
    AsyncResult<Object> hanging =
        pool.with(TaskOptions.defaults().timeout(LIMIT))
            .applyAsync(
                () -> {
                  never.await();
                  return null;
                });
    assertThat(hanging.await(BOUND)).isTrue();
    assertThat(hanging.isSuccessful()).isFalse();
    assertThat(pool.apply(() -> ProcessHandle.current().pid())).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theParentStopsAnItemWhoseWorkerIsTooFrozenToDoIt(boolean isByItem) throws Exception {
    Pool pool =
        built(
            ProcessPool.builder()
                .workers(1)
                .gracePeriod(GRACE)
                .freezeLimit(Duration.ofSeconds(10)));
    FileLog pid = log("pid");
    FileLatch never = latch("never");
    var result = // the limit is long enough for the signal to come first on a busy machine
        pool.with(limit(isByItem, 0, Duration.ofSeconds(6)))
            .mapAsync(
                x -> {
                  if (x == 0) {
                    pid.add(ProcessHandle.current().pid());
                    never.await();
                  }
                  return ProcessHandle.current().pid();
                },
                List.of(0, 1));
    Eventually.until("item 0 runs", () -> pid.size() == 1);
    long stopped = Long.parseLong(pid.lines().get(0));
    signal("STOP", stopped); // its watchdog is deaf from now on, and nobody lets it go on
    List<Outcome<Long>> outcomes = result.outcomes();
    assertThat(outcomes.get(0)).isInstanceOf(Outcome.TimedOut.class);
    assertThat(((Outcome.TimedOut<Long>) outcomes.get(0)).limit()).isEqualTo(Duration.ofSeconds(6));
    assertThat(outcomes.get(0).workerPid()).isEqualTo(stopped);
    assertThat(outcomes.get(0).failure().orElseThrow())
        .as("what it means that there is no stack")
        .hasMessageContaining("did not say where it was stuck")
        .hasMessageContaining("frozen");
    assertThat(outcomes.get(1).valueOrThrow()).isNotEqualTo(stopped);
  }

  private static void assertTimedOutWithStack(Outcome<Long> outcome) {
    assertThat(outcome).isInstanceOf(Outcome.TimedOut.class);
    Outcome.TimedOut<Long> timedOut = (Outcome.TimedOut<Long>) outcome;
    assertThat(timedOut.limit()).isEqualTo(LIMIT);
    assertThat(timedOut.duration()).isGreaterThanOrEqualTo(LIMIT);
    assertThat(timedOut.stack()).extracting(StackTraceElement::getMethodName).contains("resist");
  }

  private static long resist(Resistance how) {
    long count = 1;
    while (count != 0) {
      count = count == Long.MAX_VALUE ? 1 : count + 1;
      if (how == Resistance.INTERRUPTS_ALL && Thread.interrupted()) {
        interruptAllThreads();
      }
    }
    return count;
  }

  private static void interruptAllThreads() {
    for (int i = 0; i < 20; i++) {
      Thread.getAllStackTraces().keySet().stream()
          .filter(thread -> thread != Thread.currentThread())
          .forEach(Thread::interrupt);
    }
  }
}
