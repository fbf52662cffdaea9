package dev.procpool.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.folder.PoolMark;
import dev.procpool.protocol.PoolPlace;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerMainTest {

  @TempDir Path temporary;

  private static String run(List<String> options, String... words)
      throws IOException, InterruptedException {
    Process process = start(options);
    for (String word : words) {
      process.getOutputStream().write((word + "\n").getBytes(StandardCharsets.UTF_8));
    }
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    return output;
  }

  private static Process start(List<String> options) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(WorkerMain.class.getName());
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  @Test
  void aWorkerWhosePoolDiedBeforeItSaidAWordRemovesThePoolsDirectory() throws Exception {
    Path directory = marked("pool");
    assertThat(run(List.of("-D" + PoolPlace.PROPERTY + "=" + directory))).isEmpty();
    assertThat(directory).doesNotExist();
  }

  /** A process that ends closes one socket after the other, on a busy machine with long waits. */
  @Test
  void aPoolThatEndsSlowlyIsWaitedFor() throws Exception {
    Path directory = marked("pool");
    Path socket = directory.resolve(PoolPlace.SOCKET);
    ServerSocketChannel listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      listening.bind(UnixDomainSocketAddress.of(socket));
      Process worker = start(List.of("-D" + PoolPlace.PROPERTY + "=" + directory));
      worker.getOutputStream().close();
      listening.accept().close(); // it looks whether anybody listens
      assertThat(worker.waitFor(1, TimeUnit.SECONDS)).isFalse();
      listening.close();
      assertThat(worker.waitFor(1, TimeUnit.MINUTES)).isTrue();
    } finally {
      listening.close();
    }
    assertThat(directory).doesNotExist();
  }

  /** Another worker of the pool may have lost its arguments with the directory. */
  @Test
  void aWorkerWhosePoolDiedRemovesTheMemoryOfAllItsWorkers() throws Exception {
    Path directory = marked("pool");
    Path place = Files.createDirectory(temporary.resolve("place"));
    for (String worker : List.of("1", "2", "17")) {
      Files.createFile(place.resolve("procpool-memory-1a2b3c4d5e6f7-" + worker));
    }
    Path ofAnother = Files.createFile(place.resolve("procpool-memory-1a2b3c4d5e6f8-1"));
    Path longer = Files.createFile(place.resolve("procpool-memory-1a2b3c4d5e6f70-1"));
    List<Path> kept = new ArrayList<>(List.of(ofAnother, longer));
    for (int i = 100; i < 105; i++) { // what can't be removed, as other users' files, stops nothing
      kept.add(Files.createDirectory(place.resolve("procpool-memory-1a2b3c4d5e6f7-" + i)));
    }

    String printed =
        run(
            List.of("-D" + PoolPlace.PROPERTY + "=" + directory),
            directory.resolve(PoolPlace.SOCKET).toString(),
            place.resolve("procpool-memory-1a2b3c4d5e6f7-1").toString());

    assertThat(printed).isEmpty();
    assertThat(directory).doesNotExist();
    try (Stream<Path> left = Files.list(place)) {
      assertThat(left).containsExactlyInAnyOrderElementsOf(kept);
    }
  }

  @Test
  void whatIsNoPoolsDirectoryStays() throws Exception {
    Path unmarked = marked("unmarked");
    Files.delete(unmarked.resolve(PoolMark.FILE));
    Path entered = marked("entered");
    Files.setPosixFilePermissions(entered, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path linked = marked("linked");
    Path moved = Files.move(linked, temporary.resolve("moved"));
    Files.createSymbolicLink(linked, moved);
    for (Path named : List.of(unmarked, entered, linked)) {
      assertThat(run(List.of("-D" + PoolPlace.PROPERTY + "=" + named))).isEmpty();
      assertThat(named.resolve("arguments")).exists();
    }
  }

  private Path marked(String name) throws IOException {
    Path directory = temporary.resolve(name);
    PoolMark.makeFolder(
        directory,
        PoolPlace.SOCKET,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Files.writeString(directory.resolve("arguments"), "-cp");
    return directory;
  }

  @Test
  void itIsNotStartedByHand() throws Exception {
    assertThat(run(List.of())).contains("It is started by a pool, not by hand.");
  }
}
