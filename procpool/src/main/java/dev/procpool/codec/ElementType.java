package dev.procpool.codec;

import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import org.jspecify.annotations.Nullable;

/** What a primitive array or a buffer consists of. */
public enum ElementType {
  BYTE(1),
  CHAR(2),
  SHORT(2),
  INT(4),
  LONG(8),
  FLOAT(4),
  DOUBLE(8);

  private final int bytes;

  ElementType(int bytes) {
    this.bytes = bytes;
  }

  /**
   * Gives the size of an element.
   *
   * @return the number of bytes
   */
  public int bytes() {
    return bytes;
  }

  /**
   * Shows a primitive array as a buffer.
   *
   * @param value any object
   * @return the buffer; null if the value is no array of numbers or characters
   */
  public static @Nullable Buffer ofArray(@Nullable Object value) {
    if (value instanceof byte[] a) {
      return ByteBuffer.wrap(a);
    } else if (value instanceof double[] a) {
      return DoubleBuffer.wrap(a);
    } else if (value instanceof long[] a) {
      return LongBuffer.wrap(a);
    } else if (value instanceof int[] a) {
      return IntBuffer.wrap(a);
    } else if (value instanceof float[] a) {
      return FloatBuffer.wrap(a);
    } else if (value instanceof short[] a) {
      return ShortBuffer.wrap(a);
    } else if (value instanceof char[] a) {
      return CharBuffer.wrap(a);
    }
    return null;
  }

  /**
   * Tells what a buffer consists of.
   *
   * @param buffer the buffer
   * @return its elements' type
   */
  public static ElementType of(Buffer buffer) {
    if (buffer instanceof ByteBuffer) {
      return BYTE;
    } else if (buffer instanceof DoubleBuffer) {
      return DOUBLE;
    } else if (buffer instanceof LongBuffer) {
      return LONG;
    } else if (buffer instanceof IntBuffer) {
      return INT;
    } else if (buffer instanceof FloatBuffer) {
      return FLOAT;
    } else if (buffer instanceof ShortBuffer) {
      return SHORT;
    }
    return CHAR;
  }

  /**
   * Makes an array.
   *
   * @param length how many elements
   * @return the array
   */
  public Object newArray(int length) {
    return switch (this) {
      case BYTE -> new byte[length];
      case CHAR -> new char[length];
      case SHORT -> new short[length];
      case INT -> new int[length];
      case LONG -> new long[length];
      case FLOAT -> new float[length];
      case DOUBLE -> new double[length];
    };
  }

  /**
   * Shows bytes as elements, in the bytes' order.
   *
   * @param bytes the bytes
   * @return a view
   */
  public Buffer view(ByteBuffer bytes) {
    return switch (this) {
      case BYTE -> bytes;
      case CHAR -> bytes.asCharBuffer();
      case SHORT -> bytes.asShortBuffer();
      case INT -> bytes.asIntBuffer();
      case LONG -> bytes.asLongBuffer();
      case FLOAT -> bytes.asFloatBuffer();
      case DOUBLE -> bytes.asDoubleBuffer();
    };
  }

  /**
   * Copies all remaining elements of one buffer to another, both of this type.
   *
   * @param from read to its end
   * @param to has the room
   */
  public void copy(Buffer from, Buffer to) {
    switch (this) {
      case BYTE -> ((ByteBuffer) to).put((ByteBuffer) from);
      case CHAR -> ((CharBuffer) to).put((CharBuffer) from);
      case SHORT -> ((ShortBuffer) to).put((ShortBuffer) from);
      case INT -> ((IntBuffer) to).put((IntBuffer) from);
      case LONG -> ((LongBuffer) to).put((LongBuffer) from);
      case FLOAT -> ((FloatBuffer) to).put((FloatBuffer) from);
      case DOUBLE -> ((DoubleBuffer) to).put((DoubleBuffer) from);
    }
  }

  /**
   * Copies what remains of a buffer into memory of its own, outside the heap.
   *
   * @param buffer the buffer; unchanged
   * @return the copy, from its first element to its last
   */
  public static Buffer copyOf(Buffer buffer) {
    ElementType type = of(buffer);
    ByteOrder order = buffer instanceof ByteBuffer b ? b.order() : ByteOrder.nativeOrder();
    int bytes = Math.multiplyExact(buffer.remaining(), type.bytes);
    Buffer copy = type.view(ByteBuffer.allocateDirect(bytes).order(order));
    type.copy(buffer.duplicate(), copy);
    return copy.flip();
  }

  /**
   * Gives a read-only view of a buffer, with a position of its own.
   *
   * @param buffer the buffer
   * @return the view
   */
  public static Buffer readOnly(Buffer buffer) {
    return switch (of(buffer)) {
      case BYTE -> ((ByteBuffer) buffer).asReadOnlyBuffer().order(((ByteBuffer) buffer).order());
      case CHAR -> ((CharBuffer) buffer).asReadOnlyBuffer();
      case SHORT -> ((ShortBuffer) buffer).asReadOnlyBuffer();
      case INT -> ((IntBuffer) buffer).asReadOnlyBuffer();
      case LONG -> ((LongBuffer) buffer).asReadOnlyBuffer();
      case FLOAT -> ((FloatBuffer) buffer).asReadOnlyBuffer();
      case DOUBLE -> ((DoubleBuffer) buffer).asReadOnlyBuffer();
    };
  }
}
