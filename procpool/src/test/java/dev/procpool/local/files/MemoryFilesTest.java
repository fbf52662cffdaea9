package dev.procpool.local.files;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the memory shared with workers is, if the place for it can't be used. */
class MemoryFilesTest {

  private static final Logger LOG = Logger.getLogger("dev.procpool");

  @TempDir Path base;

  private final TemporaryDirectoryProperty property = new TemporaryDirectoryProperty();
  private final List<String> said = new ArrayList<>();
  private final AtomicBoolean hasSaid = new AtomicBoolean();
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord record) {
          said.add(record.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  private PoolDirectory directory;

  @BeforeEach
  void begin() throws IOException {
    property.set(base);
    directory = PoolDirectory.create();
    LOG.addHandler(handler);
  }

  @AfterEach
  void end() {
    LOG.removeHandler(handler);
    System.clearProperty(MemoryFiles.PROPERTY);
    directory.delete();
    property.restore();
  }

  private MemoryFiles filesIn(Path preferred) {
    System.setProperty(MemoryFiles.PROPERTY, preferred.toString());
    return new MemoryFiles(directory, hasSaid);
  }

  @Test
  void theyAreInTheDirectoryThatIsNamed() throws IOException {
    Path named = Files.createDirectory(base.resolve("named"));

    MemoryFiles.Named made = filesIn(named).create(1);

    assertThat(made.file()).hasParent(named);
    assertThat(said).isEmpty();
    made.unlink();
    assertThat(named).isEmptyDirectory();
  }

  @Test
  void aDirectoryThatIsMissingIsNamedOnce() throws IOException {
    Path missing = base.resolve("missing");

    for (int worker = 1; worker <= 3; worker++) {
      MemoryFiles.Named made = filesIn(missing).create(worker);

      assertThat(made.file()).hasParent(directory.file(PoolDirectory.SECLUDED));
      made.unlink();
    }

    assertThat(said).singleElement().asString().contains(missing.toString());
    assertThat(missing).doesNotExist();
  }

  @Test
  void whatIsNoDirectoryIsNamedOnce() throws IOException {
    Path file = Files.createFile(base.resolve("file"));

    MemoryFiles.Named made = filesIn(file).create(1);

    assertThat(made.file()).hasParent(directory.file(PoolDirectory.SECLUDED));
    assertThat(said).singleElement().asString().contains(file.toString());
  }

  @Test
  void atTheProgramsEndTheyGoWithTheDirectoryAndNoneIsMadeAnyMore() throws IOException {
    Path named = Files.createDirectory(base.resolve("named"));
    MemoryFiles files = filesIn(named);
    files.create(1);

    directory.run();

    assertThat(named).isEmptyDirectory();
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> files.create(2))
        .withMessageContaining("the program ends");
    assertThat(named).isEmptyDirectory();
    assertThat(said).isEmpty();
  }

  @Test
  void onlyOldFilesOfPoolsAreStale() throws IOException {
    Path place = Files.createDirectory(base.resolve("place"));
    MemoryFiles files = filesIn(place);
    Path stale = files.create(1).file();
    List<Path> kept = new ArrayList<>();
    kept.add(Files.move(files.create(2).file(), place.resolve("procpool-memory-of-last-year")));
    kept.add(Files.createDirectory(place.resolve("procpool-memory-1a2b3c4d5e6f7-1")));
    kept.add(
        Files.setPosixFilePermissions(
            files.create(3).file(), PosixFilePermissions.fromString("rw-r--r--")));
    kept.add(files.create(4).file());
    Files.write(kept.get(3), new byte[1], StandardOpenOption.APPEND); // longer than any
    kept.add(Files.createSymbolicLink(place.resolve("procpool-memory-1a2b3c4d5e6f7-2"), stale));
    for (Path path : List.of(stale, kept.get(0), kept.get(1), kept.get(2), kept.get(3))) {
      Files.setLastModifiedTime(path, FileTime.fromMillis(0));
    }
    Path young = files.create(5).file();

    files.deleteStale();

    assertThat(stale).doesNotExist();
    assertThat(young).exists();
    assertThat(kept).allSatisfy(path -> assertThat(Files.exists(path, NOFOLLOW_LINKS)).isTrue());
  }
}
