package dev.procpool.channel;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/**
 * The pool's end of the line to one worker. Never blocks: a worker that does not read keeps its
 * frames waiting here and nobody else.
 *
 * <p>Owned by the engine's thread.
 */
public final class Channel implements Closeable {

  private static final byte[] NOTHING = new byte[0];

  private final SocketChannel socket;
  private final FrameReader reader;
  private final FrameWriter writer = new FrameWriter();
  private final SelectionKey key;
  private boolean ended;

  /**
   * Takes over a connected socket.
   *
   * @param socket the socket; becomes non-blocking
   * @param selector the selector that is to wake the owner when frames arrive
   * @param attachment what the selection key carries
   * @param maxFrameBytes the longest payload to accept
   * @throws IOException if the socket is broken
   */
  public Channel(SocketChannel socket, Selector selector, Object attachment, long maxFrameBytes)
      throws IOException {
    this.socket = socket;
    this.reader = new FrameReader(maxFrameBytes);
    socket.configureBlocking(false);
    this.key = socket.register(selector, SelectionKey.OP_READ, attachment);
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
   * Queues a frame of one part; {@link #flush} sends it.
   *
   * @param type the frame's type, 0 to 255
   * @param payload the payload; copied
   * @param length how much of it
   */
  public void send(int type, byte[] payload, int length) {
    writer.put(type, payload, length, NOTHING, 0, 0);
  }

  /**
   * Sends what the worker's side takes; the rest is sent when the selector finds room.
   *
   * @throws IOException if the worker's end is gone
   */
  public void flush() throws IOException {
    if (ended) {
      return;
    }
    boolean all = writer.flush(socket::write);
    int interest = all ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE;
    if (key.isValid() && key.interestOps() != interest) {
      key.interestOps(interest);
      key.selector().wakeup(); // in case the engine's thread sleeps and this is one who helps it
    }
  }

  /**
   * Takes what has arrived.
   *
   * @return whether there may be frames for {@link #frames()}
   * @throws IOException if the socket is broken
   */
  public boolean receive() throws IOException {
    if (ended) {
      return false;
    }
    int read = reader.fill(socket::read);
    if (read < 0) {
      ended = true;
      key.cancel();
    }
    return read > 0;
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
   * Tells whether the worker's end is closed and everything it sent was received.
   *
   * @return whether no more can arrive
   */
  public boolean isEnded() {
    return ended;
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
   * Turns this into a bell: from now on its bytes mean nothing but that there is something to see.
   *
   * @return the bell, which shares the socket and its selection key
   */
  public Bell toBell() {
    return new Bell(socket);
  }

  /** Closes this end. */
  @Override
  public void close() {
    ended = true;
    key.cancel();
    try {
      socket.close();
    } catch (IOException e) {
      // the other end is gone already; nothing is lost
    }
  }
}
