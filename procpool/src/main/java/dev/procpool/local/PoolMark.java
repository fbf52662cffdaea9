package dev.procpool.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * The file in a pool's directory that says which process made it: the first that is written, so
 * that what a pool leaves that was killed before it had a socket can be known for its. On Linux;
 * elsewhere no directory is ever taken for that.
 *
 * <p>A process is told by its number, by when it started, and by the kernel's run and the process
 * namespace in which these mean something: other containers may share the temporary directory.
 */
final class PoolMark {

  static final String FILE = "made-by";

  private static final Path RUN = Path.of("/proc/sys/kernel/random/boot_id");
  private static final Path NAMESPACE = Path.of("/proc/self/ns/pid");
  private static final long MOST_BYTES = 4096;

  /** Where a process's start is among the words that follow its name. */
  private static final int START_WORD = 19;

  private PoolMark() {}

  /** Writes the mark into a directory that was just made. */
  static void write(Path directory) throws IOException {
    String text = "";
    try {
      String stat = stat("self");
      String pid = stat.substring(0, stat.indexOf(' '));
      text = place(directory) + pid + '\n' + start(stat) + '\n';
    } catch (IOException | RuntimeException e) {
      // no Linux
    }
    Files.writeString(directory.resolve(FILE), text);
  }

  /**
   * Tells whether a directory is a pool's of this user and of a process that has ended. What can't
   * be told is not so.
   *
   * @param own a directory of this user's
   */
  static boolean isOfDeadProcess(Path directory, Path own) {
    Path file = directory.resolve(FILE);
    try {
      if (!isPrivateLike(directory, own)
          || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
          || Files.size(file) > MOST_BYTES) {
        return false;
      }
      String mark = Files.readString(file);
      String place = place(directory);
      if (!mark.startsWith(place)) {
        return false;
      }
      String[] process = mark.substring(place.length()).split("\n", -1);
      return process.length == 3 && !process[1].equals(startOf(Long.parseLong(process[0])));
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }

  /** Tells whether a directory, and no link, has the same owner, and nobody else may enter. */
  private static boolean isPrivateLike(Path directory, Path own) throws IOException {
    PosixFileAttributes attributes =
        Files.readAttributes(directory, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    return attributes.isDirectory()
        && attributes.owner().equals(Files.getOwner(own, LinkOption.NOFOLLOW_LINKS))
        && PosixFilePermissions.toString(attributes.permissions()).equals("rwx------");
  }

  /** What a mark begins with here and now; names the directory, so that a copy says nothing. */
  private static String place(Path directory) throws IOException {
    return "procpool directory "
        + directory.getFileName()
        + '\n'
        + Files.readString(RUN).strip()
        + '\n'
        + Files.readSymbolicLink(NAMESPACE)
        + '\n';
  }

  /** When a process started; null if there is none of this number. */
  private static @Nullable String startOf(long pid) throws IOException {
    try {
      return start(stat(Long.toString(pid)));
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  private static String stat(String process) throws IOException {
    return Files.readString(Path.of("/proc", process, "stat"), StandardCharsets.ISO_8859_1);
  }

  /** Reads when a process started; its name, in brackets, may have blanks. */
  private static String start(String stat) {
    return stat.substring(stat.lastIndexOf(')') + 2).split(" ", START_WORD + 2)[START_WORD];
  }
}
