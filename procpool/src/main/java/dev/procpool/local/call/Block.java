package dev.procpool.local.call;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Encoded items of consecutive indexes, laid out as they cross to a worker: for each its length as
 * an int and its bytes, which begin with its time limit if each has its own.
 *
 * <p>Filled by the feeder, read by the engine at the same time: what {@link #count} covers never
 * changes. Of fixed capacity, so that nothing moves.
 */
public final class Block {

  static final int MAX_ITEMS = 1024;
  static final int MAX_BYTES = 64 * 1024;

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle COUNT;

  static {
    try {
      COUNT = MethodHandles.lookup().findVarHandle(Block.class, "count", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final long firstIndex;

  /** How often each of the items will have been started once it runs for the first time here. */
  final int attempt;

  private final byte[] bytes;
  private final int[] ends;

  /** When each item was taken from its source, by {@link System#nanoTime()}. */
  private final FeedTimes fedAt = new FeedTimes();

  /** What travels before the single item in here, in frames of their own. */
  private final List<byte[]> bodies;

  /** How many items are in here. Written by the feeder with release order, after the items. */
  private int count;

  /** What follows this; once there is one, this gets no more items. Written by the feeder. */
  volatile @Nullable Block next;

  Block(long firstIndex, int attempt, int capacity, int items) {
    this(firstIndex, attempt, new byte[capacity], items, List.of());
  }

  private Block(long firstIndex, int attempt, byte[] bytes, int items, List<byte[]> bodies) {
    this.firstIndex = firstIndex;
    this.attempt = attempt;
    this.bytes = bytes;
    this.ends = new int[items];
    this.bodies = bodies;
  }

  /**
   * Makes a block of a single item, of an array that is not copied.
   *
   * @param attempt how often it will have been started once it runs
   * @param item has room for the length before the item
   * @param end where the item ends
   * @param bodies its bodies
   * @param now when it was taken
   */
  static Block of(long index, int attempt, byte[] item, int end, List<byte[]> bodies, long now) {
    Block block = new Block(index, attempt, item, 1, bodies);
    block.put(0, end - Integer.BYTES);
    block.ends[0] = end;
    block.fedAt.add(0, now);
    block.count = 1;
    return block;
  }

  /** Adds an item: false if it does not belong here or there is no room. */
  boolean add(long index, int itsAttempt, byte[] item, int from, int length, long now) {
    int at = count == 0 ? 0 : ends[count - 1];
    if (count == ends.length
        || !continues(index, itsAttempt)
        || length > bytes.length - at - Integer.BYTES) {
      return false;
    }
    put(at, length);
    System.arraycopy(item, from, bytes, at + Integer.BYTES, length);
    ends[count] = at + Integer.BYTES + length;
    fedAt.add(count, now);
    COUNT.setRelease(this, count + 1);
    return true;
  }

  /** Whether an item is the next of these, as far as its place and attempt go. */
  boolean continues(long index, int itsAttempt) {
    return index == firstIndex + count && itsAttempt == attempt;
  }

  private void put(int at, int length) {
    INT.set(bytes, at, length);
  }

  /** How many items are in here now. */
  int count() {
    return (int) COUNT.getAcquire(this);
  }

  public byte[] array() {
    return bytes;
  }

  /** Where an item begins. */
  public int start(int item) {
    return item == 0 ? 0 : ends[item - 1];
  }

  /** When an item was taken from its source, as {@link CallInput} knows it. */
  public long fedAt(int item) {
    return fedAt.of(item);
  }

  /** The time limit that an item begins with, in a call whose items have limits of their own. */
  long limitNanos(int item) {
    return (long) LONG.get(bytes, start(item) + Integer.BYTES);
  }

  /** How many bytes some items take here. */
  public int length(int from, int items) {
    return ends[from + items - 1] - start(from);
  }

  public List<byte[]> bodies() {
    return bodies;
  }

  /** How many bytes some items take in all. */
  public long size(int from, int items) {
    return length(from, items) + size(bodies);
  }

  /** How many bytes are in bodies. */
  public static long size(List<byte[]> bodies) {
    long size = 0;
    for (int i = 0; i < bodies.size(); i++) { // most often there is none, and nothing is to be made
      size += bodies.get(i).length;
    }
    return size;
  }

  @Override
  public String toString() {
    return "items from "
        + firstIndex
        + ", ending at "
        + Arrays.toString(Arrays.copyOf(ends, count()));
  }
}
