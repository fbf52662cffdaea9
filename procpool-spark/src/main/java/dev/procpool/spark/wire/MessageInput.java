package dev.procpool.spark.wire;

import java.io.InputStream;

/** Reads a message. For one thread: see {@link MessageOutput}. */
final class MessageInput extends InputStream {

  private final byte[] bytes;
  private int next;

  MessageInput(byte[] bytes) {
    this.bytes = bytes;
  }

  @Override
  public int read() {
    return next < bytes.length ? bytes[next++] & 0xff : -1;
  }

  @Override
  public int read(byte[] to, int offset, int length) {
    int most = Math.min(length, bytes.length - next);
    if (most <= 0) {
      return length == 0 ? 0 : -1;
    }
    System.arraycopy(bytes, next, to, offset, most);
    next += most;
    return most;
  }

  @Override
  public int available() {
    return bytes.length - next;
  }
}
