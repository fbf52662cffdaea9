package dev.procpool.folder;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A folder goes with all that is in it, and nothing else. */
class FolderRemovalTest {

  @TempDir Path base;

  private Path folder;
  private Path kept;

  @BeforeEach
  void begin() throws IOException {
    folder = Files.createDirectory(base.resolve("folder"));
    kept = Files.createDirectory(base.resolve("kept"));
    Files.createFile(kept.resolve("file"));
  }

  /** By handles, and as it is where the system has none. */
  static Stream<Consumer<Path>> ways() {
    return Stream.of(
        path -> FolderRemoval.remove(path, FolderRemoval.key(path)), PathRemoval::remove);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void linksAreNotFollowed(Consumer<Path> removal) throws IOException {
    Files.createSymbolicLink(folder.resolve("link"), kept);
    Files.createSymbolicLink(Files.createDirectory(folder.resolve("inner")).resolve("l"), kept);
    Path link = Files.createSymbolicLink(base.resolve("link"), kept);

    removal.accept(folder);
    removal.accept(link);

    assertThat(folder).doesNotExist();
    assertThat(kept.resolve("file")).exists();
  }

  @ParameterizedTest
  @MethodSource("ways")
  void whatATaskHasClosedToItselfGoes(Consumer<Path> removal) throws IOException {
    Path inner = Files.createDirectories(folder.resolve("a/b/c"));
    Files.createFile(inner.resolve("file"));
    for (Path closed : new Path[] {inner, inner.getParent(), inner.getParent().getParent()}) {
      Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));
    }
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("r-x------"));

    removal.accept(folder);

    assertThat(folder).doesNotExist();
  }

  /** The mark goes last: the pool's process may end just then, and a worker does the rest. */
  @Test
  void aFolderWithoutItsMarkGoesIfItIsEmpty() throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    Files.setPosixFilePermissions(kept, PosixFilePermissions.fromString("rwx------"));

    MarkedFolder.remove(folder);
    MarkedFolder.remove(kept);
    MarkedFolder.remove(base.resolve("nowhere"));

    assertThat(folder).doesNotExist();
    assertThat(kept.resolve("file")).exists();
  }

  @Test
  void noDepthIsTooMuch() throws IOException {
    // a path that long can't be said: each folder is moved into the next
    Path top = Files.createDirectory(base.resolve("d"));
    for (int i = 0; i < 2100; i++) {
      Path outer = Files.createDirectory(base.resolve("outer"));
      Files.move(top, outer.resolve("d"));
      Files.move(outer, top);
    }
    FolderRemoval.remove(top, FolderRemoval.key(top));

    assertThat(top).doesNotExist();
  }

  @Test
  void anotherFolderOfThatNameStays() throws IOException {
    Object key = FolderRemoval.key(folder);
    Files.move(folder, base.resolve("moved"));
    Files.move(kept, folder);

    FolderRemoval.remove(folder, key);
    FolderRemoval.removeWithin(folder, key, "file");

    assertThat(folder.resolve("file")).exists();
    assertThat(base.resolve("moved")).exists();
  }
}
