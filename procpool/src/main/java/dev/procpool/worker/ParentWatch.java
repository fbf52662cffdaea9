package dev.procpool.worker;

import dev.procpool.channel.WorkerChannel;
import dev.procpool.folder.FolderRemoval;
import dev.procpool.folder.MarkedFolder;
import dev.procpool.guard.DescriptorReserve;
import dev.procpool.process.MarkedProcesses;
import dev.procpool.protocol.PoolPlace;
import dev.procpool.time.AwakeClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Ends this process when the pool is gone, whatever its tasks are doing: the pool's directory,
 * which nobody else would remove, the processes that tasks started, then the JVM itself.
 *
 * <p>It keeps a few descriptors for that, as tasks may have taken all others. Thread-safe.
 */
final class ParentWatch {

  /** The folder of the workers' temporary files, if not in that directory; as it was at first. */
  private static final @Nullable String TEMPORARY = System.getProperty(PoolPlace.WORKER_TEMP);

  /** On a machine with much to do, a process that ends may wait seconds in the midst of it. */
  private static final long CLOSING_NANOS = 10_000_000_000L;

  private static final long POLL_NANOS = 5_000_000;

  /** How the JDK names the threads that wait for processes. */
  private static final String REAPER = "process reaper";

  /** A worker is to be gone within a second of its pool. */
  private static final long CHILDREN_NANOS = 200_000_000;

  private final DescriptorReserve reserve = new DescriptorReserve();
  private final Path socket;
  private final Path memory;

  /**
   * Makes a watch.
   *
   * @param socket where the pool listens, in its directory
   * @param memory the file of the shared memory, which the pool removes unless it dies early
   */
  ParentWatch(Path socket, Path memory) {
    this.socket = socket;
    this.memory = memory;
  }

  /** Ends the process, without shutdown hooks, which could hang. */
  void halt() {
    halt(0);
  }

  /** Ends the process with a status, which the pool sees if it lives. */
  void halt(int status) {
    try {
      reserve.release();
      MarkedProcesses.endOwn(CHILDREN_NANOS);
      if (isPoolGone()) {
        removeDirectory();
      }
    } finally {
      Runtime.getRuntime().halt(status);
    }
  }

  /** A process that ends closes its sockets one by one: the pool may listen for a moment more. */
  private boolean isPoolGone() {
    AwakeClock clock = new AwakeClock();
    long deadline = clock.now() + CLOSING_NANOS;
    while (WorkerChannel.isListening(socket)) {
      if (clock.now() - deadline > 0) {
        return false; // it lives, and has only given this worker up
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
    return true;
  }

  /**
   * Removes the file of the shared memory, which stays mapped: for the end in good order, which may
   * take the JVM long, and the pool may die meanwhile.
   */
  void removeMemory() {
    try {
      Files.deleteIfExists(memory);
    } catch (IOException e) {
      // the pool removes it, or the next one on this machine
    }
  }

  /**
   * Removes the files of other workers, too: one that has not read its arguments yet, which go with
   * the pool's directory, would end without having learnt the name of its own.
   */
  private void removeMemories() {
    removeMemory();
    Path place = memory.getParent();
    String name = String.valueOf(memory.getFileName());
    String ofPool = name.substring(0, name.lastIndexOf('-') + 1); // the rest is the worker's number
    if (place != null && ofPool.startsWith(PoolPlace.MEMORY)) { // if it was told of one
      FolderRemoval.removeFiles(place, ofPool);
    }
  }

  /**
   * Ends, before an end in good order, what tasks have started and nobody would find afterwards. A
   * worker that has started nothing loads no class for this.
   */
  void endUnmarked() {
    if (hasReaper()) {
      reserve.release();
      MarkedProcesses.endUnmarked(CHILDREN_NANOS);
    }
  }

  /**
   * Tells whether a thread of the JDK waits for the end of a process that was started here, or has
   * until a minute ago. To ask the system would take each worker milliseconds at its end.
   */
  private static boolean hasReaper() {
    ThreadGroup all = Thread.currentThread().getThreadGroup();
    while (all.getParent() != null) {
      all = all.getParent();
    }
    Thread[] threads = new Thread[2 * all.activeCount() + 16];
    int count = all.enumerate(threads);
    for (int i = 0; i < count; i++) {
      if (threads[i].getName().startsWith(REAPER)) {
        return true;
      }
    }
    return count == threads.length;
  }

  private void removeDirectory() {
    removeMemories();
    MarkedFolder.remove(Objects.requireNonNull(socket.getParent())); // as other workers do, too
    if (TEMPORARY != null) {
      MarkedFolder.remove(Path.of(TEMPORARY));
    }
  }
}
