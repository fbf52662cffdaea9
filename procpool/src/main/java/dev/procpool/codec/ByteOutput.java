package dev.procpool.codec;

import java.io.OutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A growable byte buffer, big-endian, that encoders append to.
 *
 * <p>Owned by one thread at a time. Between {@link #beginValue} and {@link #endValue} what exceeds
 * the value's limit is counted but not stored, so that the full size of a value that is too large
 * is known without the memory to hold it.
 */
public final class ByteOutput extends OutputStream {

  /** The largest array that every JVM can make. */
  static final int MAX_ARRAY = Integer.MAX_VALUE - 8;

  static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  /** A buffer that one large value blew up to more than this is given back by {@link #reset}. */
  private static final int KEPT = 1 << 20;

  /** What follows a large value, such as a trailer, must not have all of it moved. */
  private static final long SLACK = 64;

  /** A shorter array gains nothing from travelling alone. */
  static final int MIN_BODY = 1 << 18;

  private final int initialCapacity;
  private final long limit;
  private byte[] array;

  /** Where the next byte goes; beyond {@link #bound} while a value is only counted. */
  private long position;

  /** No byte is stored at or after this position. */
  private long bound = MAX_ARRAY;

  private boolean inValue;

  /** Arrays that are not among the bytes; null if all are to be. */
  private @Nullable List<byte[]> bodies;

  private boolean copiesBodies;

  /** How many bytes of the open value are in bodies. */
  private long bodyBytes;

  /**
   * Makes an empty buffer.
   *
   * @param initialCapacity bytes to allocate at first
   * @param limit the most bytes that one encoded value may take; see {@link Codec}
   */
  public ByteOutput(int initialCapacity, long limit) {
    if (initialCapacity < 0) {
      throw new IllegalArgumentException(
          "initialCapacity must not be negative: " + initialCapacity);
    }
    if (limit <= 0) {
      throw new IllegalArgumentException("limit must be positive: " + limit);
    }
    this.initialCapacity = initialCapacity;
    this.array = new byte[initialCapacity];
    this.limit = limit;
  }

  /**
   * Has large byte arrays put aside as bodies of values, so that they can travel by themselves and
   * need not be copied out where they arrive.
   *
   * @param copied whether each is put aside in a copy of its own, or by reference
   * @return this
   */
  public ByteOutput withBodies(boolean copied) {
    bodies = new ArrayList<>(2);
    copiesBodies = copied;
    return this;
  }

  /**
   * Takes away the bodies that were put aside, in the order of the values.
   *
   * @return the bodies, now the caller's; empty if there are none
   */
  public List<byte[]> takeBodies() {
    if (bodies == null || bodies.isEmpty()) {
      return List.of();
    }
    List<byte[]> taken = List.copyOf(bodies);
    bodies.clear();
    return taken;
  }

  /** Puts a large array aside, if that is wanted, and writes its length. */
  boolean putBody(byte[] bytes) {
    if (bodies == null || bytes.length < MIN_BODY) {
      return false;
    }
    putByte(Tag.BODY);
    putVarInt(bytes.length);
    if (position + bytes.length > bound) {
      position += bytes.length; // too large: counted only
    } else {
      bodies.add(copiesBodies ? bytes.clone() : bytes); // a clone is not filled with zeros first
      bodyBytes += bytes.length;
      bound -= bytes.length;
    }
    return true;
  }

  /**
   * Tells how many bytes were written.
   *
   * @return bytes
   */
  public int size() {
    return (int) Math.min(position, bound);
  }

  /**
   * Gives the bytes themselves, not a copy; the first {@link #size()} of them count. The next write
   * may move to another array.
   *
   * @return the array in use
   */
  public byte[] array() {
    return array;
  }

  /** Forgets all bytes; keeps the memory for the next ones unless it is much. */
  public void reset() {
    truncate(0);
    if (array.length > Math.max(KEPT, initialCapacity)) {
      array = new byte[initialCapacity];
    }
  }

  /**
   * Forgets the bytes from a position on.
   *
   * @param size how many bytes to keep, at most {@link #size()}
   */
  public void truncate(int size) {
    Objects.checkIndex(size, size() + 1);
    position = size;
  }

  /**
   * Copies what was written.
   *
   * @return a new array
   */
  public byte[] toByteArray() {
    return Arrays.copyOf(array, size());
  }

  /**
   * Opens a value: from here on bytes above its limit are counted, not stored.
   *
   * @param valueLimit the most bytes that the value may take
   */
  void beginValue(long valueLimit) {
    inValue = true;
    bodyBytes = 0;
    bound = Math.min(MAX_ARRAY, position + Math.min(MAX_ARRAY, Math.min(limit, valueLimit)));
  }

  /** Closes the value; the caller has truncated it if it {@link #overflowed()}. */
  void endValue() {
    inValue = false;
    bound = MAX_ARRAY;
    bodyBytes = 0;
  }

  /** Forgets the open value, which began at a position, and its bodies. */
  void dropValue(int start) {
    while (bodyBytes > 0) {
      byte[] last = Objects.requireNonNull(bodies).remove(bodies.size() - 1);
      bodyBytes -= last.length;
    }
    endValue();
    truncate(start);
  }

  /** How many bytes of the open value are in bodies, which {@link #position()} leaves out. */
  long bodyBytes() {
    return bodyBytes;
  }

  /** Tells whether the open value exceeds its limit. */
  boolean overflowed() {
    return position > bound;
  }

  /** Where the next byte would go, counted bytes included. */
  long position() {
    return position;
  }

  /** Where the open value must end. */
  long bound() {
    return bound;
  }

  /** Goes back to an earlier {@link #position()}. */
  void rewind(long earlier) {
    position = earlier;
  }

  /** Makes room for some bytes and says where they go; -1 if they are only counted. */
  private int claim(long bytes) {
    long start = position;
    long end = start + bytes;
    if (end > bound) {
      if (!inValue) {
        throw new IllegalStateException(
            "a buffer holds at most " + MAX_ARRAY + " bytes: send what it has before adding more");
      }
      position = end;
      return -1;
    }
    if (end > array.length) {
      grow((int) end);
    }
    position = end;
    return (int) start;
  }

  private void grow(int needed) {
    long doubled = Math.max(64L, array.length * 2L);
    array = Arrays.copyOf(array, (int) Math.min(MAX_ARRAY, Math.max(needed + SLACK, doubled)));
  }

  @Override
  public void write(int value) {
    putByte(value);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    int at = claim(length);
    if (at >= 0) {
      System.arraycopy(bytes, offset, array, at, length);
    }
  }

  /**
   * Appends the low eight bits.
   *
   * @param value the byte
   */
  public void putByte(int value) {
    int at = claim(1);
    if (at >= 0) {
      array[at] = (byte) value;
    }
  }

  /**
   * Appends two bytes.
   *
   * @param value the low 16 bits count
   */
  public void putShort(int value) {
    int at = claim(2);
    if (at >= 0) {
      SHORTS.set(array, at, (short) value);
    }
  }

  /**
   * Appends four bytes.
   *
   * @param value the number
   */
  public void putInt(int value) {
    int at = claim(4);
    if (at >= 0) {
      INTS.set(array, at, value);
    }
  }

  /**
   * Appends eight bytes.
   *
   * @param value the number
   */
  public void putLong(long value) {
    int at = claim(8);
    if (at >= 0) {
      LONGS.set(array, at, value);
    }
  }

  /**
   * Appends an unsigned number in one to five bytes, seven bits a byte, low bits first.
   *
   * @param value the number, read as unsigned
   */
  public void putVarInt(int value) {
    int rest = value;
    while ((rest & ~0x7f) != 0) {
      putByte(rest | 0x80);
      rest >>>= 7;
    }
    putByte(rest);
  }

  /**
   * Appends an unsigned number in one to ten bytes, seven bits a byte, low bits first.
   *
   * @param value the number, read as unsigned
   */
  public void putVarLong(long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      putByte((int) rest | 0x80);
      rest >>>= 7;
    }
    putByte((int) rest);
  }

  /**
   * Overwrites four bytes written before.
   *
   * @param at where the first of them lies
   * @param value the number
   */
  public void setInt(int at, int value) {
    Objects.checkFromIndexSize(at, 4, size());
    INTS.set(array, at, value);
  }

  /** Adds bits to a byte written before. */
  void setBits(int at, int bits) {
    Objects.checkIndex(at, size());
    array[at] |= (byte) bits;
  }

  /** Makes room for a bulk copy and gives a view of it; null if the bytes are only counted. */
  @Nullable ByteBuffer claimView(long bytes) {
    int at = claim(bytes);
    return at < 0 ? null : ByteBuffer.wrap(array, at, (int) bytes);
  }

  /** Appends the low byte of each character. */
  @SuppressWarnings("deprecation") // the one way to copy Latin-1 without a second array
  void putLatin1(String text) {
    int at = claim(text.length());
    if (at >= 0) {
      text.getBytes(0, text.length(), array, at);
    }
  }

  /** Appends two bytes for each character. */
  void putChars(String text) {
    int length = text.length();
    int at = claim(2L * length);
    if (at >= 0) {
      for (int i = 0; i < length; i++) {
        SHORTS.set(array, at + 2 * i, (short) text.charAt(i));
      }
    }
  }
}
