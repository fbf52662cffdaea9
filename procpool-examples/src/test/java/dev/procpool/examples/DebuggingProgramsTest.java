package dev.procpool.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The programs of the guide's page on output and debugging print what it says. */
class DebuggingProgramsTest {

  @TempDir Path folder;

  @Test
  void linesNameTheirWorkerAndItem() throws Exception {
    ProgramRun run = ProgramRun.of(WorkerLines.class, folder);
    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .containsExactly(
            "worker 0, import[0]: reading a.csv", "worker 0, import[1]: reading b.csv");
  }

  @Test
  void recordsComeOutOfTheParentsLogger() throws Exception {
    ProgramRun run = ProgramRun.of(ForwardedLogs.class, folder);
    assertThat(run.out()).containsExactly("[2, 2, 3]");
    assertThat(run.err()).contains("WARNING: worker 0: 5 is odd");
  }

  @Test
  void theDumpShowsWhereTheTaskIs() throws Exception {
    ProgramRun run = ProgramRun.of(StuckWorker.class, folder);
    assertThat(run.out()).anyMatch(line -> line.contains("StuckWorker.wait(StuckWorker.java"));
    assertThat(run.exitCode()).isZero();
  }
}
