package dev.procpool.local.archive;

import dev.procpool.folder.PrivateFolder;
import dev.procpool.guard.Uninterrupted;
import dev.procpool.local.settings.ArchiveUse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * The user's cache folder, where archives of classes are kept from one program to the next.
 *
 * <p>Several JVMs may use it at once: a file appears under its name only when it is complete, is
 * never changed after, and one process at a time makes one. Whoever may write here may have our
 * workers run what he likes, so only a {@link PrivateFolder} is used.
 *
 * <p>Thread-safe. Nothing here fails for a folder that is missing, full or read-only.
 */
public final class ArchiveFolder {

  /** The system property that names the folder, or says {@value #OFF}. */
  public static final String PROPERTY = "procpool.cache";

  static final String OFF = "off";

  /** What a file has more than its key for a name. */
  static final String ARCHIVE = ".jsa";

  /** A file that says that an archive can't be made, or that its making was cut short. */
  private static final String FAILED = ".failed";

  private static final String CUT = ".cut";
  private static final String UNFINISHED = ".part";
  private static final String LOCK = "lock";

  /** After so long a failure is forgotten, and what is unfinished is nobody's. */
  private static final Duration RETRY_AFTER = Duration.ofDays(1);

  /** How old the time on an archive in use may be before it is renewed. */
  private static final Duration TOUCH_AFTER = Duration.ofHours(12);

  /** The length and the sum of an archive, at its end. */
  private static final int SEAL_BYTES = 2 * Long.BYTES;

  private final Path path;
  private final long maxBytes;

  /** Once it was found that it is. */
  private volatile boolean isPrivate;

  public ArchiveFolder(Path path, long maxBytes) {
    this.path = PrivateFolder.resolve(path);
    this.maxBytes = maxBytes;
  }

  /**
   * Has workers use the folder of this JVM's user.
   *
   * @param hasUsers whether for users' classes, too
   */
  public static ArchiveUse byDefault(boolean hasUsers) {
    return new ArchiveUse(ofUser(), null, List.of(), hasUsers);
  }

  /** The folder of this JVM's settings and user; null if there is to be none. */
  static @Nullable Path ofUser() {
    String named = System.getProperty(PROPERTY);
    if (named != null) {
      return named.equals(OFF) || named.isBlank() ? null : Path.of(named).toAbsolutePath();
    }
    String cache = System.getenv("XDG_CACHE_HOME");
    if (cache != null && Path.of(cache).isAbsolute()) {
      return Path.of(cache, "procpool");
    }
    String home = System.getProperty("user.home", "?");
    return Path.of(home).isAbsolute() ? Path.of(home, ".cache", "procpool") : null;
  }

  /** Where the archive of a key is, or would be. */
  Path archive(String key) {
    return path.resolve(key + ARCHIVE);
  }

  /** Tells whether there is an archive to use. */
  public boolean has(String key) {
    return Files.isRegularFile(archive(key), LinkOption.NOFOLLOW_LINKS) && isPrivate();
  }

  private boolean isPrivate() {
    if (!isPrivate) {
      isPrivate = PrivateFolder.is(path);
    }
    return isPrivate;
  }

  /**
   * Tells whether an archive is as it was made. A JVM checks no more than the head of one, and
   * crashes over the rest. What is not intact is removed.
   */
  boolean isIntact(String key) {
    try {
      if (Uninterrupted.call(() -> hasRightSum(archive(key)))) {
        return true;
      }
    } catch (IOException e) {
      return false;
    }
    delete(archive(key));
    return false;
  }

  private static boolean hasRightSum(Path archive) throws IOException {
    try (FileChannel file =
        FileChannel.open(archive, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      long length = file.size() - SEAL_BYTES;
      ByteBuffer seal = ByteBuffer.allocate(SEAL_BYTES);
      return length > 0
          && file.read(seal, length) == SEAL_BYTES
          && seal.getLong(0) == length
          && seal.getLong(Long.BYTES) == sum(file, length);
    }
  }

  /** Appends its length and sum to a file, which a JVM does not mind. */
  private static Path seal(Path part) throws IOException {
    Files.setPosixFilePermissions(part, PosixFilePermissions.fromString("rw-------"));
    try (FileChannel file =
        FileChannel.open(part, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      long length = file.size();
      ByteBuffer seal = ByteBuffer.allocate(SEAL_BYTES);
      seal.putLong(length).putLong(sum(file, length)).flip();
      file.write(seal, length);
    }
    return part;
  }

  private static long sum(FileChannel file, long length) throws IOException {
    CRC32 sum = new CRC32();
    ByteBuffer buffer = ByteBuffer.allocateDirect(256 * 1024);
    for (long at = 0; at < length; at += buffer.limit()) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), length - at));
      if (file.read(buffer, at) != buffer.limit()) {
        throw new IOException("the file becomes shorter while it is read");
      }
      sum.update(buffer.flip());
    }
    return sum.getValue();
  }

  /** Tells whether the last attempt to make an archive was cut short. */
  public boolean wasCut(String key) {
    return Files.exists(path.resolve(key + CUT));
  }

  /** Keeps an archive from being the oldest. */
  void touch(String key) {
    try {
      FileTime used = Files.getLastModifiedTime(archive(key));
      if (used.toInstant().isBefore(Instant.now().minus(TOUCH_AFTER))) {
        Files.setLastModifiedTime(archive(key), FileTime.from(Instant.now()));
      }
    } catch (IOException e) {
      // not ours to change; it may be made again then
    }
  }

  /** Removes an archive that does harm, and remembers not to make it again for a while. */
  void distrust(String key) {
    mark(key, FAILED);
    delete(archive(key));
  }

  /** How an archive is made. */
  @FunctionalInterface
  public interface Making {

    /**
     * Makes it.
     *
     * @param file where to; does not exist
     * @return whether it was given the time to
     */
    public boolean make(Path file) throws IOException, InterruptedException;
  }

  /**
   * Makes an archive, unless there is one, another process is making one, or that failed lately.
   *
   * @param making how; its answer says whether it was cut short
   */
  public void make(String key, Making making) throws InterruptedException {
    try {
      Files.createDirectories(
          path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      if (!isPrivate()) {
        return;
      }
      try (FileChannel lock =
              FileChannel.open(
                  path.resolve(LOCK),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE,
                  LinkOption.NOFOLLOW_LINKS);
          var held = lock.tryLock()) {
        if (held != null && !has(key) && !isYoung(path.resolve(key + FAILED))) {
          makeNow(key, making);
        }
      }
    } catch (IOException | OverlappingFileLockException | UnsupportedOperationException e) {
      // read-only, full, no POSIX, or another pool of ours is at it: workers start without
    }
  }

  private void makeNow(String key, Making making) throws IOException, InterruptedException {
    Path part = path.resolve(key + "-" + ProcessHandle.current().pid() + UNFINISHED);
    Files.deleteIfExists(part);
    try {
      boolean finished = making.make(part);
      if (!finished) {
        mark(key, CUT);
      } else if (Files.isRegularFile(part) && Files.size(part) <= maxBytes) {
        Uninterrupted.call(() -> seal(part));
        Files.move(part, archive(key), StandardCopyOption.ATOMIC_MOVE);
        delete(path.resolve(key + CUT));
        trim(archive(key));
      } else {
        mark(key, FAILED);
      }
    } finally {
      delete(part);
    }
  }

  private void mark(String key, String how) {
    try {
      Files.write(path.resolve(key + how), new byte[0]);
    } catch (IOException e) {
      // read-only: then it is tried again
    }
  }

  /** Removes what was used longest ago until the rest fits, and what nobody will finish. */
  private void trim(Path kept) throws IOException {
    List<Path> archives = new ArrayList<>();
    long bytes = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
      for (Path file : files) {
        String name = String.valueOf(file.getFileName());
        if (name.endsWith(ARCHIVE)) {
          archives.add(file);
          bytes += Files.size(file);
        } else if (!name.equals(LOCK) && !isYoung(file)) {
          delete(file);
        }
      }
    }
    archives.sort(Comparator.comparing(ArchiveFolder::usedAt));
    for (Path oldest : archives) {
      if (bytes > maxBytes && !oldest.equals(kept)) {
        bytes -= Files.size(oldest);
        delete(oldest);
      }
    }
  }

  private static FileTime usedAt(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      return FileTime.fromMillis(0);
    }
  }

  private static boolean isYoung(Path file) {
    return Files.exists(file, LinkOption.NOFOLLOW_LINKS)
        && usedAt(file).toInstant().isAfter(Instant.now().minus(RETRY_AFTER));
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // not ours to change
    }
  }
}
