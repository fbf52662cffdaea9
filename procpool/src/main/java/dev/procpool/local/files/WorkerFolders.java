package dev.procpool.local.files;

import dev.procpool.folder.FolderRemoval;
import dev.procpool.folder.PoolMark;
import dev.procpool.local.settings.PoolSettings;
import dev.procpool.protocol.PoolPlace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The folders for temporary files, one for each worker process, so that what it leaves goes with
 * it, however it ends. They are in the pool's directory, or in a folder of the pool's own where the
 * user wants them.
 *
 * <p>Thread-safe.
 */
public final class WorkerFolders {

  private static final String PREFIX = "procpool.";
  private static final String EACH = "tmp-";

  /** Null if the sandbox has a place for temporary files, which is another for each worker. */
  private final @Nullable Path base;

  /** What was given for them; null if they are in the pool's directory. */
  private final @Nullable Path parent;

  /** Which folder the base is, whatever its path means later. */
  private final @Nullable Object key;

  private WorkerFolders(@Nullable Path base, @Nullable Path parent, @Nullable Object key) {
    this.base = base;
    this.parent = parent;
    this.key = key;
  }

  /**
   * Makes the place for them.
   *
   * @throws IOException if it can't be made
   */
  public static WorkerFolders create(PoolSettings settings, PoolDirectory directory)
      throws IOException {
    if (settings.isBoxed()) {
      return new WorkerFolders(null, null, null);
    }
    Path parent = settings.jvm().workerTemp();
    if (parent == null) {
      return new WorkerFolders(directory.path(), null, directory.key());
    }
    Path base = parent.resolve(PREFIX + directory.secret());
    PoolMark.makeFolder(base, directory.socket().toString(), PoolDirectory.ownerOnly());
    return new WorkerFolders(base, parent, FolderRemoval.key(base));
  }

  /** Options for all workers. */
  public List<String> options() {
    return parent == null ? List.of() : List.of("-D" + PoolPlace.WORKER_TEMP + "=" + base);
  }

  /**
   * Makes a worker's folder.
   *
   * @return the options of its JVM that name it
   * @throws IOException if it can't be made
   */
  public List<String> make(long worker) throws IOException {
    if (base == null) {
      return List.of();
    }
    Path folder = base.resolve(EACH + worker);
    Files.createDirectory(folder, PoolDirectory.ownerOnly());
    return List.of("-Djava.io.tmpdir=" + folder);
  }

  /** Removes a worker's folder, if there is one. Takes as long as there are files in it. */
  public void remove(long worker) {
    if (base != null) {
      FolderRemoval.removeWithin(base, key, EACH + worker);
    }
  }

  /** Removes them all. */
  public void close() {
    if (parent != null && base != null) {
      FolderRemoval.remove(base, key);
    }
  }

  /** Removes those of pools that were killed together with all their workers. */
  public void deleteStale() {
    if (parent != null && base != null) {
      StaleFolders.removeBeside(base, PREFIX);
    }
  }
}
