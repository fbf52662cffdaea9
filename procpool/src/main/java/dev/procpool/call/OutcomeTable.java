package dev.procpool.call;

import dev.procpool.Outcome;
import dev.procpool.spi.ValueBatch;
import dev.procpool.spi.WorkerName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The outcomes of one call by index, 17 bytes each for the ordinary success with a number.
 *
 * <p>A success at the first attempt is kept in arrays and becomes an {@link Outcome} when asked
 * for; of a boxed primitive only its bits are kept, so that a million results are a few arrays to
 * the garbage collector and not a million objects. Everything else is kept as the object it came
 * as. Segments of fixed size make growing cheap at any size: what is stored is never copied. Not
 * thread-safe: guarded by its call's lock.
 *
 * @param <R> the type of the values
 */
final class OutcomeTable<R> {

  private static final int SHIFT = 12;
  static final int SEGMENT = 1 << SHIFT;

  // what a slot has; the first two are not in Primitive's way
  private static final byte NONE = 0;
  private static final byte OBJECT = 1;
  private static final byte OUTCOME = 2;

  /** How many workers are looked at one by one, the newest first. */
  private static final int RECENT = 16;

  private final long expected;
  private @Nullable Segment[] segments = new Segment[1];
  private long firstFailure = Long.MAX_VALUE;

  /** Who has reported, by the numbers that slots have. */
  private final List<WorkerName> workers = new ArrayList<>(2);

  /** The same by name; null while one worker has reported all. */
  private @Nullable Map<WorkerName, Integer> numbers;

  private @Nullable WorkerName lastWorker;
  private int lastNumber;

  /** Makes a table that expects so many items; a negative number if unknown. */
  OutcomeTable(long expected) {
    this.expected = expected;
  }

  /** Stores a success: false if the item has an outcome. */
  boolean putSuccess(long index, R value, int attempts, long nanos, WorkerName worker) {
    boolean isShort = isShort(attempts, nanos);
    byte kind = isShort ? Primitive.kindOf(value) : Primitive.NO_PRIMITIVE;
    if (kind != Primitive.NO_PRIMITIVE) {
      return putPrimitive(index, kind, Primitive.bitsOf(value), attempts, nanos, worker);
    }
    Segment segment = segment(index);
    int slot = slot(index);
    if (segment.kinds[slot] != NONE) {
      return false;
    }
    if (isShort) {
      segment.putRun(slot, nanos, number(worker));
      segment.putObject(slot, OBJECT, value);
    } else {
      segment.putObject(
          slot,
          OUTCOME,
          new Outcome.Success<>(
              index, attempts, Duration.ofNanos(nanos), worker.pid(), worker.host(), value));
    }
    return true;
  }

  /**
   * Stores successes that come together. The loop does not touch the call's counter: the feeder
   * writes into the same cache line for each item.
   *
   * @return which of them had an outcome; null for none
   */
  @Nullable BitSet putSuccesses(
      long[] indexes,
      ValueBatch<? extends R> values,
      int attempts,
      long[] nanos,
      WorkerName worker) {
    BitSet old = null;
    for (int i = 0; i < values.size(); i++) {
      byte type = values.primitive(i);
      boolean isNew =
          type == Primitive.NO_PRIMITIVE
              ? putSuccess(indexes[i], values.value(i), attempts, nanos[i], worker)
              : putPrimitive(indexes[i], type, values.bits(i), attempts, nanos[i], worker);
      if (!isNew) {
        old = old == null ? new BitSet() : old;
        old.set(i);
      }
    }
    return old;
  }

  /** Stores a success with a primitive, by its bits: false if the item has an outcome. */
  @SuppressWarnings("unchecked") // R is what the task returned
  boolean putPrimitive(
      long index, byte kind, long bits, int attempts, long nanos, WorkerName worker) {
    if (!isShort(attempts, nanos)) {
      return putSuccess(index, (R) Primitive.box(kind, bits), attempts, nanos, worker);
    }
    Segment segment = segment(index);
    int slot = slot(index);
    if (segment.kinds[slot] != NONE) {
      return false;
    }
    segment.putRun(slot, nanos, number(worker));
    segment.putBits(slot, kind, bits);
    return true;
  }

  private static boolean isShort(int attempts, long nanos) {
    return attempts == 1 && (int) nanos == nanos;
  }

  /** The number that slots have of a worker. Who reports, reports many items as a rule. */
  @SuppressWarnings("ReferenceEquality") // one that is equal is found more slowly
  private int number(WorkerName worker) {
    if (worker != lastWorker) {
      lastNumber = find(worker);
      lastWorker = worker;
    }
    return lastNumber;
  }

  /** The same. A few take turns, most of the time: to look through those is faster than a map. */
  @SuppressWarnings("ReferenceEquality") // as above
  private int find(WorkerName worker) {
    int count = workers.size();
    for (int number = count - 1; number >= 0 && number >= count - RECENT; number--) {
      if (workers.get(number) == worker) {
        return number;
      }
    }
    Integer known = count == 0 ? null : numbers().putIfAbsent(worker, count);
    if (known == null) {
      workers.add(worker);
      return count;
    }
    return known;
  }

  private Map<WorkerName, Integer> numbers() {
    if (numbers == null) {
      numbers = new HashMap<>();
      for (int number = 0; number < workers.size(); number++) {
        numbers.put(workers.get(number), number);
      }
    }
    return numbers;
  }

  /** Stores any outcome: false if the item has one. */
  boolean put(Outcome<R> outcome) {
    long index = outcome.index();
    Segment segment = segment(index);
    int slot = slot(index);
    if (segment.kinds[slot] != NONE) {
      return false;
    }
    segment.putObject(slot, OUTCOME, outcome);
    if (!outcome.isSuccess()) {
      firstFailure = Math.min(firstFailure, index);
    }
    return true;
  }

  /** Forgets all outcomes. Makes no object. */
  void clear() {
    Arrays.fill(segments, null);
    workers.clear();
    numbers = null;
    lastWorker = null;
    firstFailure = Long.MAX_VALUE;
  }

  /** The lowest index with an outcome that is not a success; {@link Long#MAX_VALUE} if none. */
  long firstFailure() {
    return firstFailure;
  }

  /** The lowest index without an outcome, of so many items; their number if each has one. */
  long firstMissing(long items) {
    long index = 0;
    while (index < items && contains(index)) {
      index++;
    }
    return index;
  }

  boolean contains(long index) {
    return find(index) != null;
  }

  /** The outcome of an item; null if it has none. */
  @SuppressWarnings({"unchecked", "NullAway"}) // slots hold what was put for this R, null or not
  @Nullable Outcome<R> get(long index) {
    Segment segment = find(index);
    if (segment == null) {
      return null;
    }
    int slot = slot(index);
    if (segment.kinds[slot] == OUTCOME) {
      return (Outcome<R>) segment.object(slot);
    }
    WorkerName worker = workers.get(segment.workers[slot]);
    return new Outcome.Success<>(
        index,
        1,
        Duration.ofNanos(segment.nanos[slot]),
        worker.pid(),
        worker.host(),
        (R) segment.value(slot));
  }

  /** The value of an item that is known to be a success. */
  @SuppressWarnings({"unchecked", "NullAway"}) // as get
  R value(long index) {
    Segment segment = segments[(int) (index >>> SHIFT)];
    int slot = slot(index);
    return segment.kinds[slot] == OUTCOME
        ? ((Outcome<R>) Objects.requireNonNull(segment.object(slot))).valueOrThrow()
        : (R) segment.value(slot);
  }

  /** The segment of an item that has an outcome; null if it has none. */
  private @Nullable Segment find(long index) {
    int number = (int) (index >>> SHIFT);
    Segment segment = number < segments.length ? segments[number] : null;
    int slot = slot(index);
    boolean there = segment != null && slot < segment.kinds.length && segment.kinds[slot] != NONE;
    return there ? segment : null;
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
    if (slot(index) >= segment.kinds.length) { // the source has more items than it said
      segment.grow();
    }
    return segment;
  }

  private static int slot(long index) {
    return (int) index & (SEGMENT - 1);
  }

  /** A run of items. Of the last two arrays there is what is needed. */
  private static final class Segment {

    byte[] kinds;
    int[] nanos;
    int[] workers;
    long @Nullable [] bits;
    @Nullable Object @Nullable [] objects;

    Segment(int size) {
      kinds = new byte[size];
      nanos = new int[size];
      workers = new int[size];
    }

    void putRun(int slot, long took, int worker) {
      nanos[slot] = (int) took;
      workers[slot] = worker;
    }

    void putBits(int slot, byte kind, long value) {
      if (bits == null) {
        bits = new long[kinds.length];
      }
      bits[slot] = value;
      kinds[slot] = kind;
    }

    void putObject(int slot, byte kind, @Nullable Object value) {
      if (objects == null) {
        objects = new Object[kinds.length];
      }
      objects[slot] = value;
      kinds[slot] = kind;
    }

    @Nullable Object object(int slot) {
      return Objects.requireNonNull(objects)[slot];
    }

    @Nullable Object value(int slot) {
      byte kind = kinds[slot];
      return kind == OBJECT
          ? object(slot)
          : Primitive.box(kind, Objects.requireNonNull(bits)[slot]);
    }

    void grow() {
      kinds = Arrays.copyOf(kinds, SEGMENT);
      nanos = Arrays.copyOf(nanos, SEGMENT);
      workers = Arrays.copyOf(workers, SEGMENT);
      bits = bits == null ? null : Arrays.copyOf(bits, SEGMENT);
      objects = objects == null ? null : Arrays.copyOf(objects, SEGMENT);
    }
  }
}
