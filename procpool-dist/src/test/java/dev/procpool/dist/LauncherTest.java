package dev.procpool.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher where something is amiss: one line that says what to do, and exit code 2. */
class LauncherTest {

  @TempDir Path directory;

  private Path launcher;

  @BeforeEach
  void unpack() throws Exception {
    String archive = Dist.archive("tar.gz").toString();
    Started.run(directory, Tool.need("tar"), "-xzf", archive, "--strip-components", "1").well();
    launcher = directory.resolve("bin/procpool");
  }

  private void refuses(Map<String, String> environment, String message) throws Exception {
    Started run = Started.run(directory, environment, "/bin/sh", launcher.toString(), "--version");
    assertThat(run.err()).isEqualTo(message + "\n");
    assertThat(run.exitCode()).isEqualTo(2);
  }

  private Path java(String version) throws Exception {
    Path home = directory.resolve("java");
    Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\necho started\n");
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.writeString(
        home.resolve("release"),
        "IMPLEMENTOR=\"Somebody\"\nJAVA_VERSION=\"" + version + "\"\nMODULES=\"a b\"\n");
    return home;
  }

  @Test
  void anOldJavaIsRefusedByItsVersion() throws Exception {
    for (String version : new String[] {"1.8.0_402", "9", "11.0.2", "16.0.1"}) {
      Path home = java(version);
      String message =
          "procpool: %s/bin/java is Java %s; install Java 17 or newer, or set JAVA_HOME to where it is";
      refuses(Map.of("JAVA_HOME", home.toString()), message.formatted(home, version));
    }
  }

  @Test
  void aNewJavaIsStarted() throws Exception {
    for (String version : new String[] {"17", "17.0.15", "25.0.1", "100"}) {
      Map<String, String> environment = Map.of("JAVA_HOME", java(version).toString());
      assertThat(Started.run(directory, environment, launcher.toString()).well())
          .isEqualTo("started\n");
    }
  }

  @Test
  void aJavaHomeWithoutJavaIsNamed() throws Exception {
    refuses(
        Map.of("JAVA_HOME", "/nowhere"),
        "procpool: JAVA_HOME, /nowhere, has no java; install Java 17 or newer, or set JAVA_HOME to"
            + " where it is");
  }

  @Test
  void aMissingJarIsNamed() throws Exception {
    Files.delete(directory.resolve("share/procpool/procpool.jar"));
    refuses(
        Map.of(),
        "procpool: "
            + directory.toRealPath().resolve("share/procpool/procpool.jar")
            + " is missing; install procpool anew");
  }
}
