package dev.procpool.channel;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * A socket that carries nothing but wake-ups for a side that sleeps on its ring: any byte is one.
 *
 * <p>Non-blocking, and so not closed when a thread that uses it is interrupted. {@link #ring} may
 * be called by several threads.
 */
public final class Bell implements Closeable {

  /** Who rings on and on is heard again later. */
  private static final int MOST_READS = 16;

  private final SocketChannel socket;
  private final ByteBuffer heard = ByteBuffer.allocateDirect(1024);

  Bell(SocketChannel socket) {
    this.socket = socket;
  }

  /** Wakes the other side. */
  void ring() {
    try {
      socket.write(ByteBuffer.allocate(1)); // no room: it has not yet heard those before
    } catch (IOException e) {
      // the other side is gone; its end is seen elsewhere
    }
  }

  /**
   * Takes in what was rung.
   *
   * @return false if the other side is gone
   */
  public boolean hear() {
    try {
      int read = heard.capacity();
      for (int i = 0; i < MOST_READS && read == heard.capacity(); i++) {
        heard.clear();
        read = socket.read(heard);
      }
      return read >= 0;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      // the other end is gone already
    }
  }
}
