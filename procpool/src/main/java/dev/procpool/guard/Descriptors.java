package dev.procpool.guard;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The file descriptors that this process may still open. Without state. */
public final class Descriptors {

  private static final File NULL = new File("/dev/null");

  private Descriptors() {}

  /**
   * Counts those that are free just now, by taking them for a moment.
   *
   * @param most how many are enough
   * @return the number, at most {@code most}; on systems of another kind as many
   */
  public static int free(int most) {
    if (!NULL.exists()) {
      return most;
    }
    List<FileInputStream> taken = new ArrayList<>(most);
    try {
      take(taken, most);
    } finally {
      give(taken);
    }
    return taken.size();
  }

  /** Takes so many, or as many as there are; none on systems of another kind. */
  static void take(List<FileInputStream> taken, int most) {
    try {
      while (taken.size() < most) {
        taken.add(new FileInputStream(NULL));
      }
    } catch (IOException e) {
      // no more
    }
  }

  /** Gives them back. Makes nothing: there may be no memory either. */
  static void give(List<FileInputStream> taken) {
    for (int i = 0; i < taken.size(); i++) {
      close(taken.get(i));
    }
  }

  private static void close(FileInputStream file) {
    try {
      file.close();
    } catch (IOException e) {
      // it was for nothing
    }
  }
}
