package dev.procpool.local.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.procpool.folder.PoolMark;
import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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

  /** As one is seen from another container on this machine. */
  private static void fromAnotherContainer(Path directory) throws IOException {
    Path mark = directory.resolve(PoolMark.FILE);
    Files.writeString(mark, Files.readString(mark).replaceFirst("pid:\\[\\d+]", "pid:[1]"));
  }

  @Test
  void ofOtherContainersOnlyOldOnesWithoutAListenerAreStale() throws IOException {
    assumeTrue(Files.exists(Path.of("/proc/self/ns/pid")), "no /proc here");
    PoolDirectory stale = PoolDirectory.create();
    PoolDirectory young = PoolDirectory.create();
    PoolDirectory live = PoolDirectory.create();
    PoolDirectory own = PoolDirectory.create();
    PoolDirectory unheard = PoolDirectory.create();
    stale.listen().close();
    young.listen().close();
    for (PoolDirectory directory : List.of(stale, young, live, unheard)) {
      fromAnotherContainer(pathOf(directory));
    }
    try (ServerSocketChannel server = live.listen()) {
      age(pathOf(stale));
      age(pathOf(live));
      age(pathOf(own));
      age(pathOf(unheard));

      own.deleteStale();

      assertThat(server.isOpen()).isTrue();
      assertThat(pathOf(stale)).doesNotExist();
      assertThat(pathOf(young)).exists();
      assertThat(pathOf(live)).exists();
      assertThat(pathOf(own)).exists();
      assertThat(pathOf(unheard)).as("without a socket").exists();
    }
  }

  /** Makes a directory, as a pool does first, and is killed before it has a socket. */
  static final class Killed {
    public static void main(String[] args) throws IOException {
      System.out.println(pathOf(PoolDirectory.create()));
      Runtime.getRuntime().halt(1);
    }
  }

  private Path leftByKilledPool() throws IOException, InterruptedException {
    Process killed =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "-Djava.io.tmpdir=" + base,
                Killed.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String path = new String(killed.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(killed.waitFor()).isEqualTo(1);
    return Path.of(path.strip());
  }

  @Test
  void whatAPoolLeftThatWasKilledBeforeItListenedIsStale() throws Exception {
    assumeTrue(Files.exists(Path.of("/proc/self/ns/pid")), "no /proc here");
    PoolDirectory own = PoolDirectory.create();
    Path left = leftByKilledPool();
    Files.writeString(left.resolve("jvm.args"), "-Xmx1g");
    own.deleteStale();

    assertThat(left).doesNotExist();
    assertThat(pathOf(own)).exists();
  }

  @Test
  void whatIsNotProvablyLeftByADeadPoolStays() throws Exception {
    assumeTrue(Files.exists(Path.of("/proc/self/ns/pid")), "no /proc here");
    PoolDirectory own = PoolDirectory.create();
    Path living = pathOf(PoolDirectory.create());
    Path entered = leftByKilledPool();
    Files.setPosixFilePermissions(entered, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path elsewhere = leftByKilledPool();
    fromAnotherContainer(elsewhere);
    Path copied = leftByKilledPool();
    Path copy = base.resolve("procpool-copy");
    Files.createDirectory(
        copy, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Files.copy(copied.resolve(PoolMark.FILE), copy.resolve(PoolMark.FILE));
    Path linked = leftByKilledPool();
    Path linkTarget = Files.move(linked, base.resolve("elsewhere"));
    Files.createSymbolicLink(linked, linkTarget);
    Path linkedMark = leftByKilledPool();
    Path movedMark = base.resolve("mark");
    Files.move(linkedMark.resolve(PoolMark.FILE), movedMark);
    Files.createSymbolicLink(linkedMark.resolve(PoolMark.FILE), movedMark);
    Path unmarked = leftByKilledPool();
    Files.move(unmarked.resolve(PoolMark.FILE), unmarked.resolve("file"));
    Path garbled = leftByKilledPool();
    Files.writeString(garbled.resolve(PoolMark.FILE), "procpool directory\n1\n2\n");
    List<Path> kept =
        List.of(living, entered, elsewhere, copy, linkTarget, linkedMark, unmarked, garbled);
    for (Path path : kept) {
      age(path);
    }

    own.deleteStale();

    assertThat(kept).allSatisfy(path -> assertThat(path).exists());
    assertThat(linked).isSymbolicLink();
  }

  /** The number may be another process's by now. */
  @Test
  void aLaterProcessOfTheSameNumberIsAnother() throws Exception {
    assumeTrue(Files.exists(Path.of("/proc/self/ns/pid")), "no /proc here");
    PoolDirectory own = PoolDirectory.create();
    Path earlier = pathOf(PoolDirectory.create());
    Path mark = earlier.resolve(PoolMark.FILE);
    Files.writeString(mark, Files.readString(mark).replaceFirst("\\d+\n$", "1\n"));
    age(earlier);

    own.deleteStale();

    assertThat(earlier).doesNotExist();
  }
}
