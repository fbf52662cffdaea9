package dev.procpool.guard;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A few file descriptors that are kept for the end of this process: tasks may have taken all
 * others, and whoever ends has to look around and to remove files. Thread-safe.
 */
public final class DescriptorReserve {

  /** A folder, one in it, the lists of both, and a socket to try. */
  private static final int COUNT = 8;

  private static final File NULL = new File("/dev/null");

  private final @Nullable FileInputStream[] kept = new FileInputStream[COUNT];

  /** Makes a reserve; a smaller one, or none, if there are no more. */
  public DescriptorReserve() {
    try {
      for (int i = 0; i < COUNT; i++) {
        kept[i] = new FileInputStream(NULL);
      }
    } catch (IOException e) {
      // no more, or a system of another kind
    }
  }

  /** Lets it go, for good. */
  public void release() {
    for (FileInputStream file : kept) {
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
