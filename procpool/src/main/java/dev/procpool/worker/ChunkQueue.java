package dev.procpool.worker;

import dev.procpool.channel.FrameReader;
import dev.procpool.channel.WorkerChannel;
import dev.procpool.channel.WorkerRings;
import dev.procpool.codec.ByteOutput;
import dev.procpool.protocol.ChunkHeader;
import dev.procpool.protocol.ItemRef;
import dev.procpool.protocol.TaskMessage;
import dev.procpool.protocol.ToParent;
import dev.procpool.protocol.ToWorker;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The chunks that wait in this worker, in the order they came: taken in here, or still in the ring.
 *
 * <p>Thread-safe, guarded by itself: the task thread takes in and claims one item at a time, the
 * inbox takes in and recalls. An item is either run or given back, never both, see {@link
 * ReceivedChunk}.
 */
final class ChunkQueue {

  private static final int NOTHING_LEFT = Integer.MAX_VALUE;
  private static final byte[] NOTHING = new byte[0];

  private final WorkerRings rings;
  private final WorkerChannel channel;
  private final TaskTable tasks;
  private final ByteOutput out = new ByteOutput(ItemRef.BYTES, Long.MAX_VALUE);
  private final ArrayDeque<ReceivedChunk> chunks = new ArrayDeque<>();

  /** Chunks that were recalled before the last of their bytes came. */
  private final Set<Long> recalledEarly = new HashSet<>(2);

  /** Chunks that came and must not be run, until they are recalled. */
  private final Set<Long> withdrawn = new HashSet<>(2);

  /** What has come of the bodies of the chunk that comes next. */
  private List<byte[]> bodies = new ArrayList<>(2);

  /** The task of the chunk that comes next, if no other has it. */
  private TaskTable.@Nullable Entry ownTask;

  /** What was published of the item of the chunk that comes next. */
  private byte @Nullable [] part;

  /** The chunk that came last; their numbers grow. */
  private long newest;

  private volatile boolean stopped;

  /** Whether there is a quota. Written by the task thread. */
  private boolean limited;

  /** How many items may still be claimed then. */
  private long quota;

  /** Whether another worker was asked for in place of this one. */
  private boolean isReplaced;

  /** Where an item was claimed last; still the first of the queue. Owned by the task thread. */
  private @Nullable ReceivedChunk current;

  /**
   * Makes an empty queue.
   *
   * @param rings where tasks and chunks come from
   * @param channel where recalls are answered
   * @param tasks where tasks go
   * @param maxItems how many items may be claimed in all; 0 for no limit
   */
  ChunkQueue(WorkerRings rings, WorkerChannel channel, TaskTable tasks, int maxItems) {
    this.rings = rings;
    this.channel = channel;
    this.tasks = tasks;
    this.limited = maxItems != 0;
    this.quota = maxItems == 0 ? Long.MAX_VALUE : maxItems;
  }

  /** Lets {@link #claim} return null once everything is done. */
  void stop() {
    stopped = true;
    rings.wake();
  }

  /**
   * Waits for an item and takes it: the one at {@code claimed() - 1} of the chunk returned, unless
   * that is not {@linkplain ReceivedChunk#isConfirmed confirmed} after a fence.
   *
   * @return its chunk; null at the end
   */
  @Nullable ReceivedChunk claim() throws IOException {
    ReceivedChunk chunk = current;
    if (chunk != null && !limited && chunk.claim()) {
      return chunk;
    }
    while (true) {
      synchronized (this) {
        boolean more = true;
        while (more) {
          current = claimHeld();
          if (current != null) {
            return current;
          }
          more = takeIn();
        }
        if (stopped) {
          return null;
        }
      }
      rings.await(() -> stopped);
    }
  }

  /** Counts the item claimed last as not claimed: it was not confirmed. */
  synchronized void returnLast() {
    quota++;
  }

  /** Task thread: lets no further item be claimed, and asks for a worker in place of this one. */
  void replace() throws IOException {
    synchronized (this) {
      if (isReplaced) {
        return;
      }
      isReplaced = true;
      limited = true;
      quota = 0;
    }
    channel.send(ToParent.REPLACE, NOTHING, 0);
  }

  private @Nullable ReceivedChunk claimHeld() {
    for (ReceivedChunk head = chunks.peek(); head != null && quota > 0; head = chunks.peek()) {
      if (head.claim()) {
        quota--;
        return head;
      }
      chunks.remove();
    }
    return null;
  }

  /** Takes in what is in the ring, as the inbox does so that more can be written. */
  void takeInAll() throws IOException {
    boolean some = false;
    synchronized (this) {
      while (takeIn()) {
        some = true;
      }
    }
    if (some) {
      rings.wake(); // the task thread may sleep in the belief that nothing has come
    }
  }

  /** Takes in some of what is in the ring: false if there is nothing. */
  private boolean takeIn() throws IOException {
    if (!rings.receive()) {
      return false;
    }
    FrameReader frames = rings.frames();
    while (frames.next()) {
      ByteBuffer in = ByteBuffer.wrap(frames.array(), frames.offset(), frames.length());
      switch (frames.type()) {
        case ToWorker.TASK -> tasks.put(TaskMessage.read(in));
        case ToWorker.OWN_TASK -> ownTask = tasks.entry(TaskMessage.read(in));
        case ToWorker.FORGET -> tasks.forget(in.getLong());
        case ToWorker.RELEASE -> tasks.release(in.getLong());
        case ToWorker.CHUNK -> add(in, frames);
        case ToWorker.WITHDRAWN -> withdraw(ChunkHeader.read(in).chunk());
        case ToWorker.BODY -> bodies.add(frames.detach());
        case ToWorker.PART -> part = Arrays.copyOfRange(frames.array(), in.position(), in.limit());
        default -> throw new IOException("unknown frame type " + frames.type() + " in the ring");
      }
    }
    return true;
  }

  private void add(ByteBuffer in, FrameReader frame) throws IOException {
    ChunkHeader header = ChunkHeader.read(in);
    int from = in.position();
    if (ownTask != null && ownTask.call() != header.call()) {
      throw new IOException("chunk " + header.chunk() + " came with another call's task");
    }
    boolean isLarge = frame.isLarge();
    byte[] items = isLarge ? frame.detach() : Arrays.copyOfRange(frame.array(), from, in.limit());
    ReceivedChunk chunk =
        new ReceivedChunk(header, ownTask, takeBodies(), part, items, isLarge ? from : 0);
    ownTask = null;
    part = null;
    newest = chunk.header.chunk();
    if (!recalledEarly.isEmpty() && recalledEarly.remove(newest)) {
      answer(newest, 0);
    } else {
      chunks.add(chunk);
    }
  }

  /** Takes note of a chunk that must not be run, and drops what came before it. */
  private void withdraw(long chunk) throws IOException {
    takeBodies();
    ownTask = null;
    part = null;
    newest = chunk;
    if (recalledEarly.remove(chunk)) {
      answer(chunk, 0);
    } else {
      withdrawn.add(chunk);
    }
  }

  private List<byte[]> takeBodies() {
    if (bodies.isEmpty()) {
      return List.of();
    }
    List<byte[]> taken = bodies;
    bodies = new ArrayList<>(2);
    return taken;
  }

  /** Gives back what of a chunk was not claimed; if it is still on its way, once it has come. */
  synchronized void recall(long chunk) throws IOException {
    takeInAll();
    if (chunk > newest) {
      recalledEarly.add(chunk);
      return;
    }
    int from = withdrawn.remove(chunk) ? 0 : NOTHING_LEFT;
    for (ReceivedChunk held : chunks) {
      if (held.header.chunk() == chunk) {
        from = held.close();
      }
    }
    answer(chunk, from);
  }

  private void answer(long chunk, int from) throws IOException {
    out.reset();
    new ItemRef(chunk, from).write(out);
    channel.send(ToParent.RETURNED, out.array(), out.size());
  }
}
