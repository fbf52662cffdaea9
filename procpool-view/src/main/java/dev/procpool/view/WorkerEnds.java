package dev.procpool.view;

import dev.procpool.PoolEvent;
import dev.procpool.WorkerEnd;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;

/**
 * The latest ends of workers. Those that the pool wanted are kept apart, so that they don't push
 * out the others. Not thread-safe: {@link PoolFold} owns it.
 */
final class WorkerEnds {

  static final int MOST_UNWANTED = 40;
  static final int MOST_WANTED = 10;

  private final Deque<PoolEvent.WorkerGone> unwanted = new ArrayDeque<>();
  private final Deque<PoolEvent.WorkerGone> wanted = new ArrayDeque<>();
  private long version;

  void add(PoolEvent.WorkerGone end) {
    boolean isWanted = end.why() == WorkerEnd.STOPPED;
    Deque<PoolEvent.WorkerGone> ends = isWanted ? wanted : unwanted;
    ends.addFirst(end);
    if (ends.size() > (isWanted ? MOST_WANTED : MOST_UNWANTED)) {
      ends.removeLast();
    }
    version++;
  }

  /** Goes up when something changes. */
  long version() {
    return version;
  }

  /** The ends, the newest first. */
  List<PoolEvent.WorkerGone> all() {
    return Stream.concat(unwanted.stream(), wanted.stream())
        .sorted(Comparator.comparing(PoolEvent.WorkerGone::at).reversed())
        .toList();
  }
}
