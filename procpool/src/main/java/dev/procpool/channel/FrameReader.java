package dev.procpool.channel;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ReadableByteChannel;
import java.util.Arrays;

/**
 * Cuts a stream of bytes into frames, in place.
 *
 * <p>Owned by one thread. {@link #fill} takes what the channel has; then each {@link #next} goes to
 * the next complete frame, which {@link #array()}, {@link #offset()} and {@link #length()} show
 * until the following call.
 *
 * <p>The buffer grows only as bytes arrive, so that a declared length alone costs no memory.
 */
public final class FrameReader {

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private static final int INITIAL_BYTES = 64 * 1024;

  /**
   * The most that is read at once: the JDK copies each read through a direct buffer of this size.
   */
  private static final int MAX_READ_BYTES = 1024 * 1024;

  private static final int MAX_ARRAY_BYTES = Integer.MAX_VALUE - 8;

  private final long maxFrameBytes;
  private byte[] buffer = new byte[INITIAL_BYTES];

  /** The bytes not yet given out are {@code buffer[start, end)}. */
  private int start;

  private int end;

  private int type;
  private int offset;
  private int length;

  /**
   * Makes a reader.
   *
   * @param maxFrameBytes the longest payload to accept
   */
  public FrameReader(long maxFrameBytes) {
    this.maxFrameBytes = Math.min(maxFrameBytes, MAX_ARRAY_BYTES - Frame.HEADER_BYTES);
  }

  /**
   * Reads once from the channel.
   *
   * @param channel where to read
   * @return the number of bytes read; 0 if a non-blocking channel has none; -1 at its end
   * @throws IOException if reading fails
   */
  public int fill(ReadableByteChannel channel) throws IOException {
    makeRoom();
    int room = Math.min(buffer.length - end, MAX_READ_BYTES);
    int read = channel.read(ByteBuffer.wrap(buffer, end, room));
    if (read > 0) {
      end += read;
    }
    return read;
  }

  /**
   * Goes to the next complete frame.
   *
   * @return false if there is none until more bytes arrive
   * @throws IOException if the frame is longer than allowed
   */
  public boolean next() throws IOException {
    if (end - start < Frame.HEADER_BYTES) {
      return false;
    }
    long header = (long) LONG.get(buffer, start);
    long declared = Frame.length(header);
    if (declared > maxFrameBytes) {
      throw new IOException(
          "frame of " + declared + " bytes is longer than the limit of " + maxFrameBytes);
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
    return buffer;
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
        buffer = new byte[INITIAL_BYTES]; // a large frame's memory is not kept
      }
    }
    if (end < buffer.length && (start == 0 || buffer.length - end >= INITIAL_BYTES / 4)) {
      return;
    }
    int used = end - start;
    if (start > 0 && used <= buffer.length / 2) {
      System.arraycopy(buffer, start, buffer, 0, used);
    } else {
      int grown = (int) Math.min(Math.max((long) used * 2, INITIAL_BYTES), MAX_ARRAY_BYTES);
      byte[] larger = new byte[grown];
      System.arraycopy(buffer, start, larger, 0, used);
      buffer = larger;
    }
    start = 0;
    end = used;
  }

  /**
   * Copies the current frame's payload.
   *
   * @param from where to begin, relative to the payload
   * @return the bytes from there on
   */
  public byte[] copy(int from) {
    return Arrays.copyOfRange(buffer, offset + from, offset + length);
  }
}
