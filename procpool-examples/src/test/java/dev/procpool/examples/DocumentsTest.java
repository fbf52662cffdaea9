package dev.procpool.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's program: a hang and an exit cost one item each. */
class DocumentsTest {

  @TempDir Path folder;

  @Test
  void theOthersHaveTheirResults() throws Exception {
    assertThat(ProgramRun.of(Documents.class, folder).others())
        .satisfiesExactly(
            first -> assertThat(first).isEqualTo("2 words"),
            hung ->
                assertThat(hung)
                    // what follows, if anything, is why a busy machine has no stack of the loop
                    .startsWith("failed: item 1 ran longer than its time limit of 1000 ms"),
            exited ->
                assertThat(exited)
                    .matches(
                        "failed: worker process \\d+ exited with code 42 \\(System.exit or"
                            + " Runtime.halt was called\\) while it ran item 2"),
            last -> assertThat(last).isEqualTo("3 words"));
  }
}
