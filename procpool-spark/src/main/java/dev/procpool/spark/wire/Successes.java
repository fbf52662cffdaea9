package dev.procpool.spark.wire;

import dev.procpool.Outcome;
import dev.procpool.spi.Attempt;
import dev.procpool.spi.WorkerName;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;

/**
 * Items of one call of which one worker has made values, one after another: they cross together, as
 * to say of each whose it is takes longer than small values do. For one thread at a time.
 */
public final class Successes {

  private final long call;
  private final int attempts;
  private final WorkerName worker;
  private long[] indexes;
  private long[] nanos;

  /** Where each value ends among the bytes; it begins where the one before it ends. */
  private int[] ends;

  private byte[] bytes;
  private int count;

  /**
   * Makes one without items.
   *
   * @param call the call's number
   * @param attempts how often each item was started
   * @param worker who has run them
   * @param expected how many items there will be, about
   */
  public Successes(long call, int attempts, WorkerName worker, int expected) {
    this.call = call;
    this.attempts = attempts;
    this.worker = worker;
    this.indexes = new long[expected];
    this.nanos = new long[expected];
    this.ends = new int[expected];
    this.bytes = new byte[8 * expected];
  }

  /**
   * Adds an item.
   *
   * @param index its index
   * @param took how long it ran, in nanoseconds
   * @param value its value, encoded; not kept
   */
  public void add(long index, long took, byte[] value) {
    int start = next(index, took, value.length);
    System.arraycopy(value, 0, bytes, start, value.length);
  }

  /** Makes room for an item, and tells where its value is to be put. */
  private int next(long index, long took, int length) {
    if (count == indexes.length) {
      int more = Math.max(16, 2 * count);
      indexes = Arrays.copyOf(indexes, more);
      nanos = Arrays.copyOf(nanos, more);
      ends = Arrays.copyOf(ends, more);
    }
    int start = start(count);
    if (bytes.length - start < length) {
      bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(start, length), 2 * bytes.length));
    }
    indexes[count] = index;
    nanos[count] = took;
    ends[count++] = start + length;
    return start;
  }

  public long call() {
    return call;
  }

  public int attempts() {
    return attempts;
  }

  public WorkerName worker() {
    return worker;
  }

  public int count() {
    return count;
  }

  public long index(int item) {
    return indexes[item];
  }

  public long nanos(int item) {
    return nanos[item];
  }

  /** Where the value of an item begins among the {@link #bytes}. */
  public int start(int item) {
    return item == 0 ? 0 : ends[item - 1];
  }

  /** How many bytes the value of an item has. */
  public int length(int item) {
    return ends[item] - start(item);
  }

  /** How many bytes all values have. */
  public int byteCount() {
    return start(count);
  }

  /** The same of an item alone. */
  public Outcome<byte[]> outcome(int item) {
    byte[] value = Arrays.copyOfRange(bytes, start(item), ends[item]);
    return new Attempt(indexes[item], attempts, nanos[item], worker).succeeded(value);
  }

  /** Holds all values; not a copy, and may be longer. */
  public byte[] bytes() {
    return bytes;
  }

  /** Writes them. */
  public void write(DataOutputStream out) throws IOException {
    out.writeLong(call);
    out.writeInt(attempts);
    out.writeUTF(worker.host());
    out.writeLong(worker.pid());
    out.writeInt(count);
    long before = -1;
    for (int i = 0; i < count; i++) {
      Wire.writeNumber(indexes[i] - before - 1, out);
      Wire.writeNumber(nanos[i], out);
      Wire.writeNumber(length(i), out);
      out.write(bytes, start(i), length(i));
      before = indexes[i];
    }
  }

  /** Reads some of a call whose number, which comes first, was read already. */
  public static Successes read(long call, DataInputStream in) throws IOException {
    int attempts = in.readInt();
    WorkerName worker = WorkerName.of(in.readUTF(), in.readLong());
    int count = in.readInt();
    Successes read = new Successes(call, attempts, worker, Math.max(0, Math.min(count, 1024)));
    long before = -1;
    for (int i = 0; i < count; i++) {
      long index = before + 1 + Wire.readNumber(in);
      long nanos = Wire.readNumber(in);
      int length = Wire.readLength(in);
      int start = read.next(index, nanos, length); // which may move the bytes
      in.readFully(read.bytes, start, length);
      before = index;
    }
    return read;
  }
}
