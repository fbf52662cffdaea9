package dev.procpool.testkit.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.Outcome;
import dev.procpool.RemoteTaskException;
import dev.procpool.RetryPolicy;
import dev.procpool.TaskOptions;
import dev.procpool.WorkerExit;
import dev.procpool.WorkerExit.Reason;
import dev.procpool.testkit.chaos.ChaosCall.Cancel;
import dev.procpool.testkit.chaos.ChaosCall.Form;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * That a clean chaos run means something: its judge is given doctored records and outcomes, one
 * fault at a time, and must find each; and its look for leftovers must see what is left.
 */
class JudgeTest {

  private static final long VALUE = 2 * 31; // of item 0, salt 2

  @TempDir private Path directory;

  private final Victims victims = new Victims();
  private TaskOptions options = TaskOptions.defaults();
  private Cancel cancel = Cancel.NEVER;
  private Form form = Form.MAP;
  private ItemKind kind = ItemKind.VALUE;
  private int deliveries = 1;

  // ------------------------------------------------------------------ what is right

  @Test
  void acceptsAValueThatWasStartedOnce() throws Exception {
    assertThat(judged(success(VALUE, 11), "S 0 0 1 11", "E 0 0 1 11")).isEmpty();
  }

  @Test
  void acceptsALossToAProcessThatWasHit() throws Exception {
    victims.killing(11);
    assertThat(judged(lost(11, Reason.KILLED), "S 0 0 1 11")).isEmpty();
    assertThat(judged(lost(11, Reason.KILLED))).as("hit before its record").isEmpty();
  }

  @Test
  void acceptsWhatIsLostWithAnExecutorThatWasHit() throws Exception {
    victims.killingExecutor();
    victims.killing(11);
    assertThat(judged(lostWithExecutor(11), "S 0 0 1 11")).isEmpty();
    assertThat(judged(lostWithExecutor(11))).as("given to it, not started").isEmpty();
    assertThat(judged(lostWithExecutor(0))).as("given to a worker that starts").isEmpty();
    assertThat(judged(lostWithExecutor(11), "S 0 0 1 11", "S 0 7 1 11", "E 0 7 1 11"))
        .as("with another one")
        .isEmpty();
  }

  @Test
  void findsALossWithAnExecutorThatNobodyHit() throws Exception {
    assertFault(judged(lostWithExecutor(11), "S 0 0 1 11"), "does not fit");
    victims.killingExecutor();
    assertFault(judged(lostWithExecutor(11), "S 0 0 1 11"), "does not fit");
    victims.killing(11);
    assertFault(judged(lostWithExecutor(11), "S 0 0 1 11", "S 0 0 1 12"), "started too often");
    assertFault(judged(lostWithExecutor(11), "S 0 0 1 12"), "in another process");
  }

  @Test
  void acceptsACancelledApplyOfAnItemThatRan() throws Exception {
    kind = ItemKind.SLEEP_HANG;
    cancel = ChaosCall.Cancel.NOT_STARTED;
    Outcome<Object> untold = new Outcome.Cancelled<>(0, 0, Duration.ZERO, 0);
    assertFault(judged(untold, "S 0 0 1 11"), "does not know it");
    form = Form.APPLY;
    assertThat(judged(untold, "S 0 0 1 11")).isEmpty();
  }

  @Test
  void acceptsALossByItsOwnDoing() throws Exception {
    kind = ItemKind.HALT;
    WorkerExit exit = new WorkerExit(11, 9, Reason.EXITED, null, List.of(), null, List.of());
    assertThat(judged(new Outcome.WorkerLost<>(0, 1, Duration.ZERO, 11, exit), "S 0 0 1 11"))
        .isEmpty();
  }

  @Test
  void acceptsAClosedStreamWithoutAnOutcome() throws Exception {
    form = Form.IMAP;
    cancel = Cancel.RUNNING;
    deliveries = 0;
    assertThat(judged(new Outcome.Pending<>(0), "S 0 0 1 11")).isEmpty();
  }

  @Test
  void acceptsATimeOutOfAWorkersFirstItemThatHadNotBegunAndOfNoOther() throws Exception {
    Duration limit = Duration.ofSeconds(2);
    options = options.timeout(limit);
    assertThat(judged(new Outcome.TimedOut<>(0, 1, limit, 11, limit, List.of(), true))).isEmpty();
    assertFault(
        judged(new Outcome.TimedOut<>(0, 1, limit, 11, limit, List.of(), false)), "has no record");
  }

  // ------------------------------------------------------------------ missing, doubled, wrong

  @Test
  void findsAMissingOutcome() throws Exception {
    deliveries = 0;
    assertFault(judged(new Outcome.Pending<>(0)), "has no outcome");
  }

  @Test
  void findsAMissingListOfOutcomes() throws Exception {
    assertFault(judge(List.of(report(List.of()))), "0 outcomes for 1 items");
  }

  @Test
  void findsAnOutcomeThatNobodyWasTold() throws Exception {
    deliveries = 0;
    assertFault(judged(success(VALUE, 11), "S 0 0 1 11", "E 0 0 1 11"), "passed on 0 times");
  }

  @Test
  void findsADoubledOutcome() throws Exception {
    deliveries = 2;
    assertFault(judged(success(VALUE, 11), "S 0 0 1 11", "E 0 0 1 11"), "passed on 2 times");
  }

  @Test
  void findsAnotherItemsOutcome() throws Exception {
    Outcome<Object> other = new Outcome.Success<>(1, 1, Duration.ZERO, 11, VALUE);
    assertFault(judged(other, "S 0 0 1 11", "E 0 0 1 11"), "another item's outcome");
  }

  @Test
  void findsAWrongValue() throws Exception {
    assertFault(judged(success(5, 11), "S 0 0 1 11", "E 0 0 1 11"), "does not fit");
  }

  @Test
  void findsAnExceptionThatIsNotTheItems() throws Exception {
    assertFault(judged(failure(new Error()), "S 0 0 1 11", "E 0 0 1 11"), "does not fit");
    kind = ItemKind.UNKNOWN_EXCEPTION;
    RemoteTaskException other = new RemoteTaskException("a.B", "item 0 of salt 2", "");
    assertFault(judged(failure(other), "S 0 0 1 11", "E 0 0 1 11"), "does not fit");
  }

  @Test
  void findsATimeLimitThatNobodySetOrThatCameTooEarly() throws Exception {
    Duration limit = Duration.ofSeconds(2);
    Outcome<Object> early =
        new Outcome.TimedOut<>(0, 1, limit.minusMillis(1), 11, limit, List.of());
    assertFault(judged(early, "S 0 0 1 11", "E 0 0 1 11"), "does not fit");
    options = options.timeout(limit);
    assertFault(judged(early, "S 0 0 1 11", "E 0 0 1 11"), "does not fit");
  }

  @Test
  void findsACancelledItemOfACallThatWasNot() throws Exception {
    assertFault(judged(new Outcome.Cancelled<>(0, 0, Duration.ZERO, 0)), "does not fit");
  }

  // ------------------------------------------------------------------ starts

  @Test
  void findsASecondStart() throws Exception {
    assertFault(
        judged(success(VALUE, 11), "S 0 0 1 11", "E 0 0 1 11", "S 0 0 1 12", "E 0 0 1 12"),
        "started too often");
  }

  @Test
  void findsASecondStartOfAnItemWithoutAnOutcome() throws Exception {
    form = Form.IMAP;
    cancel = Cancel.RUNNING;
    deliveries = 0;
    assertFault(judged(new Outcome.Pending<>(0), "S 0 0 1 11", "S 0 0 1 12"), "started too often");
  }

  @Test
  void findsASecondStartAfterALoss() throws Exception {
    victims.killing(11);
    assertFault(judged(lost(11, Reason.KILLED), "S 0 0 1 11", "S 0 0 1 12"), "started too often");
  }

  @Test
  void findsMoreAttemptsThanThePolicyAllows() throws Exception {
    options = options.retry(RetryPolicy.attempts(2));
    Outcome<Object> third = new Outcome.Success<>(0, 3, Duration.ZERO, 11, VALUE);
    String[] lines = {"S 0 0 1 11", "E 0 0 1 11", "S 0 0 2 11", "E 0 0 2 11", "S 0 0 3 11"};
    assertFault(judged(third, lines), "tried too often");
  }

  @Test
  void findsAnAttemptThatThePolicyWantedAndWasNotMade() throws Exception {
    options = options.retry(RetryPolicy.attempts(2).onWorkerLost());
    victims.killing(11);
    assertFault(judged(lost(11, Reason.KILLED), "S 0 0 1 11"), "not tried again");
  }

  @Test
  void findsAStartThatTheOutcomeDoesNotKnow() throws Exception {
    options = options.retry(RetryPolicy.attempts(2));
    assertFault(
        judged(success(VALUE, 11), "S 0 0 1 11", "E 0 0 1 11", "S 0 0 2 12"), "does not know it");
  }

  @Test
  void findsAValueOfAnItemThatNeverRan() throws Exception {
    assertFault(judged(success(VALUE, 11)), "no record of attempt 1");
  }

  @Test
  void findsAnOutcomeFromAnotherProcess() throws Exception {
    assertFault(judged(success(VALUE, 12), "S 0 0 1 11", "E 0 0 1 11"), "another process");
  }

  @Test
  void findsTwoItemsAtATimeInAProcess() throws Exception {
    assertThat(judged(success(VALUE, 11), "S 0 0 1 11", "E 0 0 1 11", "S 9 0 1 12", "S 9 1 1 12"))
        .singleElement()
        .asString()
        .contains("several items at a time");
  }

  // ------------------------------------------------------------------ blame

  @Test
  void findsALossThatNobodyCaused() throws Exception {
    assertFault(judged(lost(11, Reason.KILLED), "S 0 0 1 11"), "does not fit");
  }

  @Test
  void findsALossOfOneThatWasOnlyPaused() throws Exception {
    victims.pausing(11);
    assertFault(judged(lost(11, Reason.KILLED), "S 0 0 1 11"), "does not fit");
    assertThat(judged(lost(11, Reason.FROZEN), "S 0 0 1 11")).isEmpty();
  }

  @Test
  void findsTheWrongReasonOfALoss() throws Exception {
    kind = ItemKind.HEAP;
    assertFault(judged(lost(11, Reason.KILLED), "S 0 0 1 11"), "does not fit");
  }

  @Test
  void findsBlameOnAnItemWhileAnotherOneRan() throws Exception {
    victims.killing(11);
    assertFault(
        judged(lost(11, Reason.KILLED), "S 0 0 1 11", "E 0 0 1 11", "S 9 3 1 11"),
        "the process was running");
  }

  @Test
  void findsASecondItemLostToTheSameProcess() throws Exception {
    victims.killing(11);
    Report first = report(List.of(lost(11, Reason.KILLED)));
    assertFault(judge(List.of(first, first), "S 0 0 1 11"), "is the second that was lost");
  }

  @Test
  void findsATimeLimitThatCameByTimeInWhichTheProcessWasStopped() throws Exception {
    options = options.timeout(Duration.ofSeconds(2));
    long start = 1_000;
    victims.pausing(11);
    victims.paused(11, start, start + 3_000_000_000L);
    assertFault(judged(timedOut(Duration.ofSeconds(4)), "S 0 0 1 11 " + start), "had time left");
    assertThat(judged(timedOut(Duration.ofSeconds(5)), "S 0 0 1 11 " + start)).isEmpty();
    assertThat(judged(timedOut(Duration.ofSeconds(4)), "S 0 0 1 11 " + (start + 2_500_000_000L)))
        .as("stopped before it ran")
        .isEmpty();
  }

  private static Outcome<Object> timedOut(Duration ran) {
    return new Outcome.TimedOut<>(0, 1, ran, 11, Duration.ofSeconds(2), List.of());
  }

  // ------------------------------------------------------------------ leftovers

  @Test
  void findsADaemonThatATaskHasStarted() throws Exception {
    try (Ground ground = new Ground()) {
      String mark = ground.file("ledger").toString();
      new ProcessBuilder("sh", "-c", "setsid sh -c 'while sleep 1; do :; done' \"$0\" &", mark)
          .start()
          .waitFor();
      long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
      while (ground.look().stream().noneMatch(left -> left.contains("of here"))) {
        // a process has no command line for the moment in which it becomes another program
        assertThat(System.nanoTime() - end).as("the daemon is not found").isNegative();
        Thread.sleep(10);
      }
      ProcessHandle.allProcesses()
          .filter(process -> process.info().commandLine().orElse("").contains(mark))
          .forEach(ProcessHandle::destroyForcibly);
      assertThat(ground.leftovers()).noneMatch(left -> left.contains("of here"));
    }
  }

  @Test
  void findsFilesAndProcessesThatAreLeft() throws Exception {
    Path memory = Path.of("/dev/shm/procpool-memory-judge" + ProcessHandle.current().pid() + "-1");
    Process process;
    try (Ground ground = new Ground()) {
      Path left = ground.file("procpool-judge" + ProcessHandle.current().pid());
      Files.createFile(left);
      ground.learnPools();
      boolean shared = Files.isDirectory(memory.getParent());
      if (shared) {
        Files.createFile(memory);
      }
      process = new ProcessBuilder("sleep", "1000").start();
      try {
        List<String> found = ground.look();
        assertThat(found).anyMatch(line -> line.contains("process " + process.pid()));
        assertThat(found).anyMatch(line -> line.contains(left.getFileName().toString()));
        assertThat(found.stream().anyMatch(line -> line.contains("memory"))).isEqualTo(shared);
      } finally {
        Files.deleteIfExists(memory);
        process.destroyForcibly().waitFor();
      }
    }
  }

  // ------------------------------------------------------------------ doctoring

  private static void assertFault(List<String> faults, String what) {
    assertThat(faults).singleElement().asString().contains(what);
  }

  private static Outcome<Object> success(long value, long pid) {
    return new Outcome.Success<>(0, 1, Duration.ZERO, pid, value);
  }

  private static Outcome<Object> failure(Throwable error) {
    return new Outcome.Failure<>(0, 1, Duration.ZERO, 11, error);
  }

  private static Outcome<Object> lostWithExecutor(long pid) {
    List<String> words = List.of("procpool: executor 3 was lost: Remote RPC client disassociated.");
    WorkerExit exit = new WorkerExit(pid, -1, Reason.KILLED, null, words, null, List.of());
    return new Outcome.WorkerLost<>(0, 1, Duration.ZERO, pid, exit);
  }

  private static Outcome<Object> lost(long pid, Reason reason) {
    WorkerExit exit = new WorkerExit(pid, 137, reason, "SIGKILL", List.of(), null, List.of());
    return new Outcome.WorkerLost<>(0, 1, Duration.ZERO, pid, exit);
  }

  /** Judges a call of one item, with these lines in the ledger. */
  private List<String> judged(Outcome<Object> outcome, String... lines) throws Exception {
    return judge(List.of(report(List.of(outcome))), lines);
  }

  private List<String> judge(List<Report> reports, String... lines) throws Exception {
    Path ledger = directory.resolve("ledger");
    Files.write(ledger, new ArrayList<>(Arrays.asList(lines)));
    return new Judge(new History(new Ledger(ledger).read()), victims).judge(reports);
  }

  private Report report(List<Outcome<Object>> outcomes) {
    ChaosItem item = ChaosItem.of(0, kind, 2, 0);
    ChaosCall call = new ChaosCall(0, form, List.of(item), options, cancel, Duration.ZERO);
    AtomicIntegerArray delivered = new AtomicIntegerArray(new int[] {deliveries});
    return new Report(call, outcomes, delivered, cancel != Cancel.NEVER);
  }
}
