package dev.procpool.worker;

import dev.procpool.protocol.ChunkHeader;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A run of consecutive items that the pool sent together.
 *
 * <p>The task thread claims its items one after another, the inbox may {@link #close} it. Each says
 * what it does, passes a full fence and looks at what the other says; so at least one of them sees
 * the other (as in Dekker's algorithm), and an item is either run or given back. The task thread's
 * fence is that of {@link dev.procpool.channel.RunPage#begin}, between {@link #claim} and {@link
 * #isConfirmed}: an item that nobody disturbs costs no other. The bytes are read by the task thread
 * alone.
 */
final class ReceivedChunk {

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle CLAIMED;

  static {
    try {
      CLAIMED = MethodHandles.lookup().findVarHandle(ReceivedChunk.class, "claimed", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final ChunkHeader header;

  /** The task, if no other chunk has it; the task thread's, unless no item is left for it. */
  private TaskTable.@Nullable Entry task;

  /** How many items were claimed. Written by the task thread. */
  private volatile int claimed;

  /** How many items may be claimed; negative while {@link #close} decides. */
  private volatile int limit;

  /** What came before the bytes; the task thread's. */
  private List<byte[]> bodies;

  /** What an earlier attempt at its item has published; the task thread's. */
  private byte @Nullable [] part;

  private final byte[] bytes;
  private int position;
  private int itemLength;

  /**
   * Makes a chunk.
   *
   * @param task its task, if no other chunk has it
   * @param bodies those of its item; if there are any, it has no other
   * @param part what an earlier attempt at its item has published, if there is one
   * @param bytes holds the items; kept
   * @param from where the first begins
   */
  ReceivedChunk(
      ChunkHeader header,
      TaskTable.@Nullable Entry task,
      List<byte[]> bodies,
      byte @Nullable [] part,
      byte[] bytes,
      int from) {
    this.header = header;
    this.task = task;
    this.bodies = bodies;
    this.part = part;
    this.bytes = bytes;
    this.position = from;
    this.limit = header.count();
  }

  /**
   * Takes the next item, the one at {@code claimed() - 1}, unless it turns out after a full fence
   * that it is not {@linkplain #isConfirmed confirmed}.
   *
   * @return false if there is none
   */
  boolean claim() {
    int next = claimed; // ours
    if (next >= limit) {
      return false;
    }
    CLAIMED.setRelease(this, next + 1);
    return true;
  }

  /** Task thread, after a fence: whether the item claimed last is its to run. */
  boolean isConfirmed() {
    int ours = claimed;
    return ours <= limit || ours <= decided();
  }

  /** Waits for {@link #close}, which is about to decide. */
  private synchronized int decided() {
    return limit;
  }

  /** Lets no more items be claimed, and tells how many were. */
  synchronized int close() {
    int before = limit;
    limit = -1; // volatile: a fence before the look at what was claimed
    int taken = Math.min(claimed, before);
    limit = taken;
    if (taken == 0) {
      task = null; // this may stay in the queue for as long as an item before it runs
    }
    return taken;
  }

  /** How many items were claimed. */
  int claimed() {
    return claimed;
  }

  /** Goes to the bytes of the item claimed last. */
  void advance() {
    int lengthAt = position + itemLength;
    itemLength = (int) INT.get(bytes, lengthAt);
    position = lengthAt + Integer.BYTES;
  }

  /** Takes the time limit away that the item begins with. */
  long takeLimit() {
    long limit = (long) LONG.get(bytes, position);
    position += Long.BYTES;
    itemLength -= Long.BYTES;
    return limit;
  }

  /** Takes away the bodies of the item claimed last, so that they last no longer than it. */
  List<byte[]> takeBodies() {
    List<byte[]> taken = bodies;
    bodies = List.of();
    return taken;
  }

  /**
   * Takes away the task, if no other chunk has it, so that it lasts no longer than the item: who
   * waits for the next chunk may still have this one. Null if the table has it.
   */
  TaskTable.@Nullable Entry takeTask() {
    TaskTable.Entry taken = task;
    task = null;
    return taken;
  }

  /** Takes away what an earlier attempt has published; null for nothing. */
  byte @Nullable [] takePart() {
    byte[] taken = part;
    part = null;
    return taken;
  }

  byte[] bytes() {
    return bytes;
  }

  int itemOffset() {
    return position;
  }

  int itemLength() {
    return itemLength;
  }
}
