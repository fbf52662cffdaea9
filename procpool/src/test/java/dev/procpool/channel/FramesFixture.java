package dev.procpool.channel;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Frames for tests of what reads them: a reader that is given its bytes by the test. */
public final class FramesFixture {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** Where the test reads; it holds what was given. */
  public final FrameReader reader = new FrameReader(1 << 20);

  /** Adds a frame to what can be given. */
  public FramesFixture add(int type, byte[] payload) {
    byte[] header = new byte[Frame.HEADER_BYTES];
    Frame.putHeader(header, type, payload.length);
    bytes.writeBytes(header);
    bytes.writeBytes(payload);
    return this;
  }

  /** Gives the reader all that was added. */
  public FrameReader give() throws IOException {
    return give(bytes.size());
  }

  /** Gives the reader so many bytes of what was added, wherever a frame ends. */
  public FrameReader give(int count) throws IOException {
    byte[] all = bytes.toByteArray();
    ByteBuffer given = ByteBuffer.wrap(all, 0, count);
    while (given.hasRemaining()) {
      reader.fill(
          into -> {
            int read = Math.min(into.remaining(), given.remaining());
            into.put(given.slice().limit(read));
            given.position(given.position() + read);
            return read;
          });
    }
    bytes.reset();
    bytes.write(all, count, all.length - count);
    return reader;
  }

  /** How many bytes were added and not given. */
  public int waiting() {
    return bytes.size();
  }
}
