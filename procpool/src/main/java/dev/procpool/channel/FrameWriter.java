package dev.procpool.channel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Frames on their way out: small ones gathered in one buffer, large ones by reference.
 *
 * <p>Owned by one thread. {@link #put} never writes; {@link #flush} writes as much as the channel
 * takes. What is queued is bounded by those who put: the scheduler gives a worker little ahead.
 */
final class FrameWriter {

  private static final int STAGE_BYTES = 16 * 1024;

  /** The most that is written at once: the JDK copies each write through a direct buffer. */
  private static final int MAX_WRITE_BYTES = 1024 * 1024;

  /** Full stages and large payloads, in order; the stage being filled comes after them. */
  private final ArrayDeque<ByteBuffer> queue = new ArrayDeque<>();

  private ByteBuffer stage = ByteBuffer.allocate(STAGE_BYTES);

  /** The stage that was queued last, and one that may be filled again. */
  private @Nullable ByteBuffer sealed;

  private @Nullable ByteBuffer spare;
  private long queuedBytes;

  /**
   * Queues a frame. A large body is kept by reference until written, so it must not change.
   *
   * @param type the frame's type
   * @param head the first part of the payload; copied
   * @param headLength how much of {@code head}
   * @param body the second part
   * @param bodyOffset where it begins
   * @param bodyLength its length
   */
  void put(int type, byte[] head, int headLength, byte[] body, int bodyOffset, int bodyLength) {
    int small = Frame.HEADER_BYTES + headLength;
    if (small > STAGE_BYTES / 2) {
      ByteBuffer own = ByteBuffer.allocate(small);
      own.putLong(Frame.header(type, (long) headLength + bodyLength)).put(head, 0, headLength);
      sealStage();
      queue.add(own.flip());
    } else {
      room(small);
      stage.putLong(Frame.header(type, (long) headLength + bodyLength)).put(head, 0, headLength);
    }
    if (bodyLength > STAGE_BYTES / 2) {
      sealStage();
      queue.add(ByteBuffer.wrap(body, bodyOffset, bodyLength));
    } else if (bodyLength > 0) {
      room(bodyLength);
      stage.put(body, bodyOffset, bodyLength);
    }
    queuedBytes += (long) small + bodyLength;
  }

  /**
   * Writes what the channel takes.
   *
   * @return whether everything was written
   */
  @SuppressWarnings("ReferenceEquality") // the same buffer, not an equal one
  boolean flush(GatheringByteChannel channel) throws IOException {
    sealStage();
    for (ByteBuffer head = queue.peek(); head != null; head = queue.peek()) {
      int limit = head.limit();
      head.limit(Math.min(limit, head.position() + MAX_WRITE_BYTES));
      int written = channel.write(head);
      head.limit(limit);
      queuedBytes -= written;
      if (head.hasRemaining()) {
        if (written == 0) {
          return false;
        }
      } else {
        queue.remove();
        if (head == sealed) {
          spare = head.clear(); // ours, not a body that was queued by reference
        }
      }
    }
    return true;
  }

  long queuedBytes() {
    return queuedBytes;
  }

  private void room(int bytes) {
    if (stage.remaining() < bytes) {
      sealStage();
    }
  }

  private void sealStage() {
    if (stage.position() > 0) {
      sealed = stage.flip();
      queue.add(sealed);
      stage = spare == null ? ByteBuffer.allocate(STAGE_BYTES) : spare;
      spare = null;
    }
  }
}
