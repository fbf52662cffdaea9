package dev.procpool.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.procpool.local.sandbox.InnerLimits;
import dev.procpool.local.sandbox.SandboxPrograms;
import dev.procpool.local.sandbox.ShellNames;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The words that sandboxes put before the command of a worker's JVM. */
class SandboxCommandTest {

  private static final Sandbox.Start START =
      new Sandbox.Start(
          Path.of("/tmp/procpool-1"),
          Path.of("/dev/shm/procpool-memory-1"),
          Path.of("/tmp/procpool-1/each/hs_err-1.log"),
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
  void bubblewrapTakesAllRights() {
    String words = String.join(" ", Sandbox.bubblewrap().command(START));
    assertThat(words)
        .contains(
            "bwrap --unshare-all --die-with-parent --new-session --cap-drop ALL",
            "--size 536870912 --tmpfs /tmp ",
            "--remount-ro / --remount-ro /dev --remount-ro /proc --chdir /srv --")
        .doesNotContain("--share-net", "--ro-bind / /");
    assertThat(Sandbox.bubblewrap().network().command(START)).contains("--share-net");
    assertThat(Sandbox.bubblewrap().temporarySpace(5).command(START))
        .containsSequence("--size", "5", "--tmpfs", "/tmp");
    assertThat(Sandbox.bubblewrap().temporarySpace(Long.MAX_VALUE).command(START))
        .doesNotContain("--size");
  }

  @Test
  void aHeapThatIsAFileHasNoDefaultLimit() throws Exception {
    Bubblewrap box = Sandbox.bubblewrap();
    assumeTrue(SandboxPrograms.find("prlimit") != null, "needs prlimit");
    assertThat(String.join(" ", box.command(START))).contains("--fsize=1073741824");
    for (String option : List.of("-XX:+UseZGC", "-XX:AllocateHeapAt=/data")) {
      Sandbox.Start start = with(List.of(option), Map.of());
      assertThat(String.join(" ", box.command(start))).doesNotContain("--fsize");
      assertThat(String.join(" ", box.fileSize(1 << 20).command(start)))
          .contains("--fsize=1048576");
    }
  }

  private static Sandbox.Start with(List<String> options, Map<String, String> environment) {
    return new Sandbox.Start(
        START.directory(),
        START.memory(),
        START.crashFile(),
        START.readable(),
        START.workingDirectory(),
        options,
        environment);
  }

  @Test
  void variablesThatAShellLosesAreNotSaidForAllToRead() {
    Map<String, String> variables =
        Map.of("a.b", "secret", "1x", "2", "a_1", "3", "", "4", "=C:", "5");
    assertThat(ShellNames.lost(variables)).containsOnlyKeys("a.b", "1x");
    assertThat(String.join(" ", Sandbox.bubblewrap().command(with(List.of(), variables))))
        .doesNotContain("secret");
  }

  @Test
  void limitsOfBubblewrapOutOfRange() {
    assertThatThrownBy(() -> Sandbox.bubblewrap().temporarySpace(0))
        .hasMessage("temporarySpace must be at least 1, was 0");
    assertThatThrownBy(() -> Sandbox.bubblewrap().processes(-1))
        .hasMessage("processes must be at least 1, was -1");
    assertThatThrownBy(() -> Sandbox.bubblewrap().fileSize(1000))
        .hasMessage("fileSize must be at least 1 MiB, was 1000");
  }

  @Test
  void limitsWithinAreNoHigherThanThisProcesses() {
    assertThat(InnerLimits.command("p", Long.MAX_VALUE, Long.MAX_VALUE)).isEmpty();
    assertThat(InnerLimits.command("p", Long.MAX_VALUE, 2)).containsExactly("p", "--fsize=2", "--");
  }

  @ParameterizedTest
  @CsvSource({"5.13.9, false", "5.14.0-427.el9, true", "6.1, true", "4.18, false", "x, false"})
  void olderKernelsCountAUsersProcessesTogether(String version, boolean counts) {
    assertThat(InnerLimits.countsByNamespace(version)).isEqualTo(counts);
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
    assertThatThrownBy(() -> SandboxPrograms.check(Sandbox.of("/no/such/sh")))
        .hasMessageContaining("/no/such/sh, which is not there: install it, or");
  }
}
