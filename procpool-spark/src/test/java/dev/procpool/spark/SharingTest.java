package dev.procpool.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.Pool;
import dev.procpool.Shared;
import dev.procpool.TaskOptions;
import dev.procpool.testkit.FileLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Values that a pool shares: how often they travel. */
@ExtendWith(SharedCluster.class)
class SharingTest extends ClusterTest {

  private static final int COUNT = 2 * SharedCluster.WORKERS;
  private static final int SIZE = 16 << 20;

  /** Once an executor, and half as much for all else. With once a worker it would be 4 times. */
  private static final long MOST = SIZE * SharedCluster.WORKERS * 3L / 2;

  /** Other programs of the machine may send as much to one another, but not each time. */
  private static final int TRIES = 3;

  @Test
  void aSharedValueCrossesOnceAnExecutor() throws Exception {
    Pool pool = pool(COUNT).with(TaskOptions.defaults().chunkSize(1));
    FileLog start = log("start");
    pool.map(x -> meet(x, start, COUNT), numbers(COUNT)); // so that all workers are there
    long least = Long.MAX_VALUE;
    long leastAgain = Long.MAX_VALUE;
    for (int i = 0; i < TRIES && (least > MOST || leastAgain > SIZE); i++) {
      byte[] value = new byte[SIZE];
      new Random(i).nextBytes(value); // nothing compresses it
      List<Integer> hashes = Collections.nCopies(COUNT, Arrays.hashCode(value));
      FileLog first = log("first-" + i);
      FileLog second = log("second-" + i);
      long before = bytesOnLoopback();
      try (Shared<byte[]> shared = pool.share(value)) {
        assertThat(hashes(pool, shared, first)).isEqualTo(hashes);
        long crossed = bytesOnLoopback();
        assertThat(hashes(pool, shared, second)).isEqualTo(hashes);
        least = Math.min(least, crossed - before);
        leastAgain = Math.min(leastAgain, bytesOnLoopback() - crossed);
      }
    }
    assertThat(least).as("bytes for the first call").isBetween((long) SIZE, MOST);
    assertThat(leastAgain).as("bytes for the second call").isLessThan(SIZE);
  }

  /** Has each worker look at the value. */
  private static List<Integer> hashes(Pool pool, Shared<byte[]> shared, FileLog met)
      throws Exception {
    return pool.map(x -> Arrays.hashCode(shared.get()) + meet(0, met, COUNT), numbers(COUNT));
  }

  private static long bytesOnLoopback() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/net/dev")).stream()
        .map(String::strip)
        .filter(line -> line.startsWith("lo:"))
        .mapToLong(line -> Long.parseLong(line.split("[: ]+")[1]))
        .findFirst()
        .orElseThrow();
  }
}
