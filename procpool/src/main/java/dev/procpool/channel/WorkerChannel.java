package dev.procpool.channel;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The worker's end of the line. Blocks.
 *
 * <p>One thread reads; any thread sends, a whole frame at a time.
 */
public final class WorkerChannel {

  private static final byte[] NOTHING = new byte[0];

  private final SocketChannel socket;
  private final FrameReader reader = new FrameReader(Long.MAX_VALUE);

  /** Guarded by itself. */
  private final FrameWriter writer = new FrameWriter();

  private WorkerChannel(SocketChannel socket) {
    this.socket = socket;
  }

  /**
   * Connects to the pool.
   *
   * @param path the pool's socket
   * @return the connected channel
   * @throws IOException if the pool is gone
   */
  public static WorkerChannel connect(Path path) throws IOException {
    SocketChannel socket = SocketChannel.open(StandardProtocolFamily.UNIX);
    socket.connect(UnixDomainSocketAddress.of(path));
    return new WorkerChannel(socket);
  }

  /**
   * Tells whether a pool still listens, which it does until it removes its directory or dies.
   *
   * @param path the pool's socket
   * @return whether a connection would be accepted
   */
  public static boolean isListening(Path path) {
    try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      return probe.connect(UnixDomainSocketAddress.of(path));
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Sends a frame.
   *
   * @param type the frame's type, 0 to 255
   * @param payload the payload
   * @param length how much of it
   * @throws IOException if the pool's end is gone
   */
  public void send(int type, byte[] payload, int length) throws IOException {
    send(type, payload, length, NOTHING, 0, 0);
  }

  /**
   * Sends a frame of two parts.
   *
   * @param type the frame's type, 0 to 255
   * @param head the first part of the payload
   * @param headLength how much of {@code head}
   * @param body the second part
   * @param bodyOffset where it begins
   * @param bodyLength its length
   * @throws IOException if the pool's end is gone
   */
  public void send(
      int type, byte[] head, int headLength, byte[] body, int bodyOffset, int bodyLength)
      throws IOException {
    synchronized (writer) {
      writer.put(type, head, headLength, body, bodyOffset, bodyLength);
      writer.flush(socket);
    }
  }

  /**
   * Waits for the next frame.
   *
   * @return the reader, at the frame; null if the pool's end is gone
   * @throws IOException if the socket is broken
   */
  public @Nullable FrameReader receive() throws IOException {
    while (!reader.next()) {
      if (reader.fill(socket) < 0) {
        return null;
      }
    }
    return reader;
  }
}
