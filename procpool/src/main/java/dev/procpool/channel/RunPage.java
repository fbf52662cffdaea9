package dev.procpool.channel;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A mapped page in which a worker says what it is running. It outlives the worker: after a crash
 * the parent reads which item was running, so that exactly that one is to blame.
 *
 * <p>The worker's task thread writes {@link #RUNNING} before it touches an item and clears it after
 * the item's result was sent. The parent may close the {@link #GATE}: then no further item starts,
 * whatever the worker's threads do. Both sides store first and look at the other's word after a
 * full fence, so at least one of them sees the other (as in Dekker's algorithm).
 *
 * <p>Safe for one writer of each word and readers in both processes.
 */
public final class RunPage {

  /** The size of the file. */
  public static final int BYTES = 4096;

  /** Says that the page is one of ours, and its layout's version. Written by the parent, once. */
  private static final int MAGIC = 0;

  /** Counts up while the worker's process gets processor time. Written by the worker. */
  private static final int HEARTBEAT = 64;

  /** The item being run, 0 for none. Written by the worker's task thread. */
  private static final int RUNNING = 128;

  /** Not 0: start nothing. Written by the parent. */
  private static final int GATE = 192;

  private static final long MAGIC_V1 = 0x70726f63_00000001L;

  private static final VarHandle LONG =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private final ByteBuffer page;

  private RunPage(MappedByteBuffer page) {
    this.page = page;
  }

  /**
   * Makes the page's file and maps it. The file is filled before it is mapped, so that a full file
   * system gives an exception here and no SIGBUS later.
   *
   * @param file the file to make; must not exist
   * @return the page
   * @throws IOException if there is no room or no right
   */
  public static RunPage create(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      ByteBuffer zeros = ByteBuffer.allocate(BYTES);
      while (zeros.hasRemaining()) {
        channel.write(zeros);
      }
      RunPage made = new RunPage(channel.map(FileChannel.MapMode.READ_WRITE, 0, BYTES));
      LONG.setVolatile(made.page, MAGIC, MAGIC_V1);
      return made;
    }
  }

  /**
   * Maps a page that the parent made.
   *
   * @param file the file
   * @return the page
   * @throws IOException if it is not there or not a page of this version
   */
  public static RunPage open(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      RunPage opened = new RunPage(channel.map(FileChannel.MapMode.READ_WRITE, 0, BYTES));
      if ((long) LONG.getVolatile(opened.page, MAGIC) != MAGIC_V1) {
        throw new IOException(file + " is not a run page of this version");
      }
      return opened;
    }
  }

  /**
   * Worker: says that an item is about to run.
   *
   * @param word what identifies the item; not 0
   * @return false if the gate is closed: the item must not be touched, and the page says so
   */
  public boolean begin(long word) {
    LONG.setVolatile(page, RUNNING, word);
    VarHandle.fullFence();
    if ((long) LONG.getVolatile(page, GATE) != 0) {
      LONG.setVolatile(page, RUNNING, 0L);
      return false;
    }
    return true;
  }

  /** Worker: says that the item's result was sent. */
  public void end() {
    LONG.setRelease(page, RUNNING, 0L);
  }

  /** Worker: shows that the process gets processor time. */
  public void beat() {
    LONG.setRelease(page, HEARTBEAT, (long) LONG.getOpaque(page, HEARTBEAT) + 1);
  }

  /**
   * Parent: reads the heartbeat.
   *
   * @return a number that changes while the worker's process gets processor time
   */
  public long heartbeat() {
    return (long) LONG.getAcquire(page, HEARTBEAT);
  }

  /**
   * Parent: reads what is running, or was when the worker died.
   *
   * @return the item's word; 0 for none
   */
  public long running() {
    return (long) LONG.getVolatile(page, RUNNING);
  }

  /**
   * Parent: lets no further item start, if the one that runs is still this one.
   *
   * @param word the item that should be running
   * @return whether the gate is closed and the item was still running; if not, the gate is open
   */
  public boolean closeGateIfRunning(long word) {
    LONG.setVolatile(page, GATE, 1L);
    VarHandle.fullFence();
    if (running() == word) {
      return true;
    }
    LONG.setVolatile(page, GATE, 0L);
    return false;
  }

  /**
   * Worker: tells whether the gate is closed.
   *
   * @return whether nothing may start
   */
  public boolean isGateClosed() {
    return (long) LONG.getVolatile(page, GATE) != 0;
  }
}
