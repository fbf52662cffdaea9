package dev.procpool.sharing;

import dev.procpool.codec.ElementType;
import dev.procpool.guard.Uninterrupted;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How the elements of a primitive array or of a buffer lie in a file: one after another, in this
 * machine's byte order. A buffer is read in place, an array is copied once.
 *
 * @param type what they are
 * @param isArray whether the value is an array
 * @param count how many there are
 * @param isBigEndian the byte order of a byte buffer
 */
record RawElements(ElementType type, boolean isArray, int count, boolean isBigEndian)
    implements Serializable {

  /** A mapping covers less than two gigabytes; a multiple of every element's size. */
  private static final int WINDOW_BYTES = 1 << 30;

  private static final int WRITE_BYTES = 1 << 20;

  /** Describes a value; null if it is neither an array of numbers nor a buffer. */
  static @Nullable RawElements of(@Nullable Object value) {
    boolean isArray = !(value instanceof Buffer);
    Buffer elements = isArray ? ElementType.ofArray(value) : (Buffer) value;
    if (elements == null) {
      return null;
    }
    boolean isBig = elements instanceof ByteBuffer b && b.order() == ByteOrder.BIG_ENDIAN;
    return new RawElements(ElementType.of(elements), isArray, elements.remaining(), isBig);
  }

  /** Writes the value that this describes. */
  void write(Object value, OutputStream to) throws IOException {
    Buffer elements = isArray ? Objects.requireNonNull(ElementType.ofArray(value)) : (Buffer) value;
    ByteBuffer bytes = ByteBuffer.allocate(WRITE_BYTES).order(ByteOrder.nativeOrder());
    int atOnce = WRITE_BYTES / type.bytes();
    for (int at = 0; at < count; at += Math.min(atOnce, count - at)) { // which does not overflow
      int many = Math.min(atOnce, count - at);
      bytes.clear();
      type.copy(elements.slice(elements.position() + at, many), type.view(bytes));
      to.write(bytes.array(), 0, many * type.bytes());
    }
  }

  /** Reads the value that this describes. */
  Object read(Path file) throws IOException {
    return Uninterrupted.call(() -> readNow(file));
  }

  private Object readNow(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      if (!isArray) {
        ByteBuffer bytes = map(channel, 0, count);
        return type == ElementType.BYTE ? bytes.order(order()) : type.view(bytes);
      }
      Object array = type.newArray(count);
      Buffer elements = Objects.requireNonNull(ElementType.ofArray(array));
      int perWindow = WINDOW_BYTES / type.bytes();
      for (int at = 0; at < count; at += Math.min(perWindow, count - at)) {
        int many = Math.min(perWindow, count - at);
        type.copy(type.view(map(channel, at, many)), elements);
      }
      return array;
    }
  }

  /** Tells whether a buffer is too large to be mapped in one piece. */
  boolean isTooLarge() {
    return !isArray && (long) count * type.bytes() > Integer.MAX_VALUE;
  }

  /** Gives a task a view of its own of a buffer; an array as it is. */
  Object viewOf(Object value) {
    return isArray ? value : ElementType.readOnly((Buffer) value);
  }

  private ByteOrder order() {
    return isBigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
  }

  private ByteBuffer map(FileChannel channel, int at, int many) throws IOException {
    long from = (long) at * type.bytes();
    return channel
        .map(FileChannel.MapMode.READ_ONLY, from, (long) many * type.bytes())
        .order(ByteOrder.nativeOrder());
  }
}
