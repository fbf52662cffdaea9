package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.procpool.Pool;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Who only looks whether a pool listens leaves nothing in it. */
class ProbedPoolTest extends ProcessPoolTest {

  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
  private static final int PROBES = 50;

  @Test
  void probesCostNoDescriptors() throws Exception {
    assumeTrue(Files.isDirectory(DESCRIPTORS), "no /proc here");
    Pool pool = pool(1);
    pool.apply(() -> 1);
    Path socket = socket();
    int before = descriptors();
    for (int i = 0; i < PROBES; i++) {
      try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
        assertThat(probe.connect(UnixDomainSocketAddress.of(socket))).isTrue();
      }
    }
    Eventually.until("all are closed", () -> descriptors() < before + PROBES / 2);
    assertThat(pool.apply(() -> 2)).isEqualTo(2);
  }

  private static Path socket() throws IOException {
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    try (DirectoryStream<Path> pools = Files.newDirectoryStream(temporary, "procpool-*")) {
      return pools.iterator().next().resolve("s");
    }
  }

  private static int descriptors() {
    String[] names = DESCRIPTORS.toFile().list();
    return names == null ? 0 : names.length;
  }
}
