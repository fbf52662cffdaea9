package dev.procpool.process;

import dev.procpool.guard.Descriptors;
import dev.procpool.guard.SystemFile;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What Linux tells of processes, read with little: a small file for each question. A process that
 * is not there, or not ours to ask about, has nothing to tell. If there is no descriptor to ask
 * with, each question throws a {@link ShortageException}.
 */
final class ProcFiles {

  private static final long[] NONE = {};
  private static final String ENDED = "ZX";

  /** Where its parent is among what follows a process's name. */
  private static final int PARENT = 1;

  /** Where the kernel's flags are among what follows a process's name. */
  private static final int FLAGS = 6;

  private static final int EXITING = 4;

  /** How often a file is opened anew that could not be, though there are descriptors. */
  private static final int TRIES = 3;

  private ProcFiles() {}

  /** Whether the system lists the children of a process: not every kernel is built for that. */
  static boolean listsChildren(long pid) {
    return new File(childrenFile(pid, pid)).exists();
  }

  /** Whether there is such a file system. */
  static boolean isThere() {
    return new File("/proc/self/stat").exists();
  }

  /** All processes that this one can see; none where there is no such file system. */
  static long[] all() {
    return list("/proc");
  }

  /** The threads of a process. */
  static long[] threads(long pid) {
    return list("/proc/" + pid + "/task");
  }

  /** The process that has started another, or has taken it over; 0 if that is not there. */
  static long parent(long pid) {
    String[] fields = fields(Long.toString(pid), PARENT + 2);
    return fields.length <= PARENT ? 0 : Long.parseLong(fields[PARENT]);
  }

  /** The processes whose parent is a thread of a process. */
  static long[] children(long pid, long thread) {
    String list = read(childrenFile(pid, thread));
    return list == null ? NONE : numbers(list.split(" ", -1));
  }

  private static String childrenFile(long pid, long thread) {
    return "/proc/" + pid + "/task/" + thread + "/children";
  }

  /**
   * The environment that a process began with; empty while it begins and when it has ended, null if
   * it is not to be read.
   */
  static @Nullable String environment(long pid) {
    return read("/proc/" + pid + "/environ");
  }

  static boolean exists(long pid) {
    return new File("/proc/" + pid).exists();
  }

  /** Whether a process has ended, if its parent may not have asked for its status yet. */
  static boolean hasEnded(long pid) {
    String[] fields = fields(Long.toString(pid), FLAGS + 2);
    return fields.length == 0 ? !mayRead(pid, "stat") : ENDED.contains(fields[0]);
  }

  /** Whether it has ended, or is about to and runs no code any more. */
  static boolean isEnding(long pid) {
    String[] fields = fields(Long.toString(pid), FLAGS + 2);
    return fields.length == 0
        ? !mayRead(pid, "stat")
        : ENDED.contains(fields[0]) || (Long.parseLong(fields[FLAGS]) & EXITING) != 0;
  }

  /**
   * Whether a process has a file that may be read, though it could not be opened just now: others
   * may take and give back descriptors all the time. This takes none.
   */
  static boolean mayRead(long pid, String file) {
    return new File("/proc/" + pid + "/" + file).canRead();
  }

  /**
   * What is told of a process or thread after its name, in words, the last of them with all that
   * follows; nothing if it is not there.
   */
  static String[] fields(String path, int words) {
    String stat = read("/proc/" + path + "/stat");
    // its name may have any character
    return stat == null
        ? new String[0]
        : stat.substring(stat.lastIndexOf(')') + 2).split(" ", words);
  }

  /** What is in a file; null if it is not there, or not to be read. */
  static @Nullable String read(String file) {
    for (int i = 0; i < TRIES; i++) {
      try {
        return new String(SystemFile.read(file), StandardCharsets.ISO_8859_1);
      } catch (IOException e) { // its words depend on the user's language
        if (isMissing(file)) {
          return null;
        }
      }
    }
    return null; // another user's
  }

  private static long[] list(String folder) {
    for (int i = 0; i < TRIES; i++) {
      String[] names = new File(folder).list();
      if (names != null) {
        return numbers(names);
      }
      if (isMissing(folder)) {
        return NONE;
      }
    }
    return NONE;
  }

  /**
   * Tells why something could not be opened.
   *
   * @return whether it is not there; if it is, there are descriptors again, or were all the time
   * @throws ShortageException if there is none
   */
  private static boolean isMissing(String path) {
    if (!new File(path).exists()) {
      return true;
    }
    if (Descriptors.free(1) == 0) {
      throw new ShortageException(path);
    }
    return false;
  }

  private static long[] numbers(String[] names) {
    long[] numbers = new long[names.length];
    int count = 0;
    for (String name : names) {
      if (!name.isEmpty() && name.charAt(0) >= '0' && name.charAt(0) <= '9') {
        numbers[count++] = Long.parseLong(name);
      }
    }
    return Arrays.copyOf(numbers, count);
  }
}
