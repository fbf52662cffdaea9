package dev.procpool.local.files;

import dev.procpool.guard.SafeLog;
import dev.procpool.guard.Uninterrupted;
import dev.procpool.local.exit.CrashFile;
import dev.procpool.local.settings.PoolSettings;
import dev.procpool.protocol.SystemRandom;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The files that workers' JVMs write when they crash. A JVM follows what link it finds in the place
 * of its file, and who can write there can write the file as well; so it is in the pool's own
 * directory, and once the worker has ended it is moved out, to where the user finds it.
 *
 * <p>A user's own {@code -XX:ErrorFile} wins: it is read where it is, if it is this user's and was
 * written in the worker's lifetime.
 *
 * <p>Immutable. Reading takes time: never on the engine's thread.
 */
public final class CrashFiles {

  private static final String OPTION = "-XX:ErrorFile=";

  /** How much is read for the report. */
  private static final int MOST_READ = 64 * 1024;

  /** How much is kept; a JVM writes less than one megabyte. */
  private static final long MOST_KEPT = 16L * 1024 * 1024;

  /** How much coarser than ours the clock of a file system may be. */
  private static final Duration COARSE = Duration.ofSeconds(2);

  private final PoolDirectory directory;

  /** Those that the user's options name; null if they name none. */
  private final @Nullable String chosen;

  /** Whether workers see no more of the pool's directory than their sandbox shows. */
  private final boolean isBoxed;

  public CrashFiles(PoolSettings settings, PoolDirectory directory) {
    this.directory = directory;
    this.chosen = chosen(settings);
    this.isBoxed = settings.isBoxed();
  }

  /** The last that names a file counts; ours are read before them all. */
  private static @Nullable String chosen(PoolSettings settings) {
    List<String> options = new ArrayList<>(settings.jvm().environment().addedOptions());
    options.addAll(settings.jvm().options().all());
    String chosen = null;
    for (String option : options) {
      if (option.startsWith(OPTION)) {
        Path named = Path.of(option.substring(OPTION.length()));
        Path here = settings.jvm().workingDirectory();
        chosen = (here == null ? named : here.resolve(named)).toAbsolutePath().toString();
      }
    }
    return chosen;
  }

  /** The options that tell a worker's JVM where to put its file. */
  public List<String> options(long worker) {
    if (chosen != null) {
      return List.of();
    }
    return List.of(
        OPTION + file(worker).toString().replace("%", "%%")); // before a letter it stands for more
  }

  /** Where a worker's JVM writes it. */
  public Path file(long worker) {
    Path folder = isBoxed ? directory.file(PoolDirectory.SECLUDED) : directory.path();
    return folder.resolve("hs_err-" + worker + ".log");
  }

  /**
   * Makes a worker's file for a sandbox to show.
   *
   * @throws IOException if it can't be made
   */
  public Path make(long worker) throws IOException {
    Path file = directory.secluded(String.valueOf(file(worker).getFileName()));
    Files.deleteIfExists(file); // it was launched in vain before
    create(file).close();
    return file;
  }

  /** Removes what {@link #make} made, if it is still there. */
  public void remove(long worker) {
    if (isBoxed) {
      directory.remove(file(worker));
    }
  }

  /**
   * Looks for the file of a worker's process that has ended, and moves it to where it stays.
   *
   * @param pid the process
   * @param startedAt when it was started
   * @return null if there is none
   */
  public @Nullable CrashFile take(long worker, long pid, Instant startedAt) {
    if (chosen != null) {
      Path file = Path.of(named(chosen, pid));
      return isWrittenBy(file, startedAt) ? read(file, file) : null;
    }
    Path file = file(worker);
    if (!isWrittenBy(file, startedAt)) {
      return null;
    }
    CrashFile crash = read(file, keep(file, pid));
    directory.remove(file);
    return crash;
  }

  /** As the JVM reads a file's name. */
  private static String named(String pattern, long pid) {
    StringBuilder name = new StringBuilder();
    for (int i = 0; i < pattern.length(); i++) {
      boolean isMark = pattern.charAt(i) == '%' && i + 1 < pattern.length();
      if (isMark && pattern.charAt(i + 1) == 'p') {
        name.append(pid);
        i++;
      } else {
        i += isMark && pattern.charAt(i + 1) == '%' ? 1 : 0;
        name.append(pattern.charAt(i));
      }
    }
    return name.toString();
  }

  /**
   * Tells whether a file, and no link or pipe, is this user's and was written since a process
   * began: where others may write they could have us tell what they like, or wait for ever.
   */
  private boolean isWrittenBy(Path file, Instant startedAt) {
    try {
      BasicFileAttributes found =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return found.isRegularFile()
          && found.size() > 0 // a sandbox has shown an empty one
          && !found.lastModifiedTime().toInstant().isBefore(startedAt.minus(COARSE))
          && isOwn(file);
    } catch (IOException e) {
      return false;
    }
  }

  private boolean isOwn(Path file) throws IOException {
    FileOwnerAttributeView owner =
        Files.getFileAttributeView(file, FileOwnerAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    return owner == null
        || owner.getOwner().equals(Files.getOwner(directory.path(), LinkOption.NOFOLLOW_LINKS));
  }

  private static CrashFile read(Path file, @Nullable Path kept) {
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      return CrashFile.of(kept, new String(in.readNBytes(MOST_READ), StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      return CrashFile.of(kept, "");
    }
  }

  /** Copies a file to where it stays, over nothing that is there; null if it can't be. */
  private @Nullable Path keep(Path file, long pid) {
    Path place = directory.place();
    try {
      try {
        return copy(file, place.resolve("hs_err_pid" + pid + ".log"));
      } catch (FileAlreadyExistsException e) { // of an earlier process, or somebody put it there
        return copy(file, place.resolve("hs_err_pid" + pid + "-" + SystemRandom.word() + ".log"));
      }
    } catch (IOException e) {
      SafeLog.log(
          System.Logger.Level.WARNING,
          "the crash file of process " + pid + " can't be kept in " + place + ": " + e,
          null);
      return null;
    }
  }

  private static Path copy(Path file, Path target) throws IOException {
    return Uninterrupted.call(() -> copyNow(file, target));
  }

  private static Path copyNow(Path file, Path target) throws IOException {
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS);
        FileChannel channel = create(target);
        OutputStream out = Channels.newOutputStream(channel)) {
      byte[] buffer = new byte[MOST_READ];
      long left = MOST_KEPT;
      for (int read = in.read(buffer); read > 0 && left > 0; read = in.read(buffer)) {
        out.write(buffer, 0, (int) Math.min(read, left));
        left -= read;
      }
    } catch (ClosedByInterruptException e) {
      Files.deleteIfExists(target); // it is made again
      throw e;
    }
    return target;
  }

  private static FileChannel create(Path file) throws IOException {
    boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
    var rights = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    var options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    return posix ? FileChannel.open(file, options, rights) : FileChannel.open(file, options);
  }
}
