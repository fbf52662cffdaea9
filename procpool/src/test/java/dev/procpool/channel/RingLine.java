package dev.procpool.channel;

import dev.procpool.protocol.ToWorker;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** Both ends of the line to a worker, in one process. */
public final class RingLine implements AutoCloseable {

  private final ServerSocketChannel server;
  private final Bell bell;

  /** What the parent waits for. */
  public final Selector selector;

  /** The parent's ends. */
  public final RingChannel parent;

  public final Channel parentSocket;

  /** The worker's ends. */
  public final WorkerRings worker;

  public final WorkerChannel workerSocket;

  public RingLine(Path directory, long spinNanos) throws IOException {
    Path path = directory.resolve("s");
    Path file = directory.resolve("m");
    WorkerMemory memory = WorkerMemory.create(file);
    selector = Selector.open();
    server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(path));
    workerSocket = WorkerChannel.connect(path);
    SocketChannel accepted = server.accept();
    parentSocket = new Channel(accepted, selector, "socket", Long.MAX_VALUE);
    SocketChannel workerBell = WorkerChannel.connectBell(path, 1, new byte[0], 0);
    worker =
        new WorkerRings(
            WorkerMemory.open(file), workerBell, WaitStrategy.yielding(spinNanos), ToWorker.BODY);
    bell = new Channel(server.accept(), selector, "bell", Long.MAX_VALUE).toBell();
    selector.select();
    selector.selectedKeys().clear();
    bell.hear(); // the first frame
    parent = new RingChannel(memory, bell, Long.MAX_VALUE);
  }

  /** Waits until the worker rings or says something. */
  public void await() throws IOException {
    selector.select();
    selector.selectedKeys().clear();
    bell.hear();
  }

  @Override
  public void close() throws IOException {
    bell.close();
    parentSocket.close();
    selector.close();
    server.close();
  }
}
