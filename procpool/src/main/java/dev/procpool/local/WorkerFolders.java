package dev.procpool.local;

import dev.procpool.channel.WorkerChannel;
import dev.procpool.protocol.FolderRemoval;
import dev.procpool.protocol.PoolPlace;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The folders for temporary files, one for each worker process, so that what it leaves goes with
 * it, however it ends. They are in the pool's directory, or in a folder of the pool's own where the
 * user wants them.
 *
 * <p>Thread-safe.
 */
final class WorkerFolders {

  private static final String PREFIX = "procpool.";
  private static final String EACH = "tmp-";

  /** In a folder of a pool's own: where that pool has its directory. */
  private static final String OWNER = "pool";

  /** One this young may be just being made. */
  private static final Duration MIN_STALE_AGE = Duration.ofMinutes(1);

  private final PoolDirectory directory;

  /** Null if the sandbox has a place for temporary files, which is another for each worker. */
  private final @Nullable Path base;

  /** What was given for them; null if they are in the pool's directory. */
  private final @Nullable Path parent;

  private WorkerFolders(PoolDirectory directory, @Nullable Path base, @Nullable Path parent) {
    this.directory = directory;
    this.base = base;
    this.parent = parent;
  }

  /**
   * Makes the place for them.
   *
   * @throws IOException if it can't be made
   */
  static WorkerFolders create(PoolSettings settings, PoolDirectory directory) throws IOException {
    Sandbox sandbox = settings.sandbox();
    if (sandbox != null && sandbox.hasOwnTemporaryFolder()) {
      return new WorkerFolders(directory, null, null);
    }
    Path parent = settings.workerTemp();
    if (parent == null) {
      return new WorkerFolders(directory, directory.path(), null);
    }
    Path base = parent.resolve(PREFIX + directory.secret());
    Files.createDirectory(base, PoolDirectory.ownerOnly());
    Files.writeString(base.resolve(OWNER), directory.path().toString());
    return new WorkerFolders(directory, base, parent);
  }

  /** Options for all workers. */
  List<String> options() {
    return parent == null ? List.of() : List.of("-D" + PoolPlace.WORKER_TEMP + "=" + base);
  }

  /**
   * Makes a worker's folder.
   *
   * @return the options of its JVM that name it
   * @throws IOException if it can't be made
   */
  List<String> make(long worker) throws IOException {
    if (base == null) {
      return List.of();
    }
    Path folder = base.resolve(EACH + worker);
    Files.createDirectory(folder, PoolDirectory.ownerOnly());
    return List.of("-Djava.io.tmpdir=" + folder);
  }

  /** Removes a worker's folder, if there is one. Takes as long as there are files in it. */
  void remove(long worker) {
    if (base != null) {
      FolderRemoval.remove(base.resolve(EACH + worker));
    }
  }

  /** Removes them all. */
  void close() {
    if (parent != null && base != null) {
      FolderRemoval.remove(base);
    }
  }

  /** Removes those of pools that were killed together with all their workers. */
  void deleteStale() {
    if (parent == null) {
      return;
    }
    List<Path> stale = new ArrayList<>();
    try (DirectoryStream<Path> candidates = Files.newDirectoryStream(parent, PREFIX + "*")) {
      for (Path candidate : candidates) {
        if (!candidate.equals(base) && isStale(candidate)) {
          stale.add(candidate);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // not readable, or changing under our eyes: the next pool will try again
    }
    stale.forEach(FolderRemoval::remove);
  }

  private boolean isStale(Path candidate) {
    try {
      Path owner = candidate.resolve(OWNER);
      boolean isOurs =
          Files.isDirectory(candidate, LinkOption.NOFOLLOW_LINKS)
              && Files.isRegularFile(owner, LinkOption.NOFOLLOW_LINKS)
              && Files.getOwner(candidate).equals(Files.getOwner(directory.path()));
      return isOurs
          && Files.getLastModifiedTime(owner)
              .toInstant()
              .isBefore(Instant.now().minus(MIN_STALE_AGE))
          && !WorkerChannel.isListening(Path.of(Files.readString(owner)).resolve(PoolPlace.SOCKET));
    } catch (IOException | RuntimeException e) {
      return false; // gone meanwhile
    }
  }
}
