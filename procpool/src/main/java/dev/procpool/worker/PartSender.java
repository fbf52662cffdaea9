package dev.procpool.worker;

import dev.procpool.TaskSerializationException;
import dev.procpool.channel.WorkerRings;
import dev.procpool.codec.ByteOutput;
import dev.procpool.codec.Codec;
import dev.procpool.codec.CodecException;
import dev.procpool.codec.PayloadTooLargeException;
import dev.procpool.protocol.ResultTrailer;
import dev.procpool.protocol.ResultTrailer.Kind;
import dev.procpool.protocol.ToParent;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Sends parts of results before their item has ended. They take the results' way, so that they are
 * with the pool before whatever the item does next, its end included. Owned by the task thread.
 */
final class PartSender {

  private final WorkerRings rings;
  private final Codec codec;
  private final ItemGuard guard;

  PartSender(WorkerRings rings, Codec codec, ItemGuard guard) {
    this.rings = rings;
    this.codec = codec;
    this.guard = guard;
  }

  void send(long chunk, int offset, Object part) {
    ByteOutput frame = new ByteOutput(1024, Long.MAX_VALUE);
    frame.putLong(0); // the header's place
    try {
      codec.encode(part, frame);
    } catch (PayloadTooLargeException e) {
      throw new TaskSerializationException(
          "the part is too large: it takes "
              + e.size()
              + " bytes or more; maxPayload says how much a result may take",
          e);
    } catch (CodecException e) {
      throw new TaskSerializationException(
          "the part can't be serialized: " + e.forResult().getMessage(), e.thrown());
    }
    send(chunk, offset, frame);
  }

  /** Sends what is encoded. */
  private void send(long chunk, int offset, ByteOutput frame) {
    new ResultTrailer(chunk, offset, Kind.PART, 0).write(frame);
    boolean wasInterrupted = Thread.currentThread().isInterrupted();
    boolean wasStopped = guard.isInterrupted();
    try {
      rings.send(ToParent.RESULT, frame.array(), frame.size());
    } catch (IOException e) { // the pool is gone; the inbox ends the process
      throw new UncheckedIOException(e);
    }
    rings.ring();
    if (wasInterrupted || (!wasStopped && guard.isInterrupted())) {
      Thread.currentThread().interrupt(); // the wait for room may have taken it away
    }
  }

  @Nullable Object decode(byte[] bytes, ClassLoader loader) {
    try {
      return codec.decode(bytes, 0, bytes.length, loader);
    } catch (CodecException e) {
      throw new TaskSerializationException(
          "what was published can't be deserialized in the worker: " + e.getMessage(), e.thrown());
    }
  }
}
