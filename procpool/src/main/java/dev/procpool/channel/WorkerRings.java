package dev.procpool.channel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.function.BooleanSupplier;

/**
 * The worker's end of the rings: tasks in, results out.
 *
 * <p>{@link #send} and {@link #await} belong to the task thread. {@link #receive} and {@link
 * #frames} may be used by several threads, one at a time: their callers see to it. No method is
 * harmed by an interrupt.
 */
public final class WorkerRings {

  /** What a frame has before its payload. */
  public static final int HEADER_BYTES = Frame.HEADER_BYTES;

  private final Ring.Consumer tasks;
  private final Ring.Producer results;
  private final Bell bell;
  private final Selector selector;
  private final WaitStrategy strategy;
  private final FrameReader reader;

  /**
   * Makes the worker's end.
   *
   * @param memory the memory shared with the pool
   * @param socket becomes the bell
   * @param strategy how to wait for tasks
   * @param bodyType the type of frames to read into an array of their own; -1 for none
   * @throws IOException if the socket is broken
   */
  public WorkerRings(WorkerMemory memory, SocketChannel socket, WaitStrategy strategy, int bodyType)
      throws IOException {
    this.reader = FrameReader.believing(bodyType);
    this.tasks = memory.tasks().consumer();
    this.results = memory.results().producer();
    this.strategy = strategy;
    this.selector = Selector.open();
    socket.configureBlocking(false);
    socket.register(selector, SelectionKey.OP_READ);
    this.bell = new Bell(socket);
  }

  /**
   * Takes in what has arrived.
   *
   * @return whether there may be frames for {@link #frames()}
   * @throws IOException if the ring is damaged
   */
  public boolean receive() throws IOException {
    if (tasks.isEmpty() || reader.fill(tasks) == 0) {
      return false;
    }
    if (tasks.takeBellRequest()) {
      bell.ring();
    }
    return true;
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
   * Waits until something has arrived, or {@link #wake} was called, or for no reason.
   *
   * @param wanted whether there is something else not to be waited for; looked at again after this
   *     has said that it sleeps
   * @throws IOException if the selector is broken
   */
  public void await(BooleanSupplier wanted) throws IOException {
    ring();
    if (strategy.spin(() -> !tasks.looksEmpty() || wanted.getAsBoolean())) {
      return;
    }
    if (tasks.sleep() && !wanted.getAsBoolean()) {
      select();
    }
    tasks.awake();
  }

  /** Ends the task thread's wait, or its next one. */
  public void wake() {
    selector.wakeup();
  }

  /**
   * Sends a frame, waiting for room. When this returns the pool can read it, even if this process
   * is killed in the next moment. The pool may have to be woken: {@link #ring} does it.
   *
   * @param type the frame's type, 0 to 255
   * @param frame {@link #HEADER_BYTES} that this fills in, then the payload
   * @param length the length of both together
   * @return whether there was room at once
   * @throws IOException if the ring is damaged
   */
  public boolean send(int type, byte[] frame, int length) throws IOException {
    Frame.putHeader(frame, type, length - HEADER_BYTES);
    if (length < MemoryLayout.RING_BYTES / 2 && results.hasRoom(length)) {
      results.put(frame, 0, length);
      results.publish();
      return true;
    }
    ByteBuffer rest = ByteBuffer.wrap(frame, 0, length);
    while (rest.hasRemaining()) {
      if (results.write(rest) > 0) {
        ring();
      } else if (!strategy.spin(results::hasAnyRoom) && results.waitForRoom()) {
        select(); // rung when there is room, or when tasks come, and then looks again
      }
    }
    return false;
  }

  /** Wakes the pool if it sleeps and something was sent. */
  public void ring() {
    if (results.takeBellRequest()) {
      bell.ring();
    }
  }

  /**
   * The same without a fence, for one who has just passed one: sees what the pool said before it
   * looked at the ring for the last time, or the pool sees what was sent.
   */
  public void ringAfterFence() {
    if (results.takeBellRequestAfterFence()) {
      bell.ring();
    }
  }

  private void select() throws IOException {
    selector.select();
    selector.selectedKeys().clear();
    Thread.interrupted(); // meant for an item that has ended, or for nobody
    if (!bell.hear()) {
      selector.keys().forEach(SelectionKey::cancel); // the inbox ends this process
    }
  }
}
