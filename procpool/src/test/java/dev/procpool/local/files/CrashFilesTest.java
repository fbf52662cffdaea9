package dev.procpool.local.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.procpool.local.exit.CrashFile;
import dev.procpool.local.settings.SettingsFixture;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A crash file is one that the worker's JVM wrote, and overwrites nothing. */
@Timeout(60)
class CrashFilesTest {

  private static final long PID = 4_000_001;
  private static final long WORKER = 7;
  private static final String OPTION = "-XX:ErrorFile=";

  @TempDir Path base;

  private final TemporaryDirectoryProperty property = new TemporaryDirectoryProperty();
  private PoolDirectory directory;
  private Instant started;

  @BeforeEach
  void begin() throws IOException {
    property.set(Files.createDirectory(base.resolve("50%p")));
    directory = PoolDirectory.create();
    started = Instant.now();
  }

  @AfterEach
  void end() {
    directory.delete();
    property.restore();
  }

  private CrashFiles files(String... options) {
    return new CrashFiles(SettingsFixture.settings(options), directory);
  }

  /** Where a JVM would write it. */
  private static Path written(CrashFiles files) {
    String option = files.options(WORKER).get(0);
    assertThat(option).startsWith(OPTION).contains("50%%p");
    return Path.of(option.substring(OPTION.length()).replace("%%", "%"));
  }

  private Path place() {
    return directory.path().getParent();
  }

  @Test
  void itIsWrittenInThePoolsDirectoryAndMovedOut() throws IOException {
    CrashFiles files = files();
    Path file = written(files);
    assertThat(file).hasParentRaw(directory.path());
    assertThat(files.take(WORKER, PID, started)).isNull();
    Files.writeString(file, "#  SIGBUS (0x7)\n");

    CrashFile crash = files.take(WORKER, PID, started);

    assertThat(crash.path()).isEqualTo(place().resolve("hs_err_pid" + PID + ".log"));
    assertThat(crash.path()).hasContent("#  SIGBUS (0x7)\n");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(crash.path())))
        .isEqualTo("rw-------");
    assertThat(crash.signal()).contains("SIGBUS");
    assertThat(file).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"file", "link", "pipe", "folder"})
  void whatIsInItsPlaceStays(String kind) throws Exception {
    Path victim = Files.writeString(base.resolve("victim"), "precious");
    Path planted = place().resolve("hs_err_pid" + PID + ".log");
    switch (kind) {
      case "file" -> Files.writeString(planted, "#  SIGSEGV (0xb)\n");
      case "link" -> Files.createSymbolicLink(planted, victim);
      case "pipe" -> run("mkfifo", planted.toString());
      default -> Files.createDirectory(planted);
    }
    CrashFiles files = files();
    assertThat(files.take(WORKER, PID, started)).as("without a crash").isNull();
    Files.writeString(written(files), "#  SIGBUS (0x7)\n");

    CrashFile crash = files.take(WORKER, PID, started);

    assertThat(crash.signal()).contains("SIGBUS");
    assertThat(crash.path())
        .isNotEqualTo(planted)
        .hasParent(place())
        .hasContent("#  SIGBUS (0x7)\n");
    assertThat(victim).hasContent("precious");
    assertThat(Files.exists(planted, LinkOption.NOFOLLOW_LINKS)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"link", "pipe", "folder"})
  void whatIsNoFileIsNotRead(String kind) throws Exception {
    CrashFiles files = files();
    Path planted = written(files);
    switch (kind) {
      case "link" ->
          Files.createSymbolicLink(
              planted, Files.writeString(base.resolve("victim"), "#  SIGSEGV (0xb)\n"));
      case "pipe" -> run("mkfifo", planted.toString());
      default -> Files.createDirectory(planted);
    }
    assertThat(files.take(WORKER, PID, started)).isNull();
  }

  @Test
  void noMoreThanAJvmWritesIsKept() throws IOException {
    CrashFiles files = files();
    try (FileChannel file =
        FileChannel.open(written(files), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      file.write(java.nio.ByteBuffer.allocate(1), 1L << 32);
    }
    CrashFile crash = files.take(WORKER, PID, started);

    assertThat(crash.path()).hasSize(16 * 1024 * 1024);
  }

  @Test
  void theUsersOptionWins() throws IOException {
    CrashFiles files = files("-Xmx1g", OPTION + "other", OPTION + base.resolve("crash-%p-%%"));
    assertThat(files.options(WORKER)).isEmpty();
    Path file = Files.writeString(base.resolve("crash-" + PID + "-%"), "# A fatal error\n");

    CrashFile crash = files.take(WORKER, PID, started);

    assertThat(crash.path()).isEqualTo(file).exists();
    assertThat(crash.summary()).containsExactly("# A fatal error");
    Files.setLastModifiedTime(file, FileTime.from(started.minusSeconds(60)));
    assertThat(files.take(WORKER, PID, started)).as("of an earlier process").isNull();
  }

  @Test
  void anotherUsersFileIsNotBelieved() throws Exception {
    assumeTrue("root".equals(Files.getOwner(base).getName()), "only root can act as another user");
    CrashFiles files = files(OPTION + base.resolve("crash-%p"));
    Path file = Files.writeString(base.resolve("crash-" + PID), "#  SIGSEGV (0xb)\n");
    run("chown", "54321", file.toString());

    assertThat(files.take(WORKER, PID, started)).isNull();
  }

  private static void run(String... command) throws IOException, InterruptedException {
    assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
  }
}
