package dev.procpool.channel;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream of bytes into frames, in place.
 *
 * <p>Owned by one thread. {@link #fill} takes what there is; then each {@link #next} goes to the
 * next complete frame, which {@link #array()}, {@link #offset()} and {@link #length()} show until
 * the following call.
 *
 * <p>A body, a frame of a type of its own, is read into an array that holds nothing else.
 *
 * <p>The buffer grows only as bytes arrive, so that a declared length alone costs no memory, unless
 * the reader is {@linkplain #believing told to believe it}.
 */
public final class FrameReader {

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private static final int INITIAL_BYTES = 64 * 1024;

  /**
   * The most that is read at once: the JDK copies each read through a direct buffer of this size.
   */
  private static final int MAX_READ_BYTES = 1024 * 1024;

  /** A frame of this size is in an array of about its own size. */
  static final int LARGE_BYTES = 1024 * 1024;

  /** More than what follows the payload in any frame. */
  private static final int KEPT_OF_SKIPPED = 64;

  private long maxFrameBytes;
  private final boolean believing;

  /** The type of bodies; -1 for none. */
  private final int bodyType;

  private byte[] buffer = new byte[INITIAL_BYTES];

  /** The bytes not yet given out are {@code buffer[start, end)}. */
  private int start;

  private int end;

  /** The body that is being read; null for none. */
  private byte @Nullable [] body;

  /** How much of it is there. */
  private int filled;

  /** What holds the current frame: the buffer, or it is a body. */
  private byte[] array = buffer;

  private int type;
  private int offset;
  private int length;

  private long received;

  /** The size of the frame that is being skipped; -1 for none. */
  private long skipping = -1;

  /** How much of it is still to come. */
  private long toSkip;

  /** The size of the current frame if all but its end was skipped; -1 if not. */
  private long skipped = -1;

  /**
   * Makes a reader.
   *
   * @param maxFrameBytes the longest payload to accept
   */
  public FrameReader(long maxFrameBytes) {
    this(maxFrameBytes, false, -1);
  }

  private FrameReader(long maxFrameBytes, boolean believing, int bodyType) {
    this.believing = believing;
    this.bodyType = bodyType;
    limit(maxFrameBytes);
  }

  /**
   * Changes the longest payload to accept.
   *
   * @param bytes how many
   */
  public final void limit(long bytes) {
    maxFrameBytes = Math.min(bytes, BufferGrowth.MAX_BYTES - Frame.HEADER_BYTES);
  }

  /**
   * Makes a reader that believes the lengths it is told, and so makes room for all of a large frame
   * at once.
   *
   * @param bodyType the type of bodies; -1 for none
   * @return the reader
   */
  static FrameReader believing(int bodyType) {
    return new FrameReader(Long.MAX_VALUE, true, bodyType);
  }

  /**
   * Reads once.
   *
   * @param source where to read
   * @return the number of bytes read; 0 if there are none now; -1 at the end
   * @throws IOException if reading fails
   */
  int fill(ByteSource source) throws IOException {
    int read = fillNow(source);
    received += Math.max(read, 0);
    return read;
  }

  /**
   * Tells how much was read so far.
   *
   * @return bytes
   */
  public long received() {
    return received;
  }

  private int fillNow(ByteSource source) throws IOException {
    if (body != null) {
      int rest = Math.min(body.length - filled, MAX_READ_BYTES);
      int read = source.read(ByteBuffer.wrap(body, filled, rest));
      filled += Math.max(read, 0);
      return read;
    }
    if (skipping >= 0) {
      return fillSkipping(source);
    }
    makeRoom();
    int room = Math.min(buffer.length - end, MAX_READ_BYTES);
    int read = source.read(ByteBuffer.wrap(buffer, end, room));
    if (read > 0) {
      end += read;
    }
    return read;
  }

  /**
   * Begins to skip the frame that there is no memory for, all but its end, unless that has begun.
   * Makes no object.
   *
   * @return false if no frame has come
   */
  boolean skip() {
    if (skipping >= 0) {
      return true;
    }
    if (body != null || end - start < Frame.HEADER_BYTES) {
      return false;
    }
    long header = (long) LONG.get(buffer, start);
    long missing = Frame.length(header) - (end - start - Frame.HEADER_BYTES);
    if (missing <= 0 || Frame.length(header) > maxFrameBytes) {
      return false;
    }
    type = Frame.type(header);
    skipping = Frame.length(header);
    toSkip = missing;
    start += Frame.HEADER_BYTES;
    dropAllButEnd();
    return true;
  }

  private int fillSkipping(ByteSource source) throws IOException {
    int room = (int) Math.min(Math.min(buffer.length - end, toSkip), MAX_READ_BYTES);
    int read = source.read(ByteBuffer.wrap(buffer, end, room));
    if (read > 0) {
      end += read;
      toSkip -= read;
      dropAllButEnd();
    }
    return read;
  }

  private void dropAllButEnd() {
    int kept = Math.min(end - start, KEPT_OF_SKIPPED);
    System.arraycopy(buffer, end - kept, buffer, 0, kept);
    start = 0;
    end = kept;
  }

  private boolean endSkipped() {
    if (toSkip > 0) {
      return false;
    }
    offset = start;
    length = end - start;
    start = end;
    skipped = skipping;
    skipping = -1;
    return true;
  }

  /**
   * Tells whether there was no memory for the current frame, so that only its end is there.
   *
   * @return the size of all of its payload; -1 if that is there
   */
  public long skipped() {
    return skipped;
  }

  /**
   * Goes to the next complete frame.
   *
   * @return false if there is none until more bytes arrive
   * @throws IOException if the frame is longer than allowed
   */
  public boolean next() throws IOException {
    array = buffer;
    skipped = -1;
    if (body != null) {
      return endBody(body);
    }
    if (skipping >= 0) {
      return endSkipped();
    }
    if (end - start < Frame.HEADER_BYTES) {
      return false;
    }
    long header = (long) LONG.get(buffer, start);
    long declared = Frame.length(header);
    if (declared > maxFrameBytes) {
      throw new IOException(
          "frame of " + declared + " bytes is longer than the limit of " + maxFrameBytes);
    }
    if (Frame.type(header) == bodyType) {
      return endBody(beginBody((int) declared));
    }
    if (end - start - Frame.HEADER_BYTES < declared) {
      return false;
    }
    type = Frame.type(header);
    offset = start + Frame.HEADER_BYTES;
    length = (int) declared;
    start = offset + length;
    return true;
  }

  /** Makes a body's array, and takes into it what is in the buffer. */
  private byte[] beginBody(int declared) {
    byte[] begun = new byte[declared];
    start += Frame.HEADER_BYTES;
    filled = Math.min(declared, end - start);
    System.arraycopy(buffer, start, begun, 0, filled);
    start += filled;
    body = begun;
    return begun;
  }

  /** Makes a body the current frame if all of it is there. */
  private boolean endBody(byte[] begun) {
    if (filled < begun.length) {
      return false;
    }
    body = null;
    array = begun;
    type = bodyType;
    offset = 0;
    length = begun.length;
    return true;
  }

  /**
   * Gives the current frame's type.
   *
   * @return the type, 0 to 255
   */
  public int type() {
    return type;
  }

  /**
   * Gives the array that holds the current frame's payload.
   *
   * @return the array; not to be kept
   */
  public byte[] array() {
    return array;
  }

  /**
   * Gives the place of the current frame's payload.
   *
   * @return its first index in {@link #array()}
   */
  public int offset() {
    return offset;
  }

  /**
   * Gives the size of the current frame's payload.
   *
   * @return the number of bytes
   */
  public int length() {
    return length;
  }

  private void makeRoom() {
    if (start == end) {
      start = 0;
      end = 0;
      if (buffer.length > INITIAL_BYTES) {
        shrink();
      }
    }
    if (end < buffer.length && (start == 0 || buffer.length - end >= INITIAL_BYTES / 4)) {
      return;
    }
    int used = end - start;
    if (start > 0 && used <= buffer.length / 2) {
      System.arraycopy(buffer, start, buffer, 0, used);
    } else {
      byte[] larger = new byte[largerSize(used)];
      System.arraycopy(buffer, start, larger, 0, used);
      buffer = larger;
    }
    start = 0;
    end = used;
  }

  /** Does not keep a large frame's memory. */
  private void shrink() {
    try {
      buffer = new byte[INITIAL_BYTES];
    } catch (OutOfMemoryError e) {
      // then this one will do
    }
  }

  private int largerSize(int used) {
    if (used < Frame.HEADER_BYTES) {
      return BufferGrowth.doubled(used, INITIAL_BYTES);
    }
    long declared = Math.min(Frame.length((long) LONG.get(buffer, start)), maxFrameBytes);
    int whole = (int) Math.max(INITIAL_BYTES, Frame.HEADER_BYTES + declared);
    return BufferGrowth.next(used, whole, INITIAL_BYTES, believing);
  }

  /**
   * Tells whether the current frame's array holds nothing else, so that it is better taken with
   * {@link #detach} than copied.
   *
   * @return whether the frame is large
   */
  public boolean isLarge() {
    return length >= LARGE_BYTES;
  }

  /**
   * Takes the array away, with the current frame in it, at {@link #offset()}; what follows the
   * frame stays.
   *
   * @return the array, now the caller's
   */
  public byte[] detach() {
    byte[] taken = array;
    if (taken != buffer) {
      return taken; // a body
    }
    int rest = end - start;
    buffer = new byte[Math.max(INITIAL_BYTES, rest)];
    System.arraycopy(taken, start, buffer, 0, rest);
    start = 0;
    end = rest;
    return taken;
  }

  /**
   * Copies the current frame's payload.
   *
   * @param from where to begin, relative to the payload
   * @return the bytes from there on
   */
  public byte[] copy(int from) {
    return Arrays.copyOfRange(array, offset + from, offset + length);
  }
}
