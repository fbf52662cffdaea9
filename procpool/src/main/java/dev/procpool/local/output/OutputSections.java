package dev.procpool.local.output;

import dev.procpool.protocol.OutputMark;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Takes a worker's stream apart into what has an {@link OutputMark} and what has none, whatever
 * pieces the stream comes in. Owned by one thread.
 *
 * <pre>
 * state     trigger                        next
 * outside   a byte that begins the key     header
 * header    a byte that is not the key's   outside: what looked like a key is passed on
 * header    the header is complete         inside
 * inside    the piece's last byte          outside
 * </pre>
 */
final class OutputSections {

  /** Takes bytes and the mark that they have. */
  interface Sink {

    void accept(byte[] bytes, int offset, int length, @Nullable OutputMark mark);
  }

  private final byte[] key;
  private final Sink sink;
  private final byte[] header = new byte[OutputMark.BYTES];

  /** How much of a header was read. */
  private int read;

  /** How much of the marked piece is still to come. */
  private int left;

  private @Nullable OutputMark mark;

  /** With an empty key nothing has a mark. */
  OutputSections(byte[] key, Sink sink) {
    this.key = key.clone();
    this.sink = sink;
  }

  /** Takes what was read. */
  void take(byte[] bytes, int length) {
    int at = 0;
    while (at < length) {
      if (left > 0) {
        int piece = Math.min(left, length - at);
        sink.accept(bytes, at, piece, mark);
        left -= piece;
        at += piece;
      } else if (read == 0) {
        int begin = key.length == 0 ? length : indexOf(key[0], bytes, at, length);
        sink.accept(bytes, at, begin - at, null);
        read = begin < length ? 1 : 0; // the key's first byte needs no copy: it is always the same
        at = begin + 1;
      } else if (read < key.length && bytes[at] != key[read]) {
        notAKey();
      } else {
        header[read++] = bytes[at++];
        if (read == header.length) {
          begin();
        }
      }
    }
  }

  /** Takes the end of the stream. */
  void end() {
    if (read > 0) {
      notAKey();
    }
  }

  private void notAKey() {
    header[0] = key[0];
    int length = read;
    read = 0;
    sink.accept(header, 0, length, null);
  }

  private void begin() {
    ByteBuffer in = ByteBuffer.wrap(header).position(key.length);
    mark = new OutputMark(in.getLong(), in.getLong(), in.getInt());
    left = Short.toUnsignedInt(in.getShort());
    read = 0;
  }

  private static int indexOf(byte wanted, byte[] bytes, int from, int to) {
    int at = from;
    while (at < to && bytes[at] != wanted) {
      at++;
    }
    return at;
  }
}
