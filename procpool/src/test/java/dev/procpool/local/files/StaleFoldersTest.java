package dev.procpool.local.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.procpool.channel.WorkerChannel;
import java.io.IOException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nobody gets a pool to remove what is not a pool's of its own user. */
class StaleFoldersTest {

  private static final String MARK = "made-by";

  @TempDir Path base;

  private final TemporaryDirectoryProperty property = new TemporaryDirectoryProperty();
  private PoolDirectory own;

  @BeforeEach
  void begin() throws IOException {
    assumeTrue(Files.exists(Path.of("/proc/self/ns/pid")), "no /proc here");
    property.set(base);
    own = PoolDirectory.create();
  }

  @AfterEach
  void end() {
    property.restore();
  }

  private static Path closed(Path folder) throws IOException {
    return Files.createDirectory(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }

  private static void age(Path path) throws IOException {
    Files.setLastModifiedTime(path, FileTime.from(Instant.now().minus(Duration.ofHours(1))));
  }

  /** A mark that says that a dead process has made a folder of this name. */
  private String deadMark(String name) throws IOException {
    return Files.readString(own.file(MARK))
        .replace(own.path().getFileName().toString(), name)
        .replaceFirst("\\d+\n$", "1\n");
  }

  private Path left(String name) throws IOException {
    Path folder = closed(base.resolve(name));
    Files.writeString(folder.resolve(MARK), deadMark(name));
    Files.writeString(folder.resolve("jvm.args"), "-Xmx1g");
    return folder;
  }

  @Test
  void whatADeadPoolLeftGoes() throws IOException {
    Path left = left("procpool-left");
    Path deep = left;
    for (int i = 0; i < 300; i++) {
      deep = Files.createDirectory(deep.resolve("d"));
      Files.writeString(deep.resolve("f"), "x");
    }
    own.deleteStale();

    assertThat(left).doesNotExist();
    assertThat(own.path()).exists();
  }

  @Test
  void aUsersOwnFolderWithSuchANameStays() throws IOException {
    Path folder = closed(base.resolve("procpool-results"));
    Files.writeString(Files.createDirectory(folder.resolve("s")).resolve("result"), "x");
    Path sockets = closed(base.resolve("procpool-sockets"));
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(sockets.resolve("s")));
    }
    Path empty = closed(base.resolve("procpool-empty"));
    List<Path> kept = List.of(folder, sockets, empty);
    for (Path path : kept) {
      age(path);
    }
    own.deleteStale();

    assertThat(kept).allSatisfy(path -> assertThat(path).exists());
    assertThat(folder.resolve("s/result")).exists();
  }

  @Test
  void whatAPoolLeftThatWasKilledBeforeItsMarkGoesIfItIsEmpty() throws IOException {
    List<Path> gone = new ArrayList<>();
    List<Path> kept = new ArrayList<>();
    gone.add(closed(base.resolve("procpool-1a2b3c4d5e6f7")));
    gone.add(closed(base.resolve("procpool-1a2b3c4d5e6f8")));
    Files.createFile(gone.get(1).resolve(MARK));
    kept.add(closed(base.resolve("procpool-1a2b3c4d5e6f9")));
    Files.createFile(kept.get(0).resolve("file"));
    gone.forEach(StaleFoldersTest::mustAge);
    kept.forEach(StaleFoldersTest::mustAge);
    kept.add(closed(base.resolve("procpool-1a2b3c4d5e6fa"))); // may be just being made

    own.deleteStale();

    assertThat(gone).allSatisfy(path -> assertThat(path).doesNotExist());
    assertThat(kept).allSatisfy(path -> assertThat(path).exists());
  }

  private static void mustAge(Path path) {
    try {
      age(path);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** A shared place may hold live pools of other machines, whose processes nobody sees here. */
  @Test
  void whatOtherMachinesPoolsHaveStays() throws IOException {
    Path other = left("procpool-other");
    String mark = Files.readString(other.resolve(MARK));
    String boot = Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
    String host = mark.split("\n", -1)[1];
    assumeTrue(!host.isEmpty(), "no /etc/machine-id here");
    Path before = left("procpool-before");
    String earlier = mark.replace(boot, "00000000-0000-0000-0000-000000000000");
    Files.writeString(before.resolve(MARK), earlier.replace("procpool-other", "procpool-before"));
    Files.writeString(other.resolve(MARK), earlier.replace(host, "0123456789abcdef elsewhere"));
    Path unknown = left("procpool-unknown");
    Files.writeString(
        unknown.resolve(MARK), earlier.replace(host, "").replace("-other", "-unknown"));
    age(other);
    age(unknown);

    own.deleteStale();

    assertThat(other).exists();
    assertThat(unknown).exists();
    assertThat(before).as("from before this machine was started").doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"pipe", "folder", "link"})
  @Timeout(60)
  void whatLooksLikeAMarkAndIsNoneIsNotOpened(String kind) throws Exception {
    Path folder = left("procpool-odd");
    Path mark = folder.resolve(MARK);
    Path moved = Files.move(mark, base.resolve("mark"));
    switch (kind) {
      case "pipe" -> run("mkfifo", mark.toString());
      case "folder" -> Files.createDirectory(mark);
      default -> Files.createSymbolicLink(mark, moved);
    }
    age(folder);

    own.deleteStale();

    assertThat(folder.resolve("jvm.args")).exists();
  }

  @Test
  @Timeout(60)
  void aSocketWithAFullQueueHoldsNobodyUp() throws IOException {
    Path folder = left("procpool-busy");
    Path mark = folder.resolve(MARK);
    Files.writeString(mark, Files.readString(mark).replaceFirst("pid:\\[\\d+]", "pid:[1]"));
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve("s"));
    List<SocketChannel> waiting = new ArrayList<>();
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(address, 1);
      while (connects(address, waiting)) {
        // until no more can wait
      }
      age(folder);

      own.deleteStale();

      assertThat(folder).exists();
      assertThat(WorkerChannel.isListening(address.getPath())).isTrue();
    } finally {
      for (SocketChannel channel : waiting) {
        channel.close();
      }
    }
  }

  private static boolean connects(UnixDomainSocketAddress address, List<SocketChannel> waiting)
      throws IOException {
    SocketChannel next = SocketChannel.open(StandardProtocolFamily.UNIX);
    waiting.add(next);
    next.configureBlocking(false);
    try {
      return next.connect(address);
    } catch (SocketException e) {
      return false; // "temporarily unavailable"
    }
  }

  private static void run(String... command) throws IOException, InterruptedException {
    assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
  }
}
