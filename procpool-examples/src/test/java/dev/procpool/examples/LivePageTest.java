package dev.procpool.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The guide's program with a page tells where that is, and ends. */
class LivePageTest {

  @TempDir Path folder;

  @Test
  void theProgramTellsWhereItsPageIs() throws Exception {
    ProgramRun run = ProgramRun.of(LivePage.class, folder);
    assertThat(run.err()).as("standard error").isEmpty();
    assertThat(run.exitCode()).as("exit code").isZero();
    assertThat(run.out())
        .singleElement()
        .asString()
        .matches("watch it at http://127\\.0\\.0\\.1:[0-9]+/#token=[A-Za-z0-9_-]{32}");
  }
}
