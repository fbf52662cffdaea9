package dev.procpool.channel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * The first page of the shared memory, in which a worker says what it is running. It outlives the
 * worker: after a crash the parent reads which item was running, so that exactly that one is to
 * blame.
 *
 * <p>The worker's task thread says what it is about to run, looks whether anybody objects, then
 * says that it runs; it clears the word after the item's result was sent. The parent may close the
 * gate: then no further item starts, whatever the worker's threads do. Both sides store first and
 * look at the other's word after a full fence, so at least one of them sees the other (as in
 * Dekker's algorithm).
 *
 * <p>Safe for one writer of each word and readers in both processes.
 */
public final class RunPage {

  private static final VarHandle LONG =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

  /** Marks an item that may yet turn out not to start. */
  private static final long TENTATIVE = Long.MIN_VALUE;

  /** How often to try to read a note that changes meanwhile. */
  private static final int READS = 4;

  private final ByteBuffer page;

  RunPage(ByteBuffer memory) {
    this.page = memory;
  }

  /**
   * Worker: says that an item may be about to run. Passes a full fence: whatever this thread has
   * stored before is seen by whoever stores something that this thread does not see after it.
   *
   * @param word what identifies the item; positive
   * @return false if the gate is closed: the item must not be touched, and the page says so
   */
  public boolean begin(long word) {
    LONG.setRelease(page, MemoryLayout.RUNNING, word | TENTATIVE);
    VarHandle.fullFence();
    if ((long) LONG.getAcquire(page, MemoryLayout.GATE) != 0) {
      LONG.setVolatile(page, MemoryLayout.RUNNING, 0L);
      return false;
    }
    return true;
  }

  /**
   * Worker: says that the item which {@link #begin} has named starts now. If the process dies from
   * here on, that item is to blame.
   *
   * @param word what identifies the item
   */
  public void start(long word) {
    LONG.setRelease(page, MemoryLayout.RUNNING, word);
    VarHandle.storeStoreFence(); // before anything that the item does
  }

  /** Worker: says that the item's result was sent, or that it does not start. */
  public void end() {
    LONG.setRelease(page, MemoryLayout.RUNNING, 0L);
  }

  /** Worker: says that an item gets on; from any thread. */
  public void progress() {
    long ignored = (long) LONG.getAndAdd(page, MemoryLayout.PROGRESS, 1L);
  }

  /**
   * Reads how often the worker's items said that they get on.
   *
   * @return a number that changes with each word
   */
  public long progressed() {
    return (long) LONG.getAcquire(page, MemoryLayout.PROGRESS);
  }

  /**
   * Worker: leaves a note of how far an item has come, in place of an earlier one. What a worker
   * that dies meanwhile leaves half written is not seen. One thread at a time.
   *
   * @param note the note
   */
  public void note(Note note) {
    long number = (long) LONG.getOpaque(page, MemoryLayout.NOTES) + 1;
    VarHandle.storeStoreFence(); // who reads what is overwritten sees that there was another
    note.write(page, noteAt(number));
    LONG.setRelease(page, MemoryLayout.NOTES, number);
  }

  /**
   * Reads the last note.
   *
   * @return the note; null if there is none, or it changes too fast
   */
  public @Nullable Note note() {
    for (int i = 0; i < READS; i++) {
      long number = (long) LONG.getAcquire(page, MemoryLayout.NOTES);
      if (number == 0) {
        return null;
      }
      Note note = Note.read(page, noteAt(number));
      VarHandle.acquireFence();
      if ((long) LONG.getOpaque(page, MemoryLayout.NOTES) == number) {
        return note; // the next was written to the other place
      }
    }
    return null;
  }

  private static int noteAt(long number) {
    return MemoryLayout.NOTE + (int) (number & 1) * MemoryLayout.NOTE_BYTES;
  }

  /** Worker: shows that the process gets processor time. */
  public void beat() {
    LONG.setRelease(
        page, MemoryLayout.HEARTBEAT, (long) LONG.getOpaque(page, MemoryLayout.HEARTBEAT) + 1);
  }

  /**
   * Parent: reads the heartbeat.
   *
   * @return a number that changes while the worker's process gets processor time
   */
  public long heartbeat() {
    return (long) LONG.getAcquire(page, MemoryLayout.HEARTBEAT);
  }

  /**
   * Parent: reads what is running, or was when the worker died.
   *
   * @return the item's word; 0 for none, which includes one that has not started yet
   */
  public long running() {
    return Math.max(0, (long) LONG.getVolatile(page, MemoryLayout.RUNNING));
  }

  /**
   * Parent: lets no further item start, if the one that runs is still this one.
   *
   * @param word the item that should be running
   * @return whether the gate is closed and the item was still running; if not, the gate is open
   */
  public boolean closeGateIfRunning(long word) {
    LONG.setVolatile(page, MemoryLayout.GATE, 1L);
    VarHandle.fullFence();
    if (running() == word) {
      return true;
    }
    LONG.setVolatile(page, MemoryLayout.GATE, 0L);
    return false;
  }
}
