package dev.procpool.local.sandbox;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BubblewrapVersionTest {

  @TempDir Path folder;

  private Path program(String says) throws IOException {
    Path file = folder.resolve("bwrap");
    Files.writeString(file, "#!/bin/sh\n" + says + "\n");
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.3.1", "0.6.2", "0.6"})
  void oneThatIsTooOldIsTold(String version) throws IOException {
    Path program = program("echo bubblewrap " + version);
    assertThatThrownBy(() -> BubblewrapVersion.check(program))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContainingAll("0.7 or later", program + " is " + version, "install a later one");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.7.0", "0.8.0", "0.11.0", "1.0", "of nobody's counting"})
  void othersWillDo(String version) throws IOException {
    Path program = program("echo bubblewrap " + version);
    assertThatCode(() -> BubblewrapVersion.check(program)).doesNotThrowAnyException();
  }

  @Test
  void oneThatCantBeRunIsLeftToTheStartOfAWorker() {
    assertThatCode(() -> BubblewrapVersion.check(folder.resolve("none")))
        .doesNotThrowAnyException();
  }
}
