package dev.procpool.testkit;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * All file descriptors that this process may still open, taken until this is closed: for programs
 * that try what happens where there are none. Used by one thread.
 *
 * @since 0.2.0
 */
public final class TakenDescriptors implements AutoCloseable {

  /** More than any limit that a program of the tests has. */
  private static final int MOST = 100_000;

  private static final File NULL = new File("/dev/null");

  private final List<FileInputStream> taken = new ArrayList<>();

  /** Makes it; takes none yet, so that nothing is kept if there is no memory for all of them. */
  public TakenDescriptors() {}

  /**
   * Takes all that are free, also those that others have given back since.
   *
   * @return this
   */
  public TakenDescriptors takeAll() {
    try {
      while (taken.size() < MOST) {
        taken.add(new FileInputStream(NULL));
      }
    } catch (IOException e) {
      // no more
    }
    return this;
  }

  /**
   * Gives some back.
   *
   * @param count how many
   * @throws IOException if that fails
   */
  public void give(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      taken.remove(taken.size() - 1).close();
    }
  }

  /**
   * Gives all back.
   *
   * @throws AssertionError if one is not what was taken: whoever failed for want of descriptors has
   *     closed some that were not its own
   * @throws IOException if one was closed by somebody else
   */
  @Override
  public void close() throws IOException {
    for (FileInputStream file : taken) {
      if (file.read() != -1) {
        throw new AssertionError("somebody closed a descriptor that was not its own");
      }
    }
    give(taken.size());
  }
}
