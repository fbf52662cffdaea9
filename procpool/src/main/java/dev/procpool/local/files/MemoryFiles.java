package dev.procpool.local.files;

import dev.procpool.channel.WorkerMemory;
import dev.procpool.folder.FolderHandle;
import dev.procpool.folder.PoolMark;
import dev.procpool.guard.SafeLog;
import dev.procpool.protocol.PoolPlace;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Where the memory shared with workers has its name until both sides have it: in {@code /dev/shm},
 * which never touches a disk, or, where that is missing, full or closed to us, in the pool's
 * directory.
 *
 * <p>Thread-safe.
 */
public final class MemoryFiles {

  /** The system property that names another directory to try first. */
  public static final String PROPERTY = "procpool.sharedMemory";

  /** A name lives as long as its worker takes to start; a pool waits for that a minute. */
  private static final Duration STALE_AGE = Duration.ofMinutes(5);

  /** Whether this JVM has said that it can't use the directory. */
  private static final AtomicBoolean SAID = new AtomicBoolean();

  private final Path preferred;
  private final PoolDirectory directory;
  private final AtomicBoolean said;

  public MemoryFiles(PoolDirectory directory) {
    this(directory, SAID);
  }

  public MemoryFiles(PoolDirectory directory, AtomicBoolean said) {
    this.preferred = folder();
    this.directory = directory;
    this.said = said;
  }

  /** Where memory shared with workers is, if there is room. */
  public static Path folder() {
    return Path.of(System.getProperty(PROPERTY, "/dev/shm"));
  }

  /** A worker's memory and the file to open it by. */
  public record Named(WorkerMemory memory, Path file) {

    /** Takes the name away; the memory stays while somebody has it. */
    public void unlink() {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        // it goes with the directory, or the next pool finds it
      }
    }
  }

  /** Where {@link #create} tries first. */
  public Path first(long worker) {
    return preferred.resolve(name(worker));
  }

  private String name(long worker) {
    return PoolPlace.MEMORY + directory.secret() + "-" + worker;
  }

  /** Makes a worker's memory. */
  public Named create(long worker) throws IOException {
    Path there = first(worker);
    try {
      return directory.makeBeside(there, () -> make(there));
    } catch (IOException e) {
      if (directory.isGone()) {
        throw e;
      }
      sayOnce(e);
    }
    return make(directory.secluded(name(worker)));
  }

  private static Named make(Path file) throws IOException {
    WorkerMemory memory = WorkerMemory.create(file);
    try {
      return new Named(memory, file);
    } catch (OutOfMemoryError e) {
      Files.deleteIfExists(file);
      throw e;
    }
  }

  private void sayOnce(IOException cause) {
    if (said.compareAndSet(false, true)) {
      SafeLog.log(
          System.Logger.Level.INFO,
          "procpool can't have the memory shared with its workers in "
              + preferred
              + " ("
              + cause
              + ") and has it in the temporary directory, which may be slower",
          null);
    }
  }

  /** Has the JVM unmap something, so that the collector is not the first who does. Takes time. */
  public void prepareUnmapping() throws IOException {
    WorkerMemory.prepareUnmapping(directory.file(PoolMark.FILE));
  }

  /**
   * Removes what pools of this user left that were killed while they started a worker. Other users'
   * files and what is no file of a pool's stay.
   */
  public void deleteStale() {
    try (FolderHandle folder = FolderHandle.open(preferred)) {
      if (folder == null) {
        return;
      }
      UserPrincipal user = Files.getOwner(directory.path(), LinkOption.NOFOLLOW_LINKS);
      try (DirectoryStream<Path> files = folder.list()) {
        for (Path file : files) {
          String name = String.valueOf(file.getFileName());
          if (name.startsWith(PoolPlace.MEMORY)) {
            deleteIfStale(folder, name, user);
          }
        }
      }
    } catch (IOException | DirectoryIteratorException | UnsupportedOperationException e) {
      // not there, not ours, or changing under our eyes: the next pool will try again
    }
  }

  private static void deleteIfStale(FolderHandle folder, String name, UserPrincipal user) {
    try {
      PosixFileAttributes file = folder.attributes(name);
      boolean isPools =
          file.isRegularFile()
              && file.owner().equals(user)
              && WorkerMemory.isLikeOne(file)
              && isName(name);
      Instant made = file.lastModifiedTime().toInstant();
      if (isPools && made.isBefore(Instant.now().minus(STALE_AGE))) {
        folder.deleteFile(name);
      }
    } catch (IOException e) {
      // gone meanwhile
    }
  }

  /** Tells whether a name is one that {@link #name} could give. */
  private static boolean isName(String name) {
    int end = name.lastIndexOf('-');
    if (end < PoolPlace.MEMORY.length()
        || !PoolDirectory.isSecret(name.substring(PoolPlace.MEMORY.length(), end))) {
      return false;
    }
    for (int i = end + 1; i < name.length(); i++) {
      if (!Character.isDigit(name.charAt(i))) {
        return false;
      }
    }
    return end + 1 < name.length();
  }
}
