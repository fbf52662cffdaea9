package dev.procpool.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the worker's JVM is started with. */
class WorkerCommandTest {

  private static final String OUR_COLLECTOR = "-XX:+UseSerialGC";

  private static List<String> arguments(String... jvmOptions) {
    return WorkerCommand.arguments(
        new PoolSettings(
            "test",
            1,
            new ClassSource(),
            0,
            new byte[0],
            new byte[0],
            0,
            0,
            null,
            List.of(jvmOptions),
            List.of(Path.of("extra.jar")),
            Path.of("java"),
            Map.of(),
            null,
            WorkerOutput.discard(),
            1,
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(2),
            1,
            null,
            3));
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
    assertThat(arguments.get(arguments.size() - 1)).endsWith("dev.procpool.worker.WorkerMain");
  }

  @Test
  void addedClassPathEntriesAreAbsolute() {
    List<String> arguments = arguments();
    String classPath = arguments.get(arguments.indexOf("-cp") + 1);

    assertThat(classPath).contains(Path.of("extra.jar").toAbsolutePath().toString());
  }
}
