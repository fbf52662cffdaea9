package dev.procpool.channel;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The worker's end of the line. Blocks.
 *
 * <p>One thread reads; any thread sends, a whole frame at a time. No interrupt does any harm: the
 * socket is non-blocking, since a blocking one would be closed by it, and waits are a selector's.
 */
public final class WorkerChannel {

  private static final byte[] NOTHING = new byte[0];
  private static final long ENDING_POLL_NANOS = 1_000_000;

  private final SocketChannel socket;
  private final FrameReader reader = new FrameReader(Long.MAX_VALUE);

  /** Guarded by itself. */
  private final FrameWriter writer = new FrameWriter();

  private final Selector readable = Selector.open();
  private final Selector writable = Selector.open();
  private volatile boolean ending;

  private WorkerChannel(SocketChannel socket) throws IOException {
    this.socket = socket;
    socket.configureBlocking(false);
    socket.register(readable, SelectionKey.OP_READ);
    socket.register(writable, SelectionKey.OP_WRITE);
  }

  /**
   * Connects to the pool.
   *
   * @param path the pool's socket
   * @return the connected channel
   * @throws IOException if the pool is gone
   */
  public static WorkerChannel connect(Path path) throws IOException {
    return new WorkerChannel(connectSocket(path));
  }

  /**
   * Loads what connecting takes, which is more than one would think: the JDK sets up its random
   * numbers.
   *
   * @throws IOException if there are no such sockets
   */
  public static void prepare() throws IOException {
    SocketChannel.open(StandardProtocolFamily.UNIX).close();
  }

  /**
   * Connects to the pool once more, for the {@linkplain WorkerRings bell}.
   *
   * @param path the pool's socket
   * @param type the type of the frame to say first
   * @param payload its payload
   * @param length how much of it
   * @return the connected socket
   * @throws IOException if the pool is gone
   */
  public static SocketChannel connectBell(Path path, int type, byte[] payload, int length)
      throws IOException {
    SocketChannel socket = connectSocket(path);
    FrameWriter writer = new FrameWriter();
    writer.put(type, payload, length, NOTHING, 0, 0);
    writer.flush(socket::write); // blocks until all is written
    return socket;
  }

  private static SocketChannel connectSocket(Path path) throws IOException {
    SocketChannel socket = SocketChannel.open(StandardProtocolFamily.UNIX);
    socket.connect(UnixDomainSocketAddress.of(path));
    return socket;
  }

  /**
   * Tells whether a pool still listens, which it does until it removes its directory or dies.
   *
   * @param path the pool's socket
   * @return whether a connection would be accepted, now or when others have been
   */
  public static boolean isListening(Path path) {
    return !isDead(path) && Files.exists(path);
  }

  /**
   * Tells whether a socket is one where nobody listens any more. What can't be told is not so.
   *
   * @param path the socket
   * @return whether a connection is refused
   */
  public static boolean isDead(Path path) {
    try {
      probe(path);
      return false;
    } catch (ConnectException e) {
      return true;
    } catch (IOException e) {
      return false; // not there, closed to us, or with as many waiting as can wait
    }
  }

  /** Never waits: who listens may have been stopped. */
  private static void probe(Path path) throws IOException {
    try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      probe.configureBlocking(false);
      probe.connect(UnixDomainSocketAddress.of(path));
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
      while (!writer.flush(socket::write)) {
        await(writable);
      }
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
      int read = reader.fill(socket::read);
      if (read < 0) {
        return null;
      } else if (read == 0 && ending) {
        LockSupport.parkNanos(ENDING_POLL_NANOS);
      } else if (read == 0) {
        await(readable);
      }
    }
    return reader;
  }

  /**
   * Prepares for the end of the JVM: {@link #receive} waits in short sleeps from now on. A JVM that
   * ends waits 300 ms for threads that are in the operating system, as one in a selector is.
   */
  public void prepareForExit() {
    ending = true;
    readable.wakeup();
  }

  /** Waits until the socket may be ready; keeps an interrupt for those whom it concerns. */
  private static void await(Selector selector) throws IOException {
    boolean interrupted = Thread.interrupted();
    selector.select();
    selector.selectedKeys().clear();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
