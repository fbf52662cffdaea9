package dev.procpool.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.TaskOptions;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Arguments and results beyond Spark's limits, which the shared cluster has set to 1 MiB. */
@ExtendWith(SharedCluster.class)
class SizesTest extends ClusterTest {

  private static final int LARGE = 4 << 20;

  @Test
  void jobsOfSparksOwnAreHeldToItsLimit() {
    String threeMegabytes = "cat >/dev/null; head -c 3000000 /dev/zero | tr '\\0' x";
    assertThatThrownBy(
            () ->
                context()
                    .parallelize(Collections.nCopies(1, 0), 1)
                    .pipe(List.of("sh", "-c", threeMegabytes))
                    .collect())
        .hasMessageContaining("spark.driver.maxResultSize");
  }

  @Test
  void largeArgumentsAndResultsCrossAloneAndTogether() throws Exception {
    Pool pool = pool(2);
    for (int chunk : new int[] {1, 4}) {
      List<byte[]> results =
          pool.with(TaskOptions.defaults().chunkSize(chunk))
              .map(SizesTest::reversed, List.of(filled(1), filled(2), filled(3), filled(4)));
      assertThat(results).extracting(bytes -> bytes.length).containsOnly(LARGE);
      assertThat(results)
          .extracting(bytes -> bytes[0])
          .containsExactly((byte) 1, (byte) 2, (byte) 3, (byte) 4);
    }
    byte[] captured = filled(5);
    assertThat(pool.apply(() -> captured[LARGE - 1])).isEqualTo((byte) 5);
  }

  @Test
  void whatIsTooLargeForAnExecutorCostsItsItemAtMost() throws Exception {
    List<Long> executors = pidsOfExecutors();
    Pool pool = built(SparkPool.builder(context()).workers(1).jvmOptions(List.of("-Xmx1g")));
    int size = 150 << 20; // of an executor's 512 MB
    List<Outcome<byte[]>> outcomes =
        pool.mapAsync(x -> new byte[x == 1 ? size : x], numbers(3)).outcomes();
    assertThat(outcomes.get(0).valueOrThrow()).isEmpty();
    assertThat(outcomes.get(2).valueOrThrow()).hasSize(2);
    Outcome<byte[]> large = outcomes.get(1);
    if (large.isSuccess()) {
      assertThat(large.valueOrThrow()).hasSize(size);
    } else {
      assertThat(large).isInstanceOf(Outcome.Failure.class);
      assertThat(large.failure().orElseThrow()).hasMessageContaining("item 1");
    }
    assertThat(pidsOfExecutors()).isEqualTo(executors);
  }

  private static byte[] filled(int value) {
    byte[] bytes = new byte[LARGE];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  private static byte[] reversed(byte[] bytes) {
    byte[] result = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      result[i] = bytes[bytes.length - 1 - i];
    }
    return result;
  }
}
