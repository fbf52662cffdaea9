package dev.procpool.local.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The cache folder of archives. */
class ArchiveFolderTest {

  private static final int BYTES = 1000;

  @TempDir Path parent;

  private final AtomicInteger made = new AtomicInteger();

  private ArchiveFolder folder() {
    return new ArchiveFolder(path(), 3 * BYTES);
  }

  private Path path() {
    return parent.resolve("cache");
  }

  private boolean write(Path file) throws IOException {
    made.incrementAndGet();
    Files.write(file, new byte[BYTES - 16]); // its seal is the rest
    return true;
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(path())) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private void age(String name, Duration age) throws IOException {
    Files.setLastModifiedTime(path().resolve(name), FileTime.from(Instant.now().minus(age)));
  }

  @Test
  void whatWasMadeIsThereAndNotMadeAgain() throws Exception {
    assertThat(folder().has("a")).isFalse();
    folder().make("a", this::write);
    folder().make("a", this::write);
    assertThat(folder().has("a")).isTrue();
    assertThat(made).hasValue(1);
    assertThat(files()).containsExactly("a.jsa", "lock");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path())))
        .isEqualTo("rwx------");
  }

  @Test
  void whatWasUsedLongestAgoGoesWhenThereIsTooMuch() throws Exception {
    for (String key : List.of("a", "b", "c")) {
      folder().make(key, this::write);
    }
    age("a.jsa", Duration.ofDays(3));
    age("b.jsa", Duration.ofDays(4));
    Files.createFile(path().resolve("x-1.part"));
    age("x-1.part", Duration.ofDays(2));
    folder().make("d", this::write);
    assertThat(files()).containsExactly("a.jsa", "c.jsa", "d.jsa", "lock");
    folder().touch("a");
    age("c.jsa", Duration.ofHours(1));
    folder().make("e", this::write);
    assertThat(files()).containsExactly("a.jsa", "d.jsa", "e.jsa", "lock");
  }

  @Test
  void whatIsDamagedIsRemoved() throws Exception {
    folder().make("a", this::write);
    assertThat(folder().isIntact("a")).isTrue();
    byte[] bytes = Files.readAllBytes(folder().archive("a"));
    bytes[BYTES / 2] ^= 1;
    Files.write(folder().archive("a"), bytes);
    assertThat(folder().isIntact("a")).isFalse();
    assertThat(folder().has("a")).isFalse();
    folder().make("b", this::write);
    Files.write(folder().archive("b"), new byte[3]);
    assertThat(folder().isIntact("b")).isFalse();
    assertThat(folder().isIntact("c")).isFalse();
  }

  @Test
  void oneIsMadeAtATime() throws Exception {
    folder()
        .make(
            "a",
            file -> {
              folder().make("a", this::write);
              folder().make("b", this::write);
              return write(file);
            });
    assertThat(made).hasValue(1);
    assertThat(files()).containsExactly("a.jsa", "lock");
  }

  @Test
  void whatFailsIsNotTriedAgainForADay() throws Exception {
    folder().make("a", file -> made.incrementAndGet() > 0);
    folder().make("a", this::write);
    assertThat(made).hasValue(1);
    age("a.failed", Duration.ofDays(2));
    folder().make("a", this::write);
    assertThat(folder().has("a")).isTrue();
    folder().distrust("a");
    folder().make("a", this::write);
    assertThat(folder().has("a")).isFalse();
    assertThat(made).hasValue(2);
  }

  @Test
  void whatIsCutShortIsTriedAgain() throws Exception {
    folder()
        .make(
            "a",
            file -> {
              write(file);
              return false;
            });
    assertThat(folder().has("a")).isFalse();
    assertThat(folder().wasCut("a")).isTrue();
    folder().make("a", this::write);
    assertThat(folder().has("a")).isTrue();
    assertThat(files()).containsExactly("a.jsa", "lock");
  }

  @Test
  void aFolderOpenToOthersIsNotUsed() throws Exception {
    folder().make("a", this::write);
    Files.setPosixFilePermissions(path(), PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThat(folder().has("a")).isFalse();
    folder().make("b", this::write);
    assertThat(made).hasValue(1);
  }

  @Test
  void aFolderThatCanNotBeMadeIsHarmless() throws Exception {
    Path file = Files.createFile(parent.resolve("file"));
    ArchiveFolder folder = new ArchiveFolder(file.resolve("cache"), BYTES);
    folder.make("a", this::write);
    folder.distrust("a");
    folder.touch("a");
    assertThat(folder.has("a")).isFalse();
    assertThat(made).hasValue(0);
  }
}
