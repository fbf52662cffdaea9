package dev.procpool.testkit.integrity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A short integrity run, and that it would find what it looks for. */
class IntegrityRunTest {

  private static final int ITEMS = 60_000;
  private static final long SEED = 5;

  @Test
  void noItemIsWrongDoubledOrMissing() throws Exception {
    long seed = new SplittableRandom().nextLong();
    assertThat(new IntegrityRun(seed, ITEMS, System.out).run()).as("seed %d", seed).isEmpty();
  }

  @Test
  void aDamagedParcelIsFound() {
    byte[] parcel = Parcel.of(7, SEED);
    assertThat(Parcel.check(parcel)).isEqualTo(7);
    for (int at = 0; at < parcel.length; at++) {
      parcel[at] ^= 1;
      assertThat(Parcel.check(parcel)).as("damaged at %d", at).isEqualTo(-1);
      parcel[at] ^= 1;
    }
    assertThat(Parcel.check(new byte[0])).isEqualTo(-1);
  }

  @Test
  void whatIsWrongDoubledOrMissingIsCounted() {
    Count count = new Count(10, 5);
    count.take(Parcel.of(10, SEED), 0);
    count.take(Parcel.of(12, SEED), 1); // not its place
    count.take(Parcel.of(15, SEED), -1); // another call's
    count.take(new byte[0], 3);
    count.take(Parcel.of(14, SEED), -1);
    count.take(Parcel.of(14, SEED), -1);
    assertThat(count.wrong()).isEqualTo(3);
    assertThat(count.doubled()).isEqualTo(1);
    assertThat(count.missing()).isEqualTo(3);
  }

  @Test
  void parcelsAreOfAllSizes() {
    int small = 0;
    int large = 0;
    for (int i = 0; i < 20_000; i++) {
      int length = Parcel.of(i, SEED).length;
      small += length < 100 ? 1 : 0;
      large += length > 10_000 ? 1 : 0;
    }
    assertThat(small).isGreaterThan(10_000);
    assertThat(large).isBetween(10, 200);
  }
}
