package dev.procpool.worker;

import dev.procpool.channel.WorkerChannel;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Ends this process when the pool is gone, whatever its tasks are doing: the pool's directory,
 * which nobody else would remove, the processes that tasks started, then the JVM itself.
 *
 * <p>Thread-safe.
 */
final class ParentWatch {

  private final Path socket;

  ParentWatch(Path socket) {
    this.socket = socket;
  }

  /** Ends the process, without shutdown hooks, which could hang. */
  void halt() {
    try {
      if (!WorkerChannel.isListening(socket)) {
        removeDirectory();
      }
      ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
    } finally {
      Runtime.getRuntime().halt(0);
    }
  }

  private void removeDirectory() {
    Path directory = socket.getParent();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(directory);
    } catch (IOException e) {
      // another worker of the same pool is removing it too, or has
    }
  }
}
