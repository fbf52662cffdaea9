package dev.procpool.folder;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import org.jspecify.annotations.Nullable;

/**
 * The file in a pool's folder that says which process made it: the first that is written, so that
 * what a killed pool leaves can be known for its. It names the folder, so that a copy says nothing.
 *
 * <p>A process is told by its number and by when it started; by the process namespace and the
 * kernel's run in which these mean something, since other containers may share the place; and by
 * the host, since other machines may share it too. Where the system does not tell these, no folder
 * is ever taken for left behind.
 *
 * <p>Immutable.
 */
public final class PoolMark {

  /** The file's name. */
  public static final String FILE = "made-by";

  private static final String FIRST_WORDS = "procpool directory ";
  private static final Path HOST = Path.of("/etc/machine-id");
  private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");
  private static final Path RUN = Path.of("/proc/sys/kernel/random/boot_id");
  private static final Path NAMESPACE = Path.of("/proc/self/ns/pid");
  private static final int MOST_BYTES = 8192;
  private static final int LINES = 7;

  /** Where a process's start is among the words that follow its name. */
  private static final int START_WORD = 19;

  /** What can be said of the process that made a folder. */
  public enum Maker {
    /** It has ended. */
    ENDED,
    /** It runs on this kernel, if it runs: only its socket tells. */
    ONLY_SOCKET_TELLS,
    /** It runs, or may run on another machine. */
    MAY_RUN
  }

  private final String[] lines;

  private PoolMark(String[] lines) {
    this.lines = lines;
  }

  /**
   * Makes a folder and writes the mark into it, at once: one without a mark is hard to judge.
   *
   * @param folder where; must not exist
   * @param socket where the pool listens, seen from that folder
   * @param rights of the folder
   */
  public static void makeFolder(Path folder, String socket, FileAttribute<?>... rights)
      throws IOException {
    byte[] mark = text(folder, socket).getBytes(StandardCharsets.UTF_8);
    Files.createDirectory(folder, rights);
    Object key = FolderRemoval.key(folder);
    try {
      Files.write(folder.resolve(FILE), mark, StandardOpenOption.CREATE_NEW);
    } catch (IOException | RuntimeException | Error e) {
      FolderRemoval.remove(folder, key);
      throw e;
    }
  }

  private static String text(Path folder, String socket) {
    String text = FIRST_WORDS + folder.getFileName() + '\n';
    try {
      String stat = stat("self");
      text += host() + '\n' + Files.readString(RUN).strip() + '\n';
      text += Files.readSymbolicLink(NAMESPACE).toString() + '\n' + socket + '\n';
      text += stat.substring(0, stat.indexOf(' ')) + '\n' + start(stat) + '\n';
    } catch (IOException | RuntimeException e) {
      // no Linux
    }
    return text;
  }

  /**
   * Reads the mark of a folder.
   *
   * @param name the folder's
   * @return null if it has none, or that of another folder
   */
  public static @Nullable PoolMark read(FolderHandle folder, String name) throws IOException {
    try {
      String text = folder.read(FILE, MOST_BYTES);
      return text != null && text.startsWith(FIRST_WORDS + name + '\n')
          ? new PoolMark(text.split("\n", -1))
          : null;
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /** Where the pool listens, seen from the folder. */
  public String socket() {
    return lines[4];
  }

  /** Tells whether the process that made the folder may still run. */
  public Maker maker() {
    try {
      if (lines.length != LINES + 1) {
        return Maker.MAY_RUN;
      }
      if (!lines[2].equals(Files.readString(RUN).strip())) {
        boolean isHere = !lines[1].isEmpty() && lines[1].equals(host());
        return isHere ? Maker.ENDED : Maker.MAY_RUN; // the machine was started again meanwhile
      }
      if (!lines[3].equals(Files.readSymbolicLink(NAMESPACE).toString())) {
        return Maker.ONLY_SOCKET_TELLS;
      }
      String stat = statOf(Long.parseLong(lines[5]));
      if (stat == null || !start(stat).equals(lines[6])) {
        return Maker.ENDED; // or the number is another process's by now
      }
      // of one that nobody asks for its status, other threads may run on
      return isZombie(stat) ? Maker.ONLY_SOCKET_TELLS : Maker.MAY_RUN;
    } catch (IOException | RuntimeException e) {
      return Maker.MAY_RUN;
    }
  }

  /** What tells this machine from others that may use the same folders; empty if nothing does. */
  private static String host() throws IOException {
    try {
      String id = Files.readString(HOST).strip();
      // an image may have brought the number along
      return id.isEmpty() ? "" : id + ' ' + Files.readString(HOST_NAME).strip();
    } catch (NoSuchFileException e) {
      return "";
    }
  }

  /** What the system tells of a process; null if there is none of this number. */
  private static @Nullable String statOf(long pid) throws IOException {
    try {
      return stat(Long.toString(pid));
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  private static String stat(String process) throws IOException {
    return Files.readString(Path.of("/proc", process, "stat"), StandardCharsets.ISO_8859_1);
  }

  /** Reads when a process started; its name, in brackets, may have blanks. */
  private static String start(String stat) {
    return words(stat).split(" ", START_WORD + 2)[START_WORD];
  }

  private static boolean isZombie(String stat) {
    return words(stat).charAt(0) == 'Z';
  }

  private static String words(String stat) {
    return stat.substring(stat.lastIndexOf(')') + 2);
  }
}
