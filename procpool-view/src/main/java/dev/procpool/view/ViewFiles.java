package dev.procpool.view;

import dev.procpool.spi.WorkerName;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.net.URI;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The open views of a user's programs, each in a file that only the user can read: so that {@code
 * procpool top PID} finds the URL with its token.
 *
 * <p>They are in {@code .procpool/views} of the user's home, or where the property {@code
 * procpool.view.directory} says; {@code off} for nowhere. A folder that is not this user's, or a
 * link, is not used.
 */
final class ViewFiles {

  static final String PROPERTY = "procpool.view.directory";

  private static final Set<PosixFilePermission> OWNER =
      PosixFilePermissions.fromString("rwx------");

  /** Belongs to whom this process runs as, on Linux. */
  private static final Path SELF = Path.of("/proc/self/stat");

  private ViewFiles() {}

  private static Optional<Path> folder() {
    String told = System.getProperty(PROPERTY);
    if (told != null) {
      return told.equals("off") ? Optional.empty() : Optional.of(Path.of(told));
    }
    String home = System.getProperty("user.home");
    boolean hasHome = home != null && !home.isEmpty() && !home.equals("?");
    boolean isPosix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    return hasHome && isPosix ? Optional.of(Path.of(home, ".procpool", "views")) : Optional.empty();
  }

  private static FileAttribute<?> only(String permissions) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
  }

  /** Writes down where a view of this program is; gives the file, if it may be written. */
  static Optional<Path> write(URI url, int port) throws IOException {
    Optional<Path> folder = folder();
    if (folder.isEmpty()) {
      return Optional.empty();
    }
    Files.createDirectories(folder.get(), only("rwx------"));
    if (!isPrivate(folder.get())) {
      throw new IOException(
          folder.get() + " can be read by others: make it yours alone, with mode 700");
    }
    removeStale(folder.get());
    Path file = folder.get().resolve(ProcessHandle.current().pid() + "-" + port + ".view");
    Files.deleteIfExists(file); // of a program that had our number
    Properties told = new Properties();
    told.setProperty("url", url.toString());
    told.setProperty("host", host());
    try (Writer out =
        Channels.newWriter(
            Files.newByteChannel(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                only("rw-------")),
            StandardCharsets.UTF_8)) {
      told.store(out, null);
    }
    return Optional.of(file);
  }

  /** Whether the folder is no link, belongs to this user, and nobody else may look into it. */
  private static boolean isPrivate(Path folder) throws IOException {
    return Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
        && OWNER.containsAll(Files.getPosixFilePermissions(folder, LinkOption.NOFOLLOW_LINKS))
        && (!Files.exists(SELF)
            || Files.getOwner(SELF).equals(Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS)));
  }

  /** Finds the newest view of a program of this machine. */
  static Optional<URI> find(long pid) throws IOException {
    Optional<Path> folder = folder();
    if (folder.isEmpty() || !Files.exists(folder.get()) || !isPrivate(folder.get())) {
      return Optional.empty();
    }
    List<Path> found = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder.get())) {
      files.filter(file -> pid(file) == pid).forEach(found::add);
    }
    found.sort(Comparator.comparingLong(ViewFiles::modified).reversed());
    for (Path file : found) {
      Properties told = read(file);
      if (host().equals(told.getProperty("host")) && told.getProperty("url") != null) {
        return Optional.of(URI.create(told.getProperty("url")));
      }
    }
    return Optional.empty();
  }

  private static long modified(Path file) {
    try {
      return Files.getLastModifiedTime(file).toMillis();
    } catch (IOException e) {
      return 0;
    }
  }

  /** Whose view it is; -1 if it is none. */
  private static long pid(Path file) {
    String name = String.valueOf(file.getFileName());
    int dash = name.indexOf('-');
    try {
      return dash > 0 && name.endsWith(".view") ? Long.parseLong(name.substring(0, dash)) : -1;
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  private static Properties read(Path file) throws IOException {
    Properties told = new Properties();
    try (Reader in = Files.newBufferedReader(file)) {
      told.load(in);
    } catch (IllegalArgumentException e) {
      return new Properties(); // nonsense
    }
    return told;
  }

  /** Removes what programs of this machine have left that were killed. */
  private static void removeStale(Path folder) throws IOException {
    List<Path> left = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      files
          .filter(file -> pid(file) > 0 && ProcessHandle.of(pid(file)).isEmpty())
          .forEach(left::add);
    }
    for (Path file : left) {
      if (host().equals(read(file).getProperty("host"))) {
        Files.deleteIfExists(file);
      }
    }
  }

  /** This machine, as its kernel calls it: homes are shared between machines. */
  private static String host() {
    return WorkerName.ofThisMachine(0).host();
  }
}
