package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.procpool.MapResult;
import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.ResultIterator;
import dev.procpool.RetryPolicy;
import dev.procpool.TaskOptions;
import dev.procpool.WorkerExit;
import dev.procpool.WorkerLostException;
import dev.procpool.function.Action0;
import dev.procpool.local.ProcessPool;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Section 5 of the contract: a worker that dies costs exactly the item that it was running. */
class WorkerDeathTest extends ProcessPoolTest {

  @Test
  void aKilledWorkerCostsItsItemAndTheOthersKeepTheirResults() throws Exception {
    Pool pool = pool(2);
    FileLog pid = log("pid");
    FileLatch never = latch("never");
    MapResult<Integer> result =
        pool.mapAsync(
            x -> {
              if (x == 2) {
                pid.add(ProcessHandle.current().pid());
                never.await();
              }
              return x;
            },
            List.of(0, 1, 2, 3, 4, 5));
    Eventually.until("item 2 has started", () -> pid.size() == 1);
    long killed = Long.parseLong(pid.lines().get(0));
    assertThat(ProcessHandle.of(killed).orElseThrow().destroyForcibly()).isTrue();
    List<Outcome<Integer>> outcomes = result.outcomes();
    WorkerExit exit = assertOnlyLost(outcomes, 2);
    assertThat(exit.pid()).isEqualTo(killed);
    assertThat(exit.reason()).isEqualTo(WorkerExit.Reason.KILLED);
    assertThat(exit.signal()).hasValue("SIGKILL");
    assertThat(exit.exitCode()).isEmpty();
    assertThat(outcomes.get(2).workerPid()).isEqualTo(killed);
    assertThat(outcomes.get(2).attempts()).isEqualTo(1);
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(result::get)
        .havingCause()
        .isExactlyInstanceOf(WorkerLostException.class)
        .withMessageContaining("SIGKILL")
        .withMessageContaining("item 2");
    assertThat(pidsOfAllWorkers(pool, 2, "after")).doesNotContain(killed).doesNotHaveDuplicates();
  }

  @Test
  void aDeathIsSeenWhileAllThreadsOfTheCommonPoolWaitForIt() throws Exception {
    Pool pool = pool(1);
    CountDownLatch told = new CountDownLatch(1);
    for (int i = 0; i < ForkJoinPool.getCommonPoolParallelism(); i++) {
      ForkJoinPool.commonPool().execute(() -> occupy(told));
    }
    try {
      WorkerExit exit = outcomeOfEnding(pool, () -> Runtime.getRuntime().halt(4));
      assertThat(exit.exitCode()).hasValue(4);
    } finally {
      told.countDown();
    }
  }

  @Test
  void systemExitCostsItsItemAndTellsTheExitCode() throws Exception {
    WorkerExit exit = outcomeOfEnding(pool(1), () -> System.exit(3));
    assertThat(exit.reason()).isEqualTo(WorkerExit.Reason.EXITED);
    assertThat(exit.exitCode()).hasValue(3);
    assertThat(exit.signal()).isEmpty();
  }

  @Test
  void systemExitWithZeroIsALossToo() throws Exception {
    WorkerExit exit = outcomeOfEnding(pool(1), () -> System.exit(0));
    assertThat(exit.exitCode()).hasValue(0);
  }

  @Test
  void haltCostsItsItemAndTellsTheExitCode() throws Exception {
    WorkerExit exit = outcomeOfEnding(pool(1), () -> Runtime.getRuntime().halt(4));
    assertThat(exit.reason()).isEqualTo(WorkerExit.Reason.EXITED);
    assertThat(exit.exitCode()).hasValue(4);
  }

  @Test
  void theLastLinesOfStandardErrorAreTold() throws Exception {
    WorkerExit exit =
        outcomeOfEnding(
            built(ProcessPool.builder().workers(1).output(line -> {})),
            () -> {
              System.err.println("the licence has expired");
              Runtime.getRuntime().halt(4);
            });
    assertThat(exit.stderrTail()).contains("the licence has expired");
  }

  @Test
  void anExhaustedHeapCostsItsItem() throws Exception {
    Pool pool = built(ProcessPool.builder().workers(1).jvmOptions(List.of("-Xmx48m")));
    WorkerExit exit =
        outcomeOfEnding(
            pool,
            () -> {
              List<byte[]> hoard = new ArrayList<>();
              while (hoard.size() < 1_000) {
                hoard.add(new byte[1 << 20]);
              }
              throw new AssertionError("a gigabyte fitted: " + hoard.size());
            });
    assertThat(exit.reason()).isEqualTo(WorkerExit.Reason.OUT_OF_MEMORY);
  }

  @Test
  void anExhaustedHeapIsToldAlsoBehindALineWithoutAnEnd() throws Exception {
    Pool pool = built(ProcessPool.builder().workers(1).jvmOptions(List.of("-Xmx48m")));
    WorkerExit exit =
        outcomeOfEnding(
            pool,
            () -> {
              System.err.print("no newline ");
              System.out.print("x".repeat(5_000));
              List<byte[]> hoard = new ArrayList<>();
              while (hoard.size() < 1_000) {
                hoard.add(new byte[1 << 20]);
              }
              throw new AssertionError("a gigabyte fitted: " + hoard.size());
            });
    assertThat(exit.reason()).isEqualTo(WorkerExit.Reason.OUT_OF_MEMORY);
  }

  @Test
  void aNativeCrashCostsItsItemAndNamesTheCrashFile() throws Exception {
    Pool pool =
        built(ProcessPool.builder().workers(1).jvmOptions(List.of("-XX:-CreateCoredumpOnCrash")));
    FileLatch never = latch("never");
    WorkerExit exit =
        outcomeOfEnding(
            pool,
            () -> {
              signal("SEGV", ProcessHandle.current().pid());
              never.await();
            });
    assertThat(exit.reason()).isEqualTo(WorkerExit.Reason.NATIVE_CRASH);
    assertThat(exit.crashFile()).isPresent();
    assertThat(exit.crashFile().orElseThrow()).isRegularFile();
    Files.delete(exit.crashFile().orElseThrow());
  }

  @Test
  void itemsThatTheWorkerHeldButHadNotStartedRunElsewhereOnce() throws Exception {
    FileLog starts = log("starts");
    MapResult<Integer> result =
        pool(1)
            .with(TaskOptions.defaults().chunkSize(10))
            .mapAsync(
                x -> {
                  starts.add(x);
                  if (x == 3) {
                    Runtime.getRuntime().halt(1);
                  }
                  return x;
                },
                IntStream.range(0, 10).boxed().toList());
    assertOnlyLost(result.outcomes(), 3);
    assertThat(starts.lines())
        .containsExactlyInAnyOrder("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
  }

  @Test
  void aStreamGoesOnAfterALostItem() {
    ResultIterator<Integer> results =
        pool(1)
            .imap(
                x -> {
                  if (x == 1) {
                    Runtime.getRuntime().halt(1);
                  }
                  return x;
                },
                List.of(0, 1, 2));
    assertThat(results.next()).isZero();
    assertThatExceptionOfType(CompletionException.class)
        .isThrownBy(results::next)
        .withCauseExactlyInstanceOf(WorkerLostException.class);
    assertThat(results.next()).isEqualTo(2);
    assertThat(results.hasNext()).isFalse();
  }

  @Test
  void aWorkerKilledWhileIdleCostsNothing() throws Exception {
    Pool pool = pool(2);
    List<Long> pids = pidsOfAllWorkers(pool, 2, "before");
    ProcessHandle.of(pids.get(0)).orElseThrow().destroyForcibly();
    Eventually.until("the worker is gone", () -> isGone(pids.get(0)));
    for (int round = 0; round < 20; round++) {
      assertThat(pool.map(x -> x, List.of(1, 2, 3))).containsExactly(1, 2, 3);
    }
    assertThat(pidsOfAllWorkers(pool, 2, "after")).doesNotContain(pids.get(0));
  }

  @Test
  void aLostItemIsTriedAgainUnderAPolicy() throws Exception {
    FileLatch first = latch("first");
    List<Outcome<Integer>> outcomes =
        pool(1)
            .with(TaskOptions.defaults().retry(RetryPolicy.attempts(3).onWorkerLost()))
            .mapAsync(
                x -> {
                  if (!first.isOpen()) {
                    first.countDown();
                    Runtime.getRuntime().halt(1);
                  }
                  return x;
                },
                List.of(7))
            .outcomes();
    assertThat(outcomes.get(0).valueOrThrow()).isEqualTo(7);
    assertThat(outcomes.get(0).attempts()).isEqualTo(2);
  }

  @Test
  void whateverDiesAndWheneverNoItemIsStartedTwice() throws Exception {
    FileLog starts = log("starts");
    List<Integer> items = IntStream.range(0, 300).boxed().toList();
    MapResult<Integer> result =
        built(ProcessPool.builder().workers(2).restartIntensity(1000, Duration.ofMinutes(1)))
            .mapAsync(
                x -> {
                  starts.add(x);
                  TimeUnit.MILLISECONDS.sleep(5);
                  return x;
                },
                items);
    for (int kills = 0; kills < 5; kills++) {
      long enough = 30L * (kills + 1);
      Eventually.until("some items have ended", () -> result.completed() >= enough);
      ProcessHandle.current().children().findAny().ifPresent(ProcessHandle::destroyForcibly);
    }
    List<Outcome<Integer>> outcomes = result.outcomes();
    assertThat(outcomes).hasSize(items.size());
    assertThat(outcomes)
        .allMatch(o -> o instanceof Outcome.Success || o instanceof Outcome.WorkerLost);
    assertThat(outcomes).filteredOn(o -> !o.isSuccess()).hasSizeLessThanOrEqualTo(5);
    assertThat(starts.lines()).doesNotHaveDuplicates();
    for (Outcome<Integer> outcome : outcomes) {
      if (outcome.isSuccess()) {
        assertThat(outcome.valueOrThrow()).isEqualTo((int) outcome.index());
      }
    }
  }

  private interface Ending extends Action0 {}

  /** Runs three items, the second of which ends its worker, and tells how the worker ended. */
  private static void occupy(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static WorkerExit outcomeOfEnding(Pool pool, Ending ending) throws Exception {
    MapResult<Integer> result =
        pool.mapAsync(
            x -> {
              if (x == 1) {
                ending.run();
              }
              return x;
            },
            List.of(0, 1, 2));
    WorkerExit exit = assertOnlyLost(result.outcomes(), 1);
    assertThat(pool.apply(() -> 1)).as("the pool lives on").isEqualTo(1);
    return exit;
  }

  private static WorkerExit assertOnlyLost(List<Outcome<Integer>> outcomes, int lost) {
    for (Outcome<Integer> outcome : outcomes) {
      if (outcome.index() != lost) {
        assertThat(outcome.valueOrThrow()).isEqualTo((int) outcome.index());
      }
    }
    assertThat(outcomes.get(lost)).isInstanceOf(Outcome.WorkerLost.class);
    return ((Outcome.WorkerLost<Integer>) outcomes.get(lost)).exit();
  }
}
