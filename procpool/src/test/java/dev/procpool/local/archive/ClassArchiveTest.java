package dev.procpool.local.archive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.local.settings.SettingsFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which archive belongs to which class path and options. */
class ClassArchiveTest {

  @TempDir Path directory;

  private String core;
  private String jar;
  private String classes;

  @BeforeEach
  void classPath() throws IOException {
    core = Files.createFile(directory.resolve("core.jar")).toString();
    jar = Files.createFile(directory.resolve("users.jar")).toString();
    classes = Files.createDirectory(directory.resolve("classes")).toString();
  }

  private @Nullable ClassArchive of(List<String> classPath, String... options) {
    return ClassArchive.of(directory, SettingsFixture.settings(options), classPath, core);
  }

  @Test
  void jarsAreRecordedAsFarAsThereIsNoDirectory() {
    assertThat(of(List.of(jar, core, classes, jar)))
        .satisfies(
            archive -> {
              assertThat(archive.recorded()).containsExactly(jar, core);
              assertThat(archive.classPath()).containsExactly(jar, core, classes, jar);
            });
  }

  @Test
  void thePoolsOwnJarGoesBeforeADirectory() {
    assertThat(of(List.of(classes, jar, core)))
        .satisfies(
            archive -> {
              assertThat(archive.recorded()).containsExactly(core);
              assertThat(archive.classPath()).containsExactly(core, classes, jar);
            });
  }

  @Test
  void thereIsNoneForClassesInADirectoryOrElsewhere() {
    assertThat(of(List.of(jar))).isNull();
    core = classes;
    assertThat(of(List.of(classes, jar))).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"-Xshare:off", "-XX:SharedArchiveFile=x", "-javaagent:x", "-XX:AOTCache=x"})
  void thereIsNoneBesideOptionsThatItWouldMeet(String option) {
    assertThat(of(List.of(core))).isNotNull();
    assertThat(of(List.of(core), option)).isNull();
  }

  @Test
  void theKeyIsThatOfTheJarsAndOptions() throws IOException {
    String key = of(List.of(core, jar)).key();
    assertThat(of(List.of(core, jar)).key()).isEqualTo(key);
    assertThat(of(List.of(core, jar, classes)).key()).isEqualTo(key);
    assertThat(of(List.of(jar, core)).key()).isNotEqualTo(key);
    assertThat(of(List.of(core, jar), "-Xmx64m").key()).isNotEqualTo(key);
    Files.setLastModifiedTime(Path.of(jar), FileTime.fromMillis(1));
    assertThat(of(List.of(core, jar)).key()).isNotEqualTo(key);
  }
}
