package dev.procpool.local.dispatch;

import dev.procpool.local.engine.Engine;
import dev.procpool.local.fleet.Fleet;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Takes connections of workers, and pauses while there is no descriptor for one. Owned by the
 * engine's thread.
 */
final class Acceptor {

  private static final int MOST_AT_ONCE = 64;
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Engine engine;
  private final Fleet fleet;
  private @Nullable ServerSocketChannel server;

  /** When connections are taken again; {@code Long.MAX_VALUE} if they are. */
  private long resumesAt = Long.MAX_VALUE;

  Acceptor(Engine engine, Fleet fleet) {
    this.engine = engine;
    this.fleet = fleet;
  }

  /** Takes those that come to a socket; before the engine starts. */
  void listen(ServerSocketChannel socket) throws IOException {
    server = socket;
    socket.register(engine.selector(), SelectionKey.OP_ACCEPT);
  }

  /** Takes those that wait. */
  void accept(SelectionKey key) {
    ServerSocketChannel accepting = Objects.requireNonNull(server);
    try {
      for (int i = 0; i < MOST_AT_ONCE; i++) { // the rest in the next round
        SocketChannel socket = accepting.accept();
        if (socket == null) {
          return;
        }
        fleet.reception().accepted(socket);
      }
    } catch (IOException e) { // no descriptor left; who has called waits
      key.interestOps(0);
      resumesAt = engine.now() + PAUSE_NANOS;
    }
  }

  /** Goes on after a pause; tells when to look again. */
  long round(long now) {
    if (resumesAt != Long.MAX_VALUE && resumesAt - now <= 0) {
      resumesAt = Long.MAX_VALUE;
      SelectionKey key = Objects.requireNonNull(server).keyFor(engine.selector());
      if (key != null && key.isValid()) {
        key.interestOps(SelectionKey.OP_ACCEPT);
      }
    }
    return resumesAt;
  }

  void close() throws IOException {
    Objects.requireNonNull(server).close();
  }
}
