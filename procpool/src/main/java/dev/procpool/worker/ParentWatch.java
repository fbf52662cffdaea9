package dev.procpool.worker;

import dev.procpool.channel.WorkerChannel;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/**
 * Ends this process when the pool is gone, whatever its tasks are doing: the pool's directory,
 * which nobody else would remove, the processes that tasks started, then the JVM itself.
 *
 * <p>Thread-safe.
 */
final class ParentWatch {

  private static final long CLOSING_NANOS = 500_000_000;
  private static final long POLL_NANOS = 5_000_000;

  private final Path socket;

  ParentWatch(Path socket) {
    this.socket = socket;
  }

  /** Ends the process, without shutdown hooks, which could hang. */
  void halt() {
    try {
      ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
      if (isPoolGone()) {
        removeDirectory();
      }
    } finally {
      Runtime.getRuntime().halt(0);
    }
  }

  /** A process that ends closes its sockets one by one: the pool may listen for a moment more. */
  private boolean isPoolGone() {
    long deadline = System.nanoTime() + CLOSING_NANOS;
    while (WorkerChannel.isListening(socket)) {
      if (System.nanoTime() - deadline > 0) {
        return false; // it lives, and has only given this worker up
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
    return true;
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
