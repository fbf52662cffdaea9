package dev.procpool.view;

import dev.procpool.OutcomeKind;
import java.util.Arrays;

/**
 * The figures of a pool for each of the last ticks, in rings. Not thread-safe: {@link PoolFold}
 * owns it.
 */
final class Series {

  /** How many ticks are kept: five minutes, if none is late. */
  static final int TICKS = 1200;

  /** What is kept of a tick, by the name that the page knows. */
  enum Figure {
    /** How long the tick was. */
    MILLIS("ms"),
    /** Items that ended so. */
    SUCCEEDED("ok"),
    FAILED("failed"),
    TIMED_OUT("timedOut"),
    LOST("lost"),
    CANCELLED("cancelled"),
    /** Items that wait. */
    QUEUE("queue"),
    /** Workers that run an item. */
    BUSY("busy"),
    /** Workers that there are. */
    LIVE("live"),
    /** Of run times, in microseconds; -1 if no item has ended lately. */
    P50("p50"),
    P95("p95"),
    P99("p99"),
    /** Of waiting times. */
    WAIT95("wait95"),
    /** Resident memory of all workers, in megabytes. */
    MEMORY("memory");

    final String key;

    Figure(String key) {
      this.key = key;
    }

    @SuppressWarnings("EnumOrdinal") // the ring of each
    private int ring() {
      return ordinal();
    }

    static Figure of(OutcomeKind kind) {
      return switch (kind) {
        case SUCCESS -> SUCCEEDED;
        case FAILURE -> FAILED;
        case TIMED_OUT -> TIMED_OUT;
        case WORKER_LOST -> LOST;
        case CANCELLED -> CANCELLED;
      };
    }
  }

  private final long[][] rings = new long[Figure.values().length][TICKS];
  private final long[] now = new long[Figure.values().length];

  void add(Figure figure, long value) {
    now[figure.ring()] += value;
  }

  void set(Figure figure, long value) {
    now[figure.ring()] = value;
  }

  /** A tick is over. What is counted begins anew. */
  void tick(long tick) {
    for (int i = 0; i < rings.length; i++) {
      rings[i][(int) (tick % TICKS)] = now[i];
    }
    Arrays.fill(now, Figure.SUCCEEDED.ring(), Figure.CANCELLED.ring() + 1, 0);
  }

  long get(Figure figure, long tick) {
    return rings[figure.ring()][(int) (tick % TICKS)];
  }
}
