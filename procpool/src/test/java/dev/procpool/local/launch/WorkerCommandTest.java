package dev.procpool.local.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.local.files.PoolDirectory;
import dev.procpool.local.settings.PoolSettings;
import dev.procpool.local.settings.SettingsFixture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the worker's JVM is started with. */
class WorkerCommandTest {

  private static final String OUR_COLLECTOR = "-XX:+UseSerialGC";

  private static List<String> arguments(String... jvmOptions) {
    PoolSettings settings = SettingsFixture.settings(jvmOptions);
    try {
      PoolDirectory directory = PoolDirectory.create();
      try {
        return WorkerCommand.arguments(settings, WorkerCommand.classPath(settings, directory));
      } finally {
        directory.delete();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void theSerialCollectorIsTheDefault() {
    assertThat(arguments("-Xmx64m", "-XX:+UseStringDeduplication")).contains(OUR_COLLECTOR);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-XX:+UseG1GC", "-XX:+UseParallelGC", "-XX:+UseZGC"})
  void theUsersCollectorReplacesOurs(String option) {
    assertThat(arguments(option)).contains(option).doesNotContain(OUR_COLLECTOR);
  }

  @Test
  void theUsersOptionsComeAfterOursAndBeforeTheMainClass() {
    List<String> arguments = arguments("-XX:+CreateCoredumpOnCrash", "-Dx=y");
    int users = arguments.indexOf("-XX:+CreateCoredumpOnCrash");

    assertThat(arguments.subList(0, users))
        .contains("-XX:-CreateCoredumpOnCrash", "-XX:+ExitOnOutOfMemoryError");
    assertThat(arguments.get(users + 1)).isEqualTo("-Dx=y");
    assertThat(arguments.get(arguments.size() - 1)).endsWith(WorkerCommand.mainClass().getName());
  }

  @Test
  void addedClassPathEntriesAreAbsolute() {
    List<String> arguments = arguments();
    String classPath = arguments.get(arguments.indexOf("-cp") + 1);

    assertThat(classPath).contains(Path.of("extra.jar").toAbsolutePath().toString());
  }
}
