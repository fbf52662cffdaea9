package dev.procpool.channel;

import java.io.IOException;
import java.util.function.IntSupplier;

/**
 * The pool's end of the rings to one worker: tasks out, results in. Never blocks.
 *
 * <p>Owned by the engine's thread.
 */
public final class RingChannel {

  /** A worker that reads as fast as we write must not keep us from the others. */
  private static final long MOST_FLUSHED = 4L * MemoryLayout.RING_BYTES;

  private final Ring.Producer tasks;
  private final Ring.Consumer results;
  private final Bell bell;
  private final FrameWriter writer = new FrameWriter();
  private final FrameReader reader;

  /** Whether the worker was asked to read since something was written last. */
  private boolean nudged;

  /**
   * Makes the pool's end.
   *
   * @param memory the memory shared with the worker
   * @param bell wakes the worker, and is rung by it
   * @param maxFrameBytes the longest payload to accept
   */
  public RingChannel(WorkerMemory memory, Bell bell, long maxFrameBytes) {
    this.tasks = memory.tasks().producer();
    this.results = memory.results().consumer();
    this.bell = bell;
    this.reader = new FrameReader(maxFrameBytes);
  }

  /**
   * Queues a frame; {@link #flush} sends it.
   *
   * @param type the frame's type, 0 to 255
   * @param head the first part of the payload; copied
   * @param headLength how much of {@code head}
   * @param body the second part; kept by reference until sent, so it must not change
   * @param bodyOffset where it begins
   * @param bodyLength its length
   */
  public void send(
      int type, byte[] head, int headLength, byte[] body, int bodyOffset, int bodyLength) {
    writer.put(type, head, headLength, body, bodyOffset, bodyLength);
  }

  /**
   * Queues a frame whose type is decided once all that was queued before it is in the ring.
   *
   * @param type gives the frame's type, 0 to 255
   * @param head the first part of the payload; copied
   * @param headLength how much of {@code head}
   * @param body the second part; kept by reference until sent, so it must not change
   * @param bodyOffset where it begins
   * @param bodyLength its length
   */
  public void send(
      IntSupplier type, byte[] head, int headLength, byte[] body, int bodyOffset, int bodyLength) {
    writer.put(type, head, headLength, body, bodyOffset, bodyLength);
  }

  /**
   * Writes to the ring what there is room for, within bounds; the rest goes with a later call.
   *
   * @param wake whether to wake the worker if it sleeps
   * @throws IOException if the worker has damaged the ring
   */
  public void flush(boolean wake) throws IOException {
    long before = writer.queuedBytes();
    if (before > 0) {
      writer.flush(tasks, MOST_FLUSHED);
      nudged &= writer.queuedBytes() == before;
    }
    if (wake && tasks.takeBellRequest()) {
      bell.ring();
    }
  }

  /**
   * Tells how much waits to be sent.
   *
   * @return the number of bytes
   */
  public long queuedBytes() {
    return writer.queuedBytes();
  }

  /**
   * Tells whether there is something to do: results to take in, or room for what waits to be sent.
   *
   * @return whether {@link #receive} or {@link #flush} would get on
   */
  public boolean isReady() {
    return !results.isEmpty() || (writer.queuedBytes() > 0 && tasks.hasAnyRoom());
  }

  /**
   * Takes in what has arrived.
   *
   * @return whether there may be frames for {@link #frames()}
   * @throws IOException if the worker has damaged the ring
   */
  public boolean receive() throws IOException {
    if (results.isEmpty() || reader.fill(results) == 0) {
      return false;
    }
    if (results.takeBellRequest()) {
      bell.ring();
    }
    return true;
  }

  /**
   * Goes on without the frame that there was no memory for, when {@link #receive} has run out of
   * it: the frame will come with nothing but its end.
   *
   * @return false if it was not for a frame
   */
  public boolean skipFrame() {
    return reader.skip();
  }

  /**
   * Gives the reader of what has arrived.
   *
   * @return the reader
   */
  public FrameReader frames() {
    return reader;
  }

  /**
   * Asks the worker to ring when it has results, or has made room for what waits to be sent.
   *
   * @return false if there is something to do now
   * @throws IOException if the worker has damaged the ring
   */
  public boolean sleep() throws IOException {
    return results.sleep() && (writer.queuedBytes() == 0 || tasks.waitForRoom());
  }

  /**
   * Takes the nudge that is due, if one is: something waits for room, and the worker's task thread
   * may be busy for long. It is due once a wait.
   *
   * @return whether there was one, so that the worker must be asked to read
   */
  public boolean takeNudge() {
    boolean must = !nudged && writer.queuedBytes() > 0;
    nudged |= must;
    return must;
  }

  /** Asks the worker to ring no more. */
  public void awake() {
    results.awake();
  }
}
