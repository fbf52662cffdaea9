package dev.procpool.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Debian package: installed by dpkg below a root of its own, run, and removed. */
class DebianPackageTest {

  @TempDir Path directory;

  private Started dpkg(String... arguments) throws Exception {
    Path root = directory.resolve("root");
    Files.createDirectories(root.resolve("var/lib/dpkg/updates"));
    Files.createDirectories(root.resolve("var/lib/dpkg/info"));
    if (!Files.exists(root.resolve("var/lib/dpkg/status"))) {
      Files.createFile(root.resolve("var/lib/dpkg/status"));
    }
    String[] command = new String[arguments.length + 4];
    command[0] = Tool.need("dpkg");
    command[1] = "--root=" + root;
    command[2] = "--force-not-root,depends,bad-path"; // Java is outside of this root
    command[3] = "--log=" + directory.resolve("log");
    System.arraycopy(arguments, 0, command, 4, arguments.length);
    return Started.run(directory, command);
  }

  @Test
  void itIsInstalledRunsAndIsRemoved() throws Exception {
    dpkg("-i", Dist.debianPackage().toString()).well();

    Installed installed = new Installed(directory.resolve("root/usr"));
    assertThat(installed.files())
        .containsExactly(
            "bin/procpool rwx",
            "share/bash-completion/completions/procpool rw-",
            "share/doc/procpool/copyright rw-",
            "share/fish/vendor_completions.d/procpool.fish rw-",
            "share/man/man1/procpool-generate-completion.1 rw-",
            "share/man/man1/procpool-map.1 rw-",
            "share/man/man1/procpool-starmap.1 rw-",
            "share/man/man1/procpool-top.1 rw-",
            "share/man/man1/procpool.1 rw-",
            "share/procpool/procpool.jar rw-",
            "share/zsh/vendor-completions/_procpool rw-");
    installed.runsAJob(directory);

    dpkg("-r", "procpool").well();
    assertThat(installed.root()).doesNotExist();
  }

  @Test
  void itSaysWhatItNeedsAndHasOneTime() throws Exception {
    String deb = Dist.debianPackage().toString();
    assertThat(Started.run(directory, Tool.need("dpkg-deb"), "-f", deb).well())
        .contains(
            "Package: procpool\n", "Architecture: all\n", "Depends: java17-runtime-headless\n")
        .contains("Version: " + Dist.VERSION.replace("-SNAPSHOT", "~"));
    assertThat(Started.run(directory, "dpkg-deb", "-c", deb).well().lines())
        .allMatch(line -> line.contains("root/root") && line.contains("2025-01-01 00:00"));
  }
}
