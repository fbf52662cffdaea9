package dev.procpool.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.WorkerExit;
import dev.procpool.WorkerExit.Reason;
import dev.procpool.protocol.OutputMark;
import dev.procpool.scheduler.Item;
import dev.procpool.scheduler.Slice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Why a worker ended is told from what it left. */
class ExitReportTest {

  private static final long PID = 987_654_321;

  @TempDir Path base;

  private final OutputTail stdout = new OutputTail();
  private final OutputTail stderr = new OutputTail();
  private TemporaryDirectoryProperty property;

  @BeforeEach
  void begin() {
    property = new TemporaryDirectoryProperty();
    property.set(base);
  }

  @AfterEach
  void end() {
    property.restore();
  }

  private WorkerExit exit(int status, boolean wasReady) {
    return exit(status, wasReady, false, stderr, CrashFile.pattern(List.of()));
  }

  private WorkerExit exit(
      int status, boolean wasReady, boolean frozen, OutputTail errors, String pattern) {
    return new ExitReport(PID, status, wasReady, frozen, List.of(errors, stdout), errors, pattern)
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
    WorkerExit exit = exit(137, true, true, stderr, CrashFile.pattern(List.of()));
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
    WorkerExit exit = exit(3, true, false, longLine, CrashFile.pattern(List.of()));
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
    ExitReport report =
        new ExitReport(PID, 3, true, false, List.of(stderr), stderr, CrashFile.pattern(List.of()));
    assertThat(report.exit(item(5)).reason()).isEqualTo(Reason.EXITED);
    assertThat(report.exit(item(4)).reason()).isEqualTo(Reason.OUT_OF_MEMORY);
  }

  @Test
  void aCrashFileIsLookedForWhereTheUsersOptionsPutIt() throws IOException {
    Files.writeString(base.resolve("crash-" + PID), "# A fatal error\n");
    String pattern =
        CrashFile.pattern(List.of("-Xmx1g", "-XX:ErrorFile=" + base.resolve("crash-%p")));
    WorkerExit exit = exit(134, true, false, stderr, pattern);
    assertThat(exit.crashFile()).contains(base.resolve("crash-" + PID));
    assertThat(exit.crashSummary()).containsExactly("# A fatal error");
  }

  @Test
  void aCrashFileNamesTheSignalAndItsFirstLinesAreKept() throws IOException {
    Path file =
        Files.writeString(
            base.resolve("hs_err_pid" + PID + ".log"),
            "#\n# A fatal error has been detected\n#\n#  SIGBUS (0x7) at pc=0x1, pid=1\n#\n"
                + "# Problematic frame:\n# C  [libx.so+0x1]  parse+0x2\n#\n# Please report it\n");
    stderr.add("last words");

    WorkerExit exit = exit(134, true);

    assertThat(exit.reason()).isEqualTo(Reason.NATIVE_CRASH);
    assertThat(exit.signal()).as("of the file, not of the abort").contains("SIGBUS");
    assertThat(exit.crashFile()).contains(file);
    assertThat(exit.stderrTail()).containsExactly("last words");
    assertThat(exit.crashSummary())
        .startsWith("# A fatal error has been detected")
        .endsWith("# Problematic frame:", "# C  [libx.so+0x1]  parse+0x2");
  }
}
