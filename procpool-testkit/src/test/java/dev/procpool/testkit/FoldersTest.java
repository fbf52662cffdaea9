package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FoldersTest {

  @TempDir Path around;

  @Test
  void aFolderGoesWithAllThatIsInItAndNothingElse() throws Exception {
    Path kept = Files.writeString(Files.createDirectory(around.resolve("kept")).resolve("a"), "a");
    Path folder = Files.createDirectory(around.resolve("folder"));
    Files.writeString(Files.createDirectories(folder.resolve("b/c")).resolve("d"), "d");
    Files.createSymbolicLink(folder.resolve("link"), kept.getParent());
    Files.createSymbolicLink(folder.resolve("dangling"), around.resolve("nowhere"));

    Folders.remove(folder);

    assertThat(around).isDirectoryNotContaining(path -> path.endsWith("folder"));
    assertThat(kept).hasContent("a");
    assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> Folders.remove(folder));
  }
}
