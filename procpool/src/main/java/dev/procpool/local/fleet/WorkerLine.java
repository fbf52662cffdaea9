package dev.procpool.local.fleet;

import dev.procpool.channel.Bell;
import dev.procpool.channel.Channel;
import dev.procpool.channel.RingChannel;
import dev.procpool.channel.RunPage;
import dev.procpool.local.files.MemoryFiles;
import dev.procpool.protocol.ToWorker;
import java.io.IOException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The ways to one worker and back: a ring each way and the run page in the memory shared with it, a
 * bell for the rings, and a socket for what must be seen at once.
 *
 * <p>After each access to the shared memory {@link #isWhole} tells whether it went well; see {@link
 * Trust}. Owned by the engine's thread.
 */
public final class WorkerLine {

  private static final byte[] NOTHING = new byte[0];

  private MemoryFiles.@Nullable Named memory;
  private @Nullable RunPage page;
  private @Nullable Channel channel;
  private @Nullable Bell bell;

  /** Made once there is a bell; null again once nothing more of the worker is read. */
  private @Nullable RingChannel rings;

  /**
   * Whether the memory has been found cut off, so that nobody knows what the worker was running.
   */
  private boolean isCut;

  /** Whether frames were queued for the socket since the last flush. */
  private boolean isUnflushed;

  /** Whether the worker must be woken for what is in its ring. */
  private boolean mustWake;

  /** How often something was read from the ring. */
  private long received;

  /** How many parts of results have come from the ring. */
  private long parts;

  WorkerLine() {}

  // ------------------------------------------------------------------ made, cut, closed

  void memory(MemoryFiles.Named shared) {
    memory = shared;
    page = shared.memory().page();
  }

  void channel(Channel socket) {
    channel = socket;
  }

  void bell(Bell socket) {
    bell = socket;
  }

  boolean hasChannel() {
    return channel != null;
  }

  boolean hasBell() {
    return bell != null;
  }

  /**
   * Makes the rings, once there is all that they need; the memory's file has no name then.
   *
   * @param mostBytes of a frame
   */
  void openRings(long mostBytes) {
    if (memory != null && bell != null) {
      memory.unlink();
      rings = new RingChannel(memory.memory(), bell, mostBytes);
    }
  }

  /** Whether all is there that the rings need. */
  boolean isComplete() {
    return channel != null && bell != null && memory != null;
  }

  /** Tells whether the memory is there, or has been found not to be. */
  boolean isWhole() {
    return memory == null || isCut || memory.memory().isWhole();
  }

  /** Takes note that it is not: nothing in it is looked at again. */
  void cut() {
    isCut = true;
    page = null;
  }

  /** Whether what the worker was at can't be known, as it has cut off its memory. */
  boolean isCut() {
    return isCut;
  }

  /** Takes nothing more of the worker, and gives it nothing. */
  void shut() {
    rings = null;
    if (channel != null) {
      channel.close();
    }
  }

  /** The memory's file has no name any more. */
  void unlinkMemory() {
    if (memory != null) {
      memory.unlink();
    }
  }

  /** The same as {@link #shut}, for a process that is gone. */
  void close() {
    if (channel != null) {
      channel.close();
    }
    if (bell != null) {
      bell.close();
    }
  }

  /** A part of a result has come. */
  public void published() {
    parts++;
  }

  /** How many parts of results have come. */
  public long parts() {
    return parts;
  }

  /** What the worker writes there and it does not say; null if there is none, or none any more. */
  public @Nullable RunPage page() {
    return page;
  }

  // ------------------------------------------------------------------ to the worker

  /** Queues a frame for the socket; it goes out with the next flush. */
  void send(int type, byte[] payload, int length) {
    if (channel != null) {
      channel.send(type, payload, length, NOTHING, 0, 0);
      isUnflushed = true;
    }
  }

  /** Queues a frame for the ring, in two parts, the second by reference. */
  public void sendTask(int type, byte[] head, int headLength, byte[] tail, int offset, int length) {
    if (rings != null) {
      rings.send(type, head, headLength, tail, offset, length);
      mustWake |= type == ToWorker.CHUNK; // for nothing else needs it be woken
    }
  }

  /**
   * Queues a chunk whose bodies, which were queued before it, are the caller's own: once they are
   * in the ring it is decided whether they were right.
   *
   * @param isAwaited whether the caller has left them alone
   */
  public void sendBorrowing(
      BooleanSupplier isAwaited, byte[] head, int headLength, byte[] tail, int offset, int length) {
    if (rings != null) {
      rings.send(
          () -> isAwaited.getAsBoolean() ? ToWorker.CHUNK : ToWorker.WITHDRAWN,
          head,
          headLength,
          tail,
          offset,
          length);
      mustWake = true;
    }
  }

  /** How much waits for room in the ring. */
  public long queuedForRing() {
    return rings == null ? 0 : rings.queuedBytes();
  }

  /** How much waits for room in the socket. */
  public long queuedForSocket() {
    return channel == null ? 0 : channel.queuedBytes();
  }

  /** Whether there is something to put in the ring, or the worker to be woken for what is there. */
  boolean hasToFlush() {
    return rings != null && (mustWake || rings.queuedBytes() > 0);
  }

  void flushRings() throws IOException {
    if (rings != null) {
      rings.flush(mustWake);
      mustWake &= rings.queuedBytes() > 0;
    }
  }

  void flushSocket() throws IOException {
    if (isUnflushed && channel != null) {
      isUnflushed = false;
      channel.flush();
    }
  }

  // ------------------------------------------------------------------ from the worker

  /** The rings; null if there are none, or none any more. */
  @Nullable RingChannel rings() {
    return rings;
  }

  @Nullable Channel channel() {
    return channel;
  }

  /** Takes note that something was read from the ring. */
  void countReceived() {
    received++;
  }

  /** How often something was read from the ring. */
  public long received() {
    return received;
  }

  /** Whether there is something in the ring, or something to be found out about it. */
  boolean looksReady() {
    try {
      return rings != null && rings.isReady();
    } catch (InternalError e) {
      return true;
    }
  }

  /** Has the worker ring when there is something to do: false if there is now. */
  boolean sleep() throws IOException {
    return rings == null || rings.sleep();
  }

  /** Wakes a worker that sleeps by its socket, if it has to be. */
  void nudge() throws IOException {
    if (rings != null && channel != null && rings.takeNudge()) {
      channel.send(ToWorker.NUDGE, NOTHING, 0);
      channel.flush();
    }
  }

  /** Has the worker not ring any more. */
  void awake() {
    if (rings != null) {
      rings.awake();
    }
  }
}
