package dev.procpool.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The trap of the captured {@code this} fails by name and leaves the pool usable. */
class CapturedThisTest {

  @Test
  void theTrapIsToldAndTheCopyWorks(@TempDir Path folder) throws Exception {
    ProgramRun run = ProgramRun.of(CapturedThis.class, folder);
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    assertThat(run.out().get(0))
        .startsWith("Failed with: dev.procpool.TaskSerializationException: ")
        .contains("CapturedThis");
    assertThat(run.out()).last().isEqualTo("Got [2, 4, 6]");
    GuideOutput.checkOrUpdate(run);
  }
}
