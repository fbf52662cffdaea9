package dev.procpool.worker;

import dev.procpool.protocol.OutputMark;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A stream that puts an {@link OutputMark} before what is printed while an item runs. Costs an item
 * that prints nothing nothing. Thread-safe.
 */
final class MarkedOutput extends OutputStream {

  private static final int BUFFER_BYTES = 8192;

  private final OutputStream out;
  private final byte[] key;
  private final Supplier<@Nullable OutputMark> running;

  /** Guarded by this. */
  private final ByteBuffer frame =
      ByteBuffer.allocate(OutputMark.BYTES + OutputMark.MAX_PIECE_BYTES);

  MarkedOutput(OutputStream out, byte[] key, Supplier<@Nullable OutputMark> running) {
    this.out = out;
    this.key = key.clone();
    this.running = running;
  }

  /** Puts marked streams in the place of {@link System#err} and, if wanted, {@link System#out}. */
  static void install(byte[] key, boolean alsoOut, Supplier<@Nullable OutputMark> running) {
    if (alsoOut) {
      System.setOut(printer(FileDescriptor.out, key, running));
    }
    System.setErr(printer(FileDescriptor.err, key, running));
  }

  private static PrintStream printer(
      FileDescriptor descriptor, byte[] key, Supplier<@Nullable OutputMark> running) {
    OutputStream marked = new MarkedOutput(new FileOutputStream(descriptor), key, running);
    return new PrintStream(
        new BufferedOutputStream(marked, BUFFER_BYTES), true, StandardCharsets.UTF_8);
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
    OutputMark mark = running.get();
    if (mark == null) {
      out.write(bytes, offset, length);
      return;
    }
    int at = offset;
    while (at < offset + length) {
      int piece = Math.min(offset + length - at, OutputMark.MAX_PIECE_BYTES);
      frame.clear();
      mark.write(key, bytes, at, piece, frame);
      out.write(frame.array(), 0, frame.position());
      at += piece;
    }
  }
}
