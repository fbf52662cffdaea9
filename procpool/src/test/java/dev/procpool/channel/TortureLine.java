package dev.procpool.channel;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The pool's end of the line to a {@link TorturePeer}, and the process that is one. */
final class TortureLine implements AutoCloseable {

  private final Path directory;
  private final ServerSocketChannel server;
  private final Selector selector = Selector.open();
  private final Channel socket;
  private final Bell bell;

  final Process peer;
  final WorkerMemory memory;
  final RingChannel rings;

  /** Starts a peer; the arguments are those of its main method. */
  TortureLine(Path directory, String what, long seed, long spinNanos, int count)
      throws IOException {
    this.directory = directory;
    memory = WorkerMemory.create(directory.resolve("m"));
    server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(directory.resolve("s")));
    peer =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                TorturePeer.class.getName(),
                what,
                directory.toString(),
                Long.toString(seed),
                Long.toString(spinNanos),
                Integer.toString(count))
            .redirectError(directory.resolve("stderr").toFile())
            .start();
    peer.onExit().thenRun(this::stopAccepting);
    try {
      socket = new Channel(server.accept(), selector, "socket", Long.MAX_VALUE);
      bell = new Channel(server.accept(), selector, "bell", Long.MAX_VALUE).toBell();
    } catch (IOException e) {
      throw new AssertionError("the peer did not connect: " + errors(), e);
    }
    rings = new RingChannel(memory, bell, Long.MAX_VALUE);
  }

  private void stopAccepting() {
    try {
      server.close();
    } catch (IOException e) {
      // closed already
    }
  }

  /** Waits until the peer rings or is gone. */
  void await() throws IOException {
    selector.select();
    selector.selectedKeys().clear();
    bell.hear();
    socket.receive();
  }

  /** Tells whether the peer is gone, as far as the socket tells. */
  boolean isEnded() {
    return socket.isEnded();
  }

  /** Fails if the peer is gone. */
  void checkPeer() {
    if (isEnded()) {
      throw new AssertionError("the peer is gone: " + errors());
    }
  }

  /** Waits until the peer has done its steps: true if there are more. */
  boolean awaitSteps() throws IOException {
    int said = peer.getInputStream().read();
    if (said < 0) {
      throw new AssertionError("the peer is gone: " + errors());
    }
    return said == 'S';
  }

  /**
   * Waits until the peer has said that it waits for room. Then it gets no bell for that any more.
   */
  void awaitFullRing() {
    Ring.Consumer eye = memory.results().consumer();
    while (!eye.takeBellRequest()) {
      Thread.onSpinWait();
    }
  }

  /** Ends the line as the death of this process would. */
  void hangUp() throws IOException {
    bell.close();
    socket.close();
    selector.close();
  }

  /** Kills the peer with SIGKILL, and waits for its end. */
  void kill() throws InterruptedException {
    peer.destroyForcibly();
    if (!peer.waitFor(60, TimeUnit.SECONDS)) {
      throw new AssertionError("still there: " + peer);
    }
  }

  String errors() {
    try {
      return Files.readString(directory.resolve("stderr"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Override
  public void close() throws IOException {
    peer.destroyForcibly();
    hangUp();
    server.close();
  }
}
