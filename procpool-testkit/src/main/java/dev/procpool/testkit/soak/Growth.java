package dev.procpool.testkit.soak;

import dev.procpool.testkit.ProcessFigures;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells what has grown between two measurements of a process at rest. The margins are for what a
 * JVM still compiles and caches when it is warm, and for threads that are about to end.
 */
final class Growth {

  private static final long MEGA = 1024 * 1024;
  private static final long HEAP_MARGIN = 8 * MEGA;
  private static final long RESIDENT_MARGIN = 48 * MEGA;
  private static final int DESCRIPTORS_MARGIN = 16;
  private static final int THREADS_MARGIN = 16;

  private Growth() {}

  /** Gives what has grown, in words; nothing if nothing has. */
  static List<String> between(ProcessFigures before, ProcessFigures after) {
    List<String> grown = new ArrayList<>();
    look("the heap", before.heapBytes(), after.heapBytes(), HEAP_MARGIN, grown);
    look("resident memory", before.residentBytes(), after.residentBytes(), RESIDENT_MARGIN, grown);
    look("descriptors", before.descriptors(), after.descriptors(), DESCRIPTORS_MARGIN, grown);
    look("threads", before.threads(), after.threads(), THREADS_MARGIN, grown);
    return grown;
  }

  private static void look(String what, long before, long after, long margin, List<String> grown) {
    if (after - before > margin) {
      grown.add(what + " grew from " + before + " to " + after);
    }
  }
}
