package dev.procpool.job;

import dev.procpool.Outcome;
import java.time.Duration;
import java.util.Arrays;

/**
 * The outcomes of one call by index, 16 bytes each for the ordinary success.
 *
 * <p>A success at the first attempt is kept in three arrays and becomes an {@link Outcome} when
 * asked for; everything else is kept as the object it came as. Segments of fixed size make growing
 * cheap at any size: what is stored is never copied. Not thread-safe: guarded by its job's lock.
 *
 * @param <R> the type of the values
 */
final class OutcomeTable<R> {

  private static final int SHIFT = 12;
  static final int SEGMENT = 1 << SHIFT;

  private static final Object NULL = new Object();

  private final long expected;
  private Segment[] segments = new Segment[1];
  private long firstFailure = Long.MAX_VALUE;

  /** Makes a table that expects so many items; a negative number if unknown. */
  OutcomeTable(long expected) {
    this.expected = expected;
  }

  /** Stores a success: false if the item has an outcome. */
  boolean putSuccess(long index, R value, int attempts, long nanos, long pid) {
    Segment segment = segment(index);
    int slot = slot(index);
    if (segment.cells[slot] != null) {
      return false;
    }
    if (attempts == 1 && (int) pid == pid) {
      segment.cells[slot] = value == null ? NULL : value;
      segment.nanos[slot] = nanos;
      segment.pids[slot] = (int) pid;
    } else {
      segment.cells[slot] =
          new Whole(new Outcome.Success<>(index, attempts, Duration.ofNanos(nanos), pid, value));
    }
    return true;
  }

  /** Stores any outcome: false if the item has one. */
  boolean put(Outcome<R> outcome) {
    long index = outcome.index();
    Segment segment = segment(index);
    int slot = slot(index);
    if (segment.cells[slot] != null) {
      return false;
    }
    segment.cells[slot] = new Whole(outcome);
    if (!outcome.isSuccess()) {
      firstFailure = Math.min(firstFailure, index);
    }
    return true;
  }

  /** The lowest index with an outcome that is not a success; {@link Long#MAX_VALUE} if none. */
  long firstFailure() {
    return firstFailure;
  }

  boolean contains(long index) {
    return cell(index) != null;
  }

  /** The outcome of an item; null if it has none. */
  @SuppressWarnings("unchecked") // cells hold what put and putSuccess were given for this R
  Outcome<R> get(long index) {
    Object cell = cell(index);
    if (cell == null) {
      return null;
    }
    if (cell instanceof Whole whole) {
      return (Outcome<R>) whole.outcome;
    }
    Segment segment = segments[(int) (index >>> SHIFT)];
    int slot = slot(index);
    return new Outcome.Success<>(
        index,
        1,
        Duration.ofNanos(segment.nanos[slot]),
        segment.pids[slot],
        cell == NULL ? null : (R) cell);
  }

  /** The value of an item that is known to be a success. */
  @SuppressWarnings("unchecked") // as get
  R value(long index) {
    Object cell = cell(index);
    if (cell instanceof Whole whole) {
      return (R) whole.outcome.valueOrThrow();
    }
    return cell == NULL ? null : (R) cell;
  }

  private Object cell(long index) {
    int number = (int) (index >>> SHIFT);
    if (number >= segments.length || segments[number] == null) {
      return null;
    }
    Segment segment = segments[number];
    int slot = slot(index);
    return slot < segment.cells.length ? segment.cells[slot] : null;
  }

  private Segment segment(long index) {
    int number = Math.toIntExact(index >>> SHIFT);
    if (number >= segments.length) {
      segments = Arrays.copyOf(segments, Math.max(number + 1, segments.length * 2));
    }
    Segment segment = segments[number];
    if (segment == null) {
      long left = expected - (index & -SEGMENT);
      segment = new Segment(left > 0 && left < SEGMENT ? (int) left : SEGMENT);
      segments[number] = segment;
    }
    if (slot(index) >= segment.cells.length) { // the source has more items than it said
      segment.grow();
    }
    return segment;
  }

  private static int slot(long index) {
    return (int) index & (SEGMENT - 1);
  }

  /** An outcome kept as an object; the wrapper tells it from a value of the user's. */
  private record Whole(Outcome<?> outcome) {}

  /** A run of items. */
  private static final class Segment {
    Object[] cells;
    long[] nanos;
    int[] pids;

    Segment(int size) {
      cells = new Object[size];
      nanos = new long[size];
      pids = new int[size];
    }

    void grow() {
      cells = Arrays.copyOf(cells, SEGMENT);
      nanos = Arrays.copyOf(nanos, SEGMENT);
      pids = Arrays.copyOf(pids, SEGMENT);
    }
  }
}
