package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Hostile code in a box reaches nothing of what it reaches without one, as root or another. */
@ExtendWith(NoLeftovers.class)
class SandboxEscapesTest {

  private static final String NOBODY = "65534";

  @TempDir Path directory;

  @BeforeEach
  void needs() throws Exception {
    assumeTrue(Commands.bubblewrapWorks(), "bubblewrap does not work here");
    assumeTrue(Commands.succeeds("perl", "-e", "use Socket"), "needs perl");
  }

  private List<String> reached(List<String> before, String box) throws Exception {
    Path place = Files.createDirectory(directory.resolve("place"));
    Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rwxrwxrwx"));
    try (ChildJvm child =
        new ChildJvm(directory, before, List.of(), Escapes.class, place.toString(), box)) {
      assertThat(child.exitCode()).as(child.errors()).isZero();
      return child.output();
    }
  }

  @Test
  void whatIsFreeReachesMuch() throws Exception {
    assertThat(reached(List.of(), "free"))
        .contains(
            "a secret",
            "a file of what is shown",
            "a socket",
            "a pipe",
            "an abstract socket",
            "a server",
            "the program",
            "the program's environment");
  }

  @Test
  void whatIsBoxedReachesNothing() throws Exception {
    assertThat(reached(List.of(), "boxed")).isEmpty();
  }

  @Test
  void norDoesItAsAnotherUserThanRoot() throws Exception {
    List<String> other = List.of("setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups");
    List<String> looks = new ArrayList<>(other);
    looks.addAll(List.of("test", "-r", System.getProperty("java.class.path").split(":")[0]));
    assumeTrue(
        Commands.succeeds(looks.toArray(String[]::new)),
        "can't be another user, who may read classes");
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
    List<String> before =
        new ArrayList<>(
            List.of("sh", "-c", "chown " + NOBODY + " \"$0\" && exec \"$@\"", directory + "/t"));
    before.addAll(other);
    assertThat(reached(before, "boxed")).isEmpty();
  }
}
