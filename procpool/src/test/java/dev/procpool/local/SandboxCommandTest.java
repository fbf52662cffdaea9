package dev.procpool.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The words that sandboxes put before the command of a worker's JVM. */
class SandboxCommandTest {

  private static final Sandbox.Start START =
      new Sandbox.Start(
          Path.of("/tmp/procpool-1"),
          Path.of("/dev/shm/procpool-memory-1"),
          List.of(Path.of("/opt/java"), Path.of("/tmp/app")),
          Path.of("/srv"));

  @TempDir Path directory;

  @Test
  void limitsAreSaidWhereTheyAreSet() {
    assertThat(Sandbox.prlimit().command(START)).containsExactly("prlimit", "--");
    assertThat(
            Sandbox.prlimit()
                .addressSpace(5)
                .processorTime(Duration.ofMillis(1500))
                .openFiles(7)
                .command(START))
        .containsExactly("prlimit", "--as=5", "--cpu=2", "--nofile=7", "--");
  }

  @Test
  void limitsOutOfRange() {
    assertThatThrownBy(() -> Sandbox.prlimit().addressSpace(0)).hasMessageContaining("was 0");
    assertThatThrownBy(() -> Sandbox.prlimit().openFiles(-1)).hasMessageContaining("was -1");
    assertThatThrownBy(() -> Sandbox.prlimit().processorTime(Duration.ofMillis(999)))
        .hasMessageContaining("processorTime")
        .hasMessageContaining("PT0.999S");
  }

  @Test
  void oneWithinAnotherComesAfterIt() {
    Sandbox both = Sandbox.of("nice", "-n", "5").around(Sandbox.prlimit());
    assertThat(both.command(START)).containsExactly("nice", "-n", "5", "prlimit", "--");
    assertThat(both.programs()).containsExactly("nice", "prlimit");
    assertThat(both.hasOwnTemporaryFolder()).isFalse();
    assertThat(both.around(Sandbox.bubblewrap()).hasOwnTemporaryFolder()).isTrue();
  }

  @Test
  void bubblewrapShowsAgainWhatIsNeededOfWhatItHides() {
    String words =
        String.join(
            " ",
            Sandbox.bubblewrap()
                .hidden(Path.of("/tmp/app/keys"))
                .writable(Path.of("/srv/out"))
                .command(START));
    assertThat(words)
        .startsWith("bwrap --unshare-all --die-with-parent --new-session --ro-bind / / ")
        .doesNotContain("--share-net")
        .doesNotContain("/opt/java")
        .contains("--bind /srv/out /srv/out")
        .contains("--ro-bind /tmp/procpool-1 /tmp/procpool-1")
        .contains("--bind /dev/shm/procpool-memory-1 /dev/shm/procpool-memory-1")
        .containsSubsequence(
            "--tmpfs /tmp ", "--ro-bind-try /tmp/app /tmp/app", "--tmpfs /tmp/app/keys")
        .endsWith("--chdir /srv --");
    assertThat(Sandbox.bubblewrap().network().command(START)).contains("--share-net");
  }

  @Test
  void aProgramIsLookedForAsTheSystemDoes() throws Exception {
    Path program = Files.writeString(directory.resolve("box"), "#!/bin/sh\n");
    String path = "/no/such:" + directory;
    assertThat(SandboxPrograms.exists("box", path)).as("may not be run").isFalse();
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    assertThat(SandboxPrograms.exists("box", path)).isTrue();
    assertThat(SandboxPrograms.exists("box", "/no/such")).isFalse();
    assertThat(SandboxPrograms.exists(program.toString(), "")).isTrue();
    assertThat(SandboxPrograms.exists(program + "2", "")).isFalse();
    assertThatThrownBy(() -> SandboxPrograms.check(Sandbox.of("no-such-box")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no-such-box, which is not there on the PATH");
  }
}
