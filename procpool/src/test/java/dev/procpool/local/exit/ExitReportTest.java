package dev.procpool.local.exit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.WorkerExit;
import dev.procpool.WorkerExit.Reason;
import dev.procpool.local.output.OutputTail;
import dev.procpool.protocol.OutputMark;
import dev.procpool.scheduler.Item;
import dev.procpool.scheduler.Slice;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Why a worker ended is told from what it left. */
class ExitReportTest {

  private static final long PID = 987_654_321;

  private final OutputTail stdout = new OutputTail();
  private final OutputTail stderr = new OutputTail();

  private WorkerExit exit(int status, boolean wasReady) {
    return exit(status, wasReady, false, stderr, null);
  }

  private WorkerExit exit(
      int status, boolean wasReady, boolean frozen, OutputTail errors, CrashFile crash) {
    return new ExitReport(PID, status, wasReady, frozen, List.of(errors, stdout), errors, crash)
        .exit(null);
  }

  private static Item item(long index) {
    return new Item(1, new Slice(index, 1, 1, List.of(), 0));
  }

  @Test
  void statusesOfAReadyWorker() {
    assertThat(exit(0, true).reason()).isEqualTo(Reason.EXITED);
    assertThat(exit(3, true).reason()).as("3 without the words").isEqualTo(Reason.EXITED);
    assertThat(exit(137, true).reason()).isEqualTo(Reason.KILLED);
    assertThat(exit(137, true).signal()).contains("SIGKILL");
    assertThat(exit(139, true).reason()).isEqualTo(Reason.NATIVE_CRASH);
    assertThat(exit(139, true).signal()).contains("SIGSEGV");
  }

  @Test
  void aWorkerThatWasNotReadyFailedToStart() {
    assertThat(exit(1, false).reason()).isEqualTo(Reason.START_FAILED);
  }

  @Test
  void whatThePoolKnowsGoesFirst() {
    WorkerExit exit = exit(137, true, true, stderr, null);
    assertThat(exit.reason()).isEqualTo(Reason.FROZEN);
  }

  @Test
  void outOfMemoryIsTheStatusTogetherWithTheWords() {
    stdout.add("Terminating due to java.lang.OutOfMemoryError: Java heap space");
    assertThat(exit(3, true).reason()).isEqualTo(Reason.OUT_OF_MEMORY);
    assertThat(exit(1, true).reason()).isEqualTo(Reason.EXITED);
  }

  @Test
  void theWordsAreFoundBehindALineThatWasNotEnded() {
    String words = "Terminating due to java.lang.OutOfMemoryError: GC overhead limit exceeded";
    stderr.add("no newline " + words);
    assertThat(exit(3, true).reason()).isEqualTo(Reason.OUT_OF_MEMORY);
    OutputTail longLine = new OutputTail();
    longLine.add("x".repeat(10_000) + words);
    WorkerExit exit = exit(3, true, false, longLine, null);
    assertThat(exit.reason()).isEqualTo(Reason.OUT_OF_MEMORY);
    assertThat(exit.stderrTail().get(0)).startsWith("xxx").contains(" … ").endsWith(words);
  }

  @Test
  void theWordsAreFoundOnStandardErrorToo() {
    stderr.add("Terminating due to java.lang.OutOfMemoryError: Java heap space");
    assertThat(exit(3, true).reason()).isEqualTo(Reason.OUT_OF_MEMORY);
  }

  @Test
  void theWordsOfAnEarlierItemsProgramAreNotTheWorkers() {
    stderr.add("Terminating due to java.lang.OutOfMemoryError: Java heap space");
    stderr.add("done", new OutputMark(1, 4, 1), false);
    ExitReport report = new ExitReport(PID, 3, true, false, List.of(stderr), stderr, null);
    assertThat(report.exit(item(5)).reason()).isEqualTo(Reason.EXITED);
    assertThat(report.exit(item(4)).reason()).isEqualTo(Reason.OUT_OF_MEMORY);
  }

  @Test
  void aCrashFileNamesTheSignalAndItsFirstLinesAreKept() {
    Path file = Path.of("hs_err_pid" + PID + ".log");
    CrashFile crash =
        CrashFile.of(
            file,
            "#\n# A fatal error has been detected\n#\n#  SIGBUS (0x7) at pc=0x1, pid=1\n#\n"
                + "# Problematic frame:\n# C  [libx.so+0x1]  parse+0x2\n#\n# Please report it\n");
    stderr.add("last words");

    WorkerExit exit = exit(134, true, false, stderr, crash);

    assertThat(exit.reason()).isEqualTo(Reason.NATIVE_CRASH);
    assertThat(exit.signal()).as("of the file, not of the abort").contains("SIGBUS");
    assertThat(exit.crashFile()).contains(file);
    assertThat(exit.stderrTail()).containsExactly("last words");
    assertThat(exit.crashSummary())
        .startsWith("# A fatal error has been detected")
        .endsWith("# Problematic frame:", "# C  [libx.so+0x1]  parse+0x2");
  }
}
