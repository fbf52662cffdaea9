package dev.procpool.local.fleet;

import dev.procpool.local.files.MemoryFiles;
import dev.procpool.local.files.PoolDirectory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Who removes the pool's directory should the program end now.
 *
 * <pre>
 * no worker has a process    the program, at its end
 * some have                  the last of them, once it sees that the program is gone
 * they are being ended       the program: none may live to see that
 * </pre>
 *
 * <p>A program that is ending already takes no more orders for its end. Then the directory goes
 * before the workers do; but it stays if the only worker dies: another may be started in its place.
 * If none is, the next pool removes it.
 *
 * <p>Owned by the engine's thread.
 */
final class Custody {

  private final PoolDirectory directory;
  private final MemoryFiles memoryFiles;
  private final Roster roster;
  private boolean isEnding;

  Custody(PoolDirectory directory, MemoryFiles memoryFiles, Roster roster) {
    this.directory = directory;
    this.memoryFiles = memoryFiles;
    this.roster = roster;
  }

  /** A worker has a process, which was told of the directory. */
  void launched() {
    directory.handOver();
  }

  /** Looks whether a worker is left that would remove it; once a round, and after each end. */
  void look() {
    if (!isEnding && !roster.hasProcess()) {
      directory.takeBack();
    }
  }

  /**
   * The workers are about to end. Where there is no memory for this, the next pool removes what may
   * be left.
   */
  void ending() {
    if (isEnding) {
      return;
    }
    isEnding = true;
    try {
      List<Path> memories = new ArrayList<>();
      for (Worker worker : roster.all()) { // the first stream of a JVM takes long
        memories.add(memoryFiles.first(worker.id())); // of one that starts
      }
      directory.takeBackForGood(memories);
    } catch (OutOfMemoryError e) {
      // nothing may keep the pool from its end
    }
  }
}
