package dev.procpool.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The archives: unpacked by the programs that their users have, and run. */
class ArchivesTest {

  @TempDir Path directory;

  @Test
  void theTarIsUnpackedAndRuns() throws Exception {
    String archive = Dist.archive("tar.gz").toString();

    Started.run(directory, Tool.need("tar"), "-xzf", archive).well();

    assertIsWholeAndRuns();
    assertThat(
            Started.run(directory, "tar", "--utc", "--full-time", "-tvzf", archive).well().lines())
        .as("the same bytes of the same sources: one time, one owner")
        .allMatch(line -> line.contains(" 2025-01-01 00:00:00 "))
        .allMatch(line -> line.matches("\\S+ (root/root|0/0) .*"));
  }

  @Test
  void theZipIsUnpackedAndRuns() throws Exception {
    Started.run(directory, Tool.need("unzip"), "-q", Dist.archive("zip").toString()).well();

    assertIsWholeAndRuns();
  }

  @Test
  void theTarGoesIntoAFolderThatShellsKnow() throws Exception {
    Path local = Files.createDirectories(directory.resolve("home/.local"));
    Files.createDirectories(local.resolve("bin"));

    Started.run(local, "tar", "-xzf", Dist.archive("tar.gz").toString(), "--strip-components", "1")
        .well();

    assertThat(local.resolve("bin/procpool")).isExecutable();
    assertThat(local.resolve("share/man/man1/procpool-map.1")).isRegularFile();
  }

  private void assertIsWholeAndRuns() throws Exception {
    Installed installed = new Installed(directory.resolve("procpool-" + Dist.VERSION));
    assertThat(installed.files())
        .containsExactly(
            "bin/procpool rwx",
            "share/bash-completion/completions/procpool rw-",
            "share/doc/procpool/LICENSE rw-",
            "share/fish/vendor_completions.d/procpool.fish rw-",
            "share/man/man1/procpool-generate-completion.1 rw-",
            "share/man/man1/procpool-map.1 rw-",
            "share/man/man1/procpool-starmap.1 rw-",
            "share/man/man1/procpool-top.1 rw-",
            "share/man/man1/procpool.1 rw-",
            "share/procpool/procpool.jar rw-",
            "share/zsh/site-functions/_procpool rw-");
    installed.runsAJob(directory);
  }
}
