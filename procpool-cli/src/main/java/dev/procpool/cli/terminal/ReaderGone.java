package dev.procpool.cli.terminal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import org.jspecify.annotations.Nullable;

/**
 * Tells a pipe whose reader has gone, as {@code head} does, from a disk that is full. Java has no
 * exception for it, and the system's words are in the user's language. Stateless.
 */
final class ReaderGone {

  private ReaderGone() {}

  static boolean isWhy(IOException e) {
    return e.getMessage() != null
        && (e.getMessage().equals("Broken pipe") || e.getMessage().equals(words()));
  }

  /** What the system says of a pipe that we break ourselves. */
  private static @Nullable String words() {
    try {
      Pipe pipe = Pipe.open();
      pipe.source().close();
      try (Pipe.SinkChannel sink = pipe.sink()) {
        sink.write(ByteBuffer.wrap(new byte[1]));
      }
      return null;
    } catch (IOException e) {
      return e.getMessage();
    }
  }
}
