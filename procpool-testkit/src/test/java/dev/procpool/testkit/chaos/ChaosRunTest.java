package dev.procpool.testkit.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.AsyncResult;
import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.TaskOptions;
import dev.procpool.WorkerExit;
import dev.procpool.local.ProcessPool;
import dev.procpool.testkit.FileLatch;
import dev.procpool.testkit.chaos.Ledger.Entry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A short chaos run ({@link ChaosRun} as a program does a long one), and that its judge can tell.
 */
class ChaosRunTest {

  private static final int ITEMS = 100;
  private static final long PID = 11;

  @Test
  void aFixedSeedShowsNoFault() throws Exception {
    assertNoFault(1);
  }

  @Test
  void aNewSeedShowsNoFault() throws Exception {
    assertNoFault(new SplittableRandom().nextLong());
  }

  @Test
  void aWorkerStoppedInItsInitializerIsReplaced(@TempDir Path directory) throws Exception {
    FileLatch stoppedOnce = new FileLatch(directory.resolve("stopped"));
    Pool pool =
        ProcessPool.builder()
            .workers(1)
            .freezeLimit(Duration.ofSeconds(2))
            .initializer(
                () -> {
                  if (!stoppedOnce.isOpen()) {
                    stoppedOnce.countDown();
                    Signal.send("STOP", ProcessHandle.current().pid());
                    TimeUnit.DAYS.sleep(1); // the signal may take a moment
                  }
                })
            .build();
    try {
      AsyncResult<Integer> result = pool.applyAsync(() -> 1);
      assertThat(result.await(Duration.ofSeconds(40))).isTrue();
      assertThat(result.get()).isEqualTo(1);
    } finally {
      pool.terminate();
    }
  }

  @Test
  void theJudgeAcceptsWhatIsRight() {
    assertThat(judged(success(2L * 31), 1, start(), end())).isEmpty();
    assertThat(judged(lost(), 1, Set.of(PID), start())).isEmpty();
    assertThat(judged(lost(), 1, Set.of(PID))).as("hit before its record").isEmpty();
  }

  @Test
  void theJudgeFindsAWrongValue() {
    assertThat(judged(success(5L), 1, start(), end())).singleElement().asString().contains("fit");
  }

  @Test
  void theJudgeFindsADoubledOutcomeAndAMissingOne() {
    assertThat(judged(success(2L * 31), 2, start(), end())).hasSize(1);
    assertThat(judged(new Outcome.Pending<>(0), 0)).hasSize(1);
  }

  @Test
  void theJudgeFindsASecondStartAndAMissingRecord() {
    Entry second = new Entry(true, 0, 0, 1, PID + 1);
    assertThat(judged(success(2L * 31), 1, start(), end(), second)).hasSize(1);
    assertThat(judged(success(2L * 31), 1)).hasSize(1);
  }

  @Test
  void theJudgeFindsWrongBlame() {
    assertThat(judged(lost(), 1, start())).as("a quick item, nobody hit the process").hasSize(1);
    Entry other = new Entry(true, 0, 9, 1, PID);
    assertThat(judged(lost(), 1, Set.of(PID), start(), end(), other)).hasSize(1);
  }

  private static void assertNoFault(long seed) throws Exception {
    assertThat(new ChaosRun(seed, ITEMS, Duration.ofMinutes(1), System.out).run())
        .as("faults of the chaos run with seed %d", seed)
        .isEmpty();
  }

  private static Entry start() {
    return new Entry(true, 0, 0, 1, PID);
  }

  private static Entry end() {
    return new Entry(false, 0, 0, 1, PID);
  }

  private static Outcome<Object> success(long value) {
    return new Outcome.Success<>(0, 1, Duration.ZERO, PID, value);
  }

  private static Outcome<Object> lost() {
    WorkerExit exit =
        new WorkerExit(PID, 137, WorkerExit.Reason.KILLED, "SIGKILL", List.of(), null);
    return new Outcome.WorkerLost<>(0, 1, Duration.ZERO, PID, exit);
  }

  private static List<String> judged(Outcome<Object> outcome, int deliveries, Entry... entries) {
    return judged(outcome, deliveries, Set.of(), entries);
  }

  /** Judges a call of one item of kind VALUE. */
  private static List<String> judged(
      Outcome<Object> outcome, int deliveries, Set<Long> victims, Entry... entries) {
    ChaosCall call =
        new ChaosCall(
            0,
            List.of(new ChaosItem(0, ItemKind.VALUE, 2)),
            TaskOptions.defaults(),
            ChaosCall.Cancel.NEVER,
            Duration.ZERO);
    Caller.Report report =
        new Caller.Report(
            call, List.of(outcome), new AtomicIntegerArray(new int[] {deliveries}), false);
    return new Judge(new History(List.of(entries)), victims).judge(List.of(report));
  }
}
