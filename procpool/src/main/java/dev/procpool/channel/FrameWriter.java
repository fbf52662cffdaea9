package dev.procpool.channel;

import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Frames on their way out: small ones gathered in one buffer, large ones by reference.
 *
 * <p>Owned by one thread. {@link #put} never writes; {@link #flush} writes as much as the sink
 * takes. What is queued is bounded by those who put: the scheduler gives a worker little ahead.
 */
final class FrameWriter {

  private static final int STAGE_BYTES = 16 * 1024;

  /** The most that is written at once: the JDK copies each write through a direct buffer. */
  private static final int MAX_WRITE_BYTES = 1024 * 1024;

  private static final int MAX_SPARES = 8;

  /**
   * Bytes to write; a stage is ours to fill again, a body is not.
   *
   * @param type gives the type for the header that the bytes begin with; null if it is there
   */
  private record Part(ByteBuffer bytes, boolean isStage, @Nullable IntSupplier type) {

    Part(ByteBuffer bytes, boolean isStage) {
      this(bytes, isStage, null);
    }
  }

  /** Full stages and large payloads, in order; the stage being filled comes after them. */
  private final ArrayDeque<Part> queue = new ArrayDeque<>();

  /** Stages to fill again. */
  private final ArrayDeque<Part> spares = new ArrayDeque<>();

  private Part stagePart = newStage();
  private ByteBuffer stage = stagePart.bytes();

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
      putAlone(Frame.header(type, (long) headLength + bodyLength), head, headLength, null);
    } else {
      room(small);
      stage.putLong(Frame.header(type, (long) headLength + bodyLength)).put(head, 0, headLength);
    }
    if (bodyLength > STAGE_BYTES / 2) {
      sealStage();
      queue.add(new Part(ByteBuffer.wrap(body, bodyOffset, bodyLength), false));
    } else if (bodyLength > 0) {
      room(bodyLength);
      stage.put(body, bodyOffset, bodyLength);
    }
    queuedBytes += (long) small + bodyLength;
  }

  /** Queues a frame whose type is asked for once everything before it was written. */
  void put(
      IntSupplier type, byte[] head, int headLength, byte[] body, int bodyOffset, int bodyLength) {
    putAlone(Frame.header(0, (long) headLength + bodyLength), head, headLength, type);
    queue.add(new Part(ByteBuffer.wrap(body, bodyOffset, bodyLength), false));
    queuedBytes += (long) Frame.HEADER_BYTES + headLength + bodyLength;
  }

  /** Queues a header and what follows it in a buffer of their own. */
  private void putAlone(long header, byte[] head, int headLength, @Nullable IntSupplier type) {
    ByteBuffer own = ByteBuffer.allocate(Frame.HEADER_BYTES + headLength);
    own.putLong(header).put(head, 0, headLength);
    sealStage();
    queue.add(new Part(own.flip(), false, type));
  }

  /**
   * Writes what the sink takes.
   *
   * @return whether everything was written
   */
  boolean flush(ByteSink sink) throws IOException {
    return flush(sink, Long.MAX_VALUE);
  }

  /**
   * Writes what the sink takes, within bounds.
   *
   * @param most about how much to write at most, for a sink that is emptied meanwhile
   * @return whether everything was written
   */
  boolean flush(ByteSink sink, long most) throws IOException {
    sealStage();
    long enough = queuedBytes - most;
    for (Part part = queue.peek(); part != null; part = queue.peek()) {
      ByteBuffer head = part.bytes();
      int limit = head.limit();
      if (part.type() != null && head.position() == 0) {
        VarHandle.fullFence(); // what was written was read before
        Frame.putType(head, part.type().getAsInt());
      }
      head.limit(Math.min(limit, head.position() + MAX_WRITE_BYTES));
      int written = sink.write(head);
      head.limit(limit);
      queuedBytes -= written;
      if (head.hasRemaining()) {
        if (written == 0 || queuedBytes <= enough) {
          return false;
        }
      } else {
        queue.remove();
        if (part.isStage() && spares.size() < MAX_SPARES) {
          head.clear();
          spares.add(part);
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
      stage.flip();
      queue.add(stagePart);
      Part spare = spares.poll();
      stagePart = spare == null ? newStage() : spare;
      stage = stagePart.bytes();
    }
  }

  private static Part newStage() {
    return new Part(ByteBuffer.allocate(STAGE_BYTES), true);
  }
}
