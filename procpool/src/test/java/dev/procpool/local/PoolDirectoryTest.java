package dev.procpool.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pool's directory is its owner's alone, and does not outlive the pool for long. */
class PoolDirectoryTest {

  @TempDir Path base;

  private TemporaryDirectoryProperty property;

  @BeforeEach
  void begin() {
    property = new TemporaryDirectoryProperty();
    property.set(base);
  }

  @AfterEach
  void end() {
    property.restore();
  }

  private static Path pathOf(PoolDirectory directory) {
    return directory.socket().getParent();
  }

  private static void age(Path path) throws IOException {
    Instant then = Instant.now().minus(Duration.ofHours(1));
    Files.setLastModifiedTime(path, FileTime.from(then));
  }

  @Test
  void onlyItsOwnerMayEnter() throws IOException {
    Path path = pathOf(PoolDirectory.create());

    assertThat(path).hasParent(base);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
        .isEqualTo("rwx------");
  }

  @Test
  void itGoesWithWhatIsInIt() throws IOException {
    PoolDirectory directory = PoolDirectory.create();
    Files.writeString(directory.file("a"), "x");
    directory.delete();
    directory.delete();

    assertThat(base).isEmptyDirectory();
  }

  @Test
  void aPathTooLongForASocketIsAvoided() throws IOException {
    Path deep = Files.createDirectory(base.resolve("d".repeat(120)));
    property.set(deep);
    PoolDirectory directory = PoolDirectory.create();
    try (ServerSocketChannel server = directory.listen()) {
      assertThat(server.isOpen()).isTrue();
      assertThat(deep).isEmptyDirectory();
    } finally {
      directory.delete();
    }
  }

  @Test
  void onlyOldDirectoriesWithoutAListenerAreStale() throws IOException {
    PoolDirectory stale = PoolDirectory.create();
    PoolDirectory young = PoolDirectory.create();
    PoolDirectory live = PoolDirectory.create();
    PoolDirectory own = PoolDirectory.create();
    PoolDirectory foreign = PoolDirectory.create();
    stale.listen().close();
    young.listen().close();
    try (ServerSocketChannel server = live.listen()) {
      age(pathOf(stale));
      age(pathOf(live));
      age(pathOf(own));
      age(pathOf(foreign));

      own.deleteStale();

      assertThat(server.isOpen()).isTrue();
      assertThat(pathOf(stale)).doesNotExist();
      assertThat(pathOf(young)).exists();
      assertThat(pathOf(live)).exists();
      assertThat(pathOf(own)).exists();
      assertThat(pathOf(foreign)).as("without a socket").exists();
    }
  }
}
