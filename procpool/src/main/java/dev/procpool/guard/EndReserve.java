package dev.procpool.guard;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A few file descriptors and a little memory that are kept for the end of this process: tasks may
 * have taken all others, and whoever ends has to look around and to remove files. Thread-safe.
 */
public final class EndReserve {

  /** A folder, one in it, the lists of both, and a socket to try. */
  private static final int DESCRIPTORS = 8;

  private static final int BYTES = 128 * 1024;
  private static final File NULL = new File("/dev/null");

  private final @Nullable FileInputStream[] descriptors = new FileInputStream[DESCRIPTORS];
  private volatile byte @Nullable [] memory = new byte[BYTES];

  /** Makes a reserve; one of fewer descriptors, or none, if there are no more. */
  public EndReserve() {
    try {
      for (int i = 0; i < DESCRIPTORS; i++) {
        descriptors[i] = new FileInputStream(NULL);
      }
    } catch (IOException e) {
      // no more, or a system of another kind
    }
  }

  /** Lets it go, for good. */
  public void release() {
    memory = null;
    for (FileInputStream file : descriptors) {
      try {
        if (file != null) {
          file.close();
        }
      } catch (IOException e) {
        // it was for nothing
      }
    }
  }
}
