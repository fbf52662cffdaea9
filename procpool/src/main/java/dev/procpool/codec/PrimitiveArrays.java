package dev.procpool.codec;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The compact form of primitive arrays: tag, number of elements, elements copied in bulk. */
final class PrimitiveArrays {

  private PrimitiveArrays() {}

  static boolean isPrimitiveArray(Object value) {
    Class<?> component = value.getClass().getComponentType();
    return component != null && component.isPrimitive();
  }

  static void write(Object array, ByteOutput out) {
    if (array instanceof byte[] a) {
      if (!out.putBody(a)) {
        header(Tag.BYTES, a.length, out);
        out.write(a, 0, a.length);
      }
    } else if (array instanceof double[] a) {
      ByteBuffer view = header(Tag.DOUBLES, a.length, 8, out);
      if (view != null) {
        view.asDoubleBuffer().put(a);
      }
    } else if (array instanceof int[] a) {
      ByteBuffer view = header(Tag.INTS, a.length, 4, out);
      if (view != null) {
        view.asIntBuffer().put(a);
      }
    } else if (array instanceof long[] a) {
      ByteBuffer view = header(Tag.LONGS, a.length, 8, out);
      if (view != null) {
        view.asLongBuffer().put(a);
      }
    } else if (array instanceof float[] a) {
      ByteBuffer view = header(Tag.FLOATS, a.length, 4, out);
      if (view != null) {
        view.asFloatBuffer().put(a);
      }
    } else if (array instanceof char[] a) {
      ByteBuffer view = header(Tag.CHARS, a.length, 2, out);
      if (view != null) {
        view.asCharBuffer().put(a);
      }
    } else if (array instanceof short[] a) {
      ByteBuffer view = header(Tag.SHORTS, a.length, 2, out);
      if (view != null) {
        view.asShortBuffer().put(a);
      }
    } else {
      writeBooleans((boolean[]) array, out);
    }
  }

  private static void writeBooleans(boolean[] array, ByteOutput out) {
    ByteBuffer view = header(Tag.BOOLEANS, array.length, 1, out);
    if (view != null) {
      for (boolean bit : array) {
        view.put((byte) (bit ? 1 : 0));
      }
    }
  }

  private static void header(int tag, int length, ByteOutput out) {
    out.putByte(tag);
    out.putVarInt(length);
  }

  /** Writes tag and length, then gives the room for the elements; null if they only count. */
  private static @Nullable ByteBuffer header(int tag, int length, int bytesEach, ByteOutput out) {
    header(tag, length, out);
    return out.claimView((long) length * bytesEach);
  }

  static Object read(int tag, ByteInput in) throws CodecException {
    int bytesEach = bytesEach(tag);
    int length = in.readCount(bytesEach);
    int from = in.take((long) length * bytesEach);
    ByteBuffer view = ByteBuffer.wrap(in.bytes(), from, length * bytesEach);
    switch (tag) {
      case Tag.BOOLEANS -> {
        boolean[] array = new boolean[length];
        for (int i = 0; i < length; i++) {
          array[i] = view.get() != 0;
        }
        return array;
      }
      case Tag.BYTES -> {
        return Arrays.copyOfRange(in.bytes(), from, from + length); // spares filling with zeros
      }
      case Tag.SHORTS -> {
        short[] array = new short[length];
        view.asShortBuffer().get(array);
        return array;
      }
      case Tag.CHARS -> {
        char[] array = new char[length];
        view.asCharBuffer().get(array);
        return array;
      }
      case Tag.INTS -> {
        int[] array = new int[length];
        view.asIntBuffer().get(array);
        return array;
      }
      case Tag.LONGS -> {
        long[] array = new long[length];
        view.asLongBuffer().get(array);
        return array;
      }
      case Tag.FLOATS -> {
        float[] array = new float[length];
        view.asFloatBuffer().get(array);
        return array;
      }
      default -> {
        double[] array = new double[length];
        view.asDoubleBuffer().get(array);
        return array;
      }
    }
  }

  private static int bytesEach(int tag) {
    Objects.checkIndex(tag - Tag.BOOLEANS, Tag.DOUBLES - Tag.BOOLEANS + 1);
    return switch (tag) {
      case Tag.BOOLEANS, Tag.BYTES -> 1;
      case Tag.SHORTS, Tag.CHARS -> 2;
      case Tag.INTS, Tag.FLOATS -> 4;
      default -> 8;
    };
  }
}
