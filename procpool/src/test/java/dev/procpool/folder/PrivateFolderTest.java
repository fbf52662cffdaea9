package dev.procpool.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.procpool.local.archive.ArchiveFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder with code for workers is nobody else's, whatever stands in its place. */
class PrivateFolderTest {

  @TempDir Path base;

  private Path outer;
  private Path folder;

  @BeforeEach
  void begin() throws IOException {
    assumeTrue(PrivateFolder.is(PrivateFolder.resolve(base)), "others may write to " + base);
    outer = Files.createDirectory(base.resolve("outer"));
    folder = Files.createDirectory(outer.resolve("procpool"));
    mode(outer, "0755");
    mode(folder, "0700");
  }

  private static void mode(Path path, String mode) throws IOException {
    run("chmod", mode, path.toString());
  }

  private static void run(String... command) throws IOException {
    try {
      assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean isPrivate(Path path) {
    return PrivateFolder.is(PrivateFolder.resolve(path));
  }

  @Test
  void aFolderOfTheUsersIsOne() {
    assertThat(isPrivate(folder)).isTrue();
    assertThat(isPrivate(outer.resolve("missing"))).isFalse();
  }

  @Test
  void aLinkIsNone() throws IOException {
    Path link = Files.createSymbolicLink(base.resolve("link"), folder);
    assertThat(isPrivate(link)).isFalse();
    ArchiveFolder archives = new ArchiveFolder(link, 1000);
    Files.createFile(folder.resolve("a.jsa"));
    assertThat(archives.has("a")).isFalse();
  }

  @Test
  void aLinkToAFolderThatItIsInIsFollowedOnce() throws IOException {
    Path link = Files.createSymbolicLink(base.resolve("link"), outer);
    Path resolved = PrivateFolder.resolve(link.resolve("procpool"));
    assertThat(resolved).isEqualTo(folder.toRealPath());
    assertThat(PrivateFolder.resolve(link.resolve("new/procpool")))
        .isEqualTo(outer.toRealPath().resolve("new/procpool"));
    assertThat(PrivateFolder.is(resolved)).isTrue();
    assertThat(PrivateFolder.is(link.resolve("procpool"))).as("may lead elsewhere soon").isFalse();
  }

  @Test
  void whereOthersMayWriteItIsNone() throws IOException {
    for (String rights : new String[] {"rwxrwx---", "rwx----w-"}) {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(rights));
      assertThat(isPrivate(folder)).isFalse();
    }
    mode(folder, "0700");
    mode(outer, "0757");
    assertThat(isPrivate(folder)).as("it can be replaced").isFalse();
    mode(outer, "1777");
    assertThat(isPrivate(folder)).as("it can't").isTrue();
  }

  @Test
  void anotherUsersIsNone() throws IOException {
    assumeTrue("root".equals(Files.getOwner(base).getName()), "only root can act as another user");
    run("chown", "54321", folder.toString());
    assertThat(isPrivate(folder)).isFalse();
    run("chown", "0", folder.toString());
    assertThat(isPrivate(folder)).isTrue();
    run("chown", "54321", outer.toString());
    assertThat(isPrivate(folder)).isFalse();
  }
}
