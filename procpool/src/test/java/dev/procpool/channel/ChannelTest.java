package dev.procpool.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The pool's end of the line to a worker. */
@Timeout(60)
class ChannelTest {

  private static final byte[] BODY = new byte[16 * 1024 * 1024];

  @TempDir Path directory;

  @Test
  void aPeerThatDoesNotReadBlocksNobodyAndMissesNothing() throws Exception {
    Path path = directory.resolve("s");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        Selector selector = Selector.open()) {
      server.bind(UnixDomainSocketAddress.of(path));
      WorkerChannel worker = WorkerChannel.connect(path);
      SocketChannel accepted = server.accept();
      try (Channel channel = new Channel(accepted, selector, this, Long.MAX_VALUE)) {
        channel.send(7, new byte[] {1}, 1, BODY, 0, BODY.length);
        channel.send(8, new byte[] {2}, 1);
        channel.flush();
        channel.flush();

        assertThat(channel.queuedBytes()).as("kept for the worker").isPositive();
        assertThat(channel.receive()).as("nothing has come").isFalse();

        CompletableFuture<Integer> received =
            CompletableFuture.supplyAsync(() -> receiveTwo(worker));
        while (channel.queuedBytes() > 0) {
          selector.select();
          selector.selectedKeys().clear();
          channel.flush();
        }
        assertThat(received.get()).isEqualTo(BODY.length + 2);
      }
      assertThat(worker.receive()).as("after the pool's end is closed").isNull();
    }
  }

  private static int receiveTwo(WorkerChannel worker) {
    try {
      FrameReader frame = worker.receive();
      assertThat(frame.type()).isEqualTo(7);
      int length = frame.length();
      frame = worker.receive();
      assertThat(frame.type()).isEqualTo(8);
      return length + frame.length();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
