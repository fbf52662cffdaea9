package dev.procpool.local.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.procpool.local.ProcessPool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code jvmOptions} takes, and what it refuses. */
class JvmOptionsTest {

  @TempDir Path directory;

  @Test
  void optionsInTwoWordsAreJoined() {
    assertThat(
            JvmOptions.checked(
                List.of("--add-opens", "a/b=c", "-ea", "--module-path", "mods", "-Xss1m")))
        .containsExactly("--add-opens=a/b=c", "-ea", "--module-path", "mods", "-Xss1m");
  }

  @Test
  void argumentFilesAreTakenIn() throws IOException {
    Path file = Files.writeString(directory.resolve("options"), "-Da='x y' # words\n-ea");
    assertThat(JvmOptions.checked(List.of("-Xss1m", "@" + file)))
        .containsExactly("-Xss1m", "-Da=x y", "-ea");
    assertRefused("@" + directory.resolve("none"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "Main", "Xmx1g", "-jar", "-m", "-cp", "--add-opens", "-Da=\0", "-Da=\uD83D"})
  void whatIsNoOptionIsRefusedByName(String option) {
    assertRefused(option);
  }

  private static void assertRefused(String option) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ProcessPool.builder().jvmOptions("-ea", option))
        .withMessageStartingWith("jvmOptions: ")
        .withMessageContaining(option);
  }
}
