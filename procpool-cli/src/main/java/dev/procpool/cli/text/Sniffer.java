package dev.procpool.cli.text;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Arrays;
import java.util.List;

/**
 * The first bytes of a stream, looked at without taking them, and without waiting for more than
 * what has come: the writer of a pipe may be slow. Used by one thread.
 */
final class Sniffer {

  private static final int MOST = 4096;

  private final InputStream rest;
  private byte[] head;

  /**
   * Reads the first bytes.
   *
   * @param in the stream; from now on {@link #whole()} is to be read in its place
   * @param beginnings more bytes are awaited only as long as these may be the beginning of one
   */
  Sniffer(InputStream in, List<byte[]> beginnings) throws IOException {
    this.rest = in;
    byte[] buffer = new byte[MOST];
    int length = Math.max(0, in.read(buffer));
    while (length > 0 && length < MOST && mayBecomeOne(buffer, length, beginnings)) {
      int more = in.read(buffer, length, MOST - length);
      if (more < 0) {
        break;
      }
      length += more;
    }
    this.head = Arrays.copyOf(buffer, length);
  }

  private static boolean mayBecomeOne(byte[] read, int length, List<byte[]> beginnings) {
    return beginnings.stream()
        .anyMatch(b -> length < b.length && Arrays.equals(read, 0, length, b, 0, length));
  }

  /** Tells whether the stream starts with these bytes. */
  boolean startsWith(byte[] beginning) {
    return head.length >= beginning.length
        && Arrays.equals(head, 0, beginning.length, beginning, 0, beginning.length);
  }

  /** Gives the bytes that were looked at. */
  byte[] head() {
    return head.clone();
  }

  /** Takes some of the first bytes away. */
  void skip(int bytes) {
    head = Arrays.copyOfRange(head, bytes, head.length);
  }

  /** Gives the stream with the bytes that were looked at. */
  InputStream whole() {
    return new SequenceInputStream(new ByteArrayInputStream(head), rest);
  }
}
