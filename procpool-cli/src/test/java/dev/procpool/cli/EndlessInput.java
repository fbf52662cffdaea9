package dev.procpool.cli;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Repeats a text for ever, and counts. */
public final class EndlessInput extends InputStream {

  private final byte[] text;
  private long read;

  public EndlessInput(String text) {
    this.text = text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public int read() {
    return text[(int) (read++ % text.length)];
  }

  @Override
  public int read(byte[] buffer, int offset, int length) {
    for (int i = 0; i < length; i++) {
      buffer[offset + i] = (byte) read();
    }
    return length;
  }

  /** Gives how many bytes were read. */
  public long count() {
    return read;
  }
}
