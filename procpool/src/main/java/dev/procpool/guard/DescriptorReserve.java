package dev.procpool.guard;

import java.io.FileInputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * A few file descriptors that are kept for the end of this process: tasks may have taken all
 * others, and whoever ends has to look around and to remove files. Thread-safe.
 */
public final class DescriptorReserve {

  /** A folder, one in it, the lists of both, and a socket to try. */
  private static final int COUNT = 8;

  private final List<FileInputStream> kept = new ArrayList<>(COUNT);

  /** Makes a reserve; a smaller one, or none, if there are no more. */
  public DescriptorReserve() {
    Descriptors.take(kept, COUNT);
  }

  /** Lets it go, for good. */
  public void release() {
    Descriptors.give(kept);
  }
}
