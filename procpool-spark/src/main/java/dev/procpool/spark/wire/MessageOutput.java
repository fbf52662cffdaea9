package dev.procpool.spark.wire;

import java.io.OutputStream;
import java.util.Arrays;

/** Gathers a message. For one thread: the JDK's own has a lock, which costs more than a byte. */
final class MessageOutput extends OutputStream {

  private byte[] bytes = new byte[256];
  private int count;

  @Override
  public void write(int b) {
    if (count == bytes.length) {
      grow(1);
    }
    bytes[count++] = (byte) b;
  }

  @Override
  public void write(byte[] from, int offset, int length) {
    if (length > bytes.length - count) {
      grow(length);
    }
    System.arraycopy(from, offset, bytes, count, length);
    count += length;
  }

  private void grow(int more) {
    int least = count + more;
    if (least < 0) {
      throw new OutOfMemoryError("a message of more than 2 GiB");
    }
    bytes = Arrays.copyOf(bytes, Math.max(least, (int) Math.min(2L * count, 1 << 30)));
  }

  byte[] toByteArray() {
    return Arrays.copyOf(bytes, count);
  }
}
