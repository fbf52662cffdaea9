package dev.procpool.spark.slots;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whole clusters in virtual time: every item ends once, the cores are busy nearly all the time, and
 * the driver has few items in memory however many there are.
 */
@Timeout(value = 600, unit = TimeUnit.SECONDS) // two minutes at a load of 24: it computes
class SimulatedClusterTest {

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  /** Log-normal around a median; one in ten thousand takes a hundred times as long. */
  private static DoubleUnaryOperator durations(double medianMillis) {
    Random random = new Random(1);
    double[] table = new double[1 << 16];
    for (int i = 0; i < table.length; i++) {
      table[i] = medianMillis * Math.exp(0.7 * random.nextGaussian());
    }
    return chosen -> {
      double of = chosen * 10_000;
      double millis = table[(int) ((of - Math.floor(of)) * table.length)];
      return of < 1 ? 100 * millis : millis;
    };
  }

  private static SimulatedCluster.Source source(int priority, int items, double millis) {
    return new SimulatedCluster.Source(priority, 0, items, durations(millis));
  }

  private static void verify(SimulatedCluster cluster, double busy, int mostInMemory) {
    assertThat(cluster.utilisation()).as("%s", cluster).isGreaterThan(busy);
    assertThat(cluster.mostInMemory()).as("%s", cluster).isLessThan(mostInMemory);
  }

  /** Two hundred executors are lost while they work, and others join. */
  @Test
  void aThousandExecutorsRunTenMillionItems() {
    SimulatedCluster.Source source = source(0, 10_000_000, 10);
    SimulatedCluster cluster = new SimulatedCluster(1, 1000, 1, List.of(source));
    cluster.loseExecutors(200, SECOND / 2);
    cluster.run();
    assertThat(source.ended.cardinality()).isEqualTo(10_000_000);
    assertThat(source.lost).isZero();
    verify(cluster, 0.95, 32 * 1000);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void aSmallCluster(long seed) {
    SimulatedCluster.Source source = source(0, 100_000, 10);
    SimulatedCluster cluster = new SimulatedCluster(seed, 10, 1, List.of(source));
    cluster.run();
    verify(cluster, 0.95, 32 * 10);
  }

  @ParameterizedTest
  @CsvSource({"0.3, 100000", "2, 100000", "40, 10000", "150, 6000"})
  void shortAndLongItems(double millis, int items) {
    SimulatedCluster cluster = new SimulatedCluster(1, 5, 2, List.of(source(0, items, millis)));
    cluster.run();
    verify(cluster, 0.95, 10_000);
  }

  /** The one of the higher priority ends first, and nobody waits for their turns. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void twoCallsOfDifferentPriority(long seed) {
    SimulatedCluster.Source urgent = source(1, 50_000, 2);
    SimulatedCluster.Source other = source(0, 50_000, 2);
    SimulatedCluster cluster = new SimulatedCluster(seed, 10, 1, List.of(other, urgent));
    cluster.run();
    assertThat(urgent.endedAt).isLessThan(other.endedAt * 2 / 3);
    verify(cluster, 0.95, 10_000);
  }

  /** One in ten turns, or the other call would wait for ever. */
  @Test
  void theLowerPriorityGoesOn() {
    SimulatedCluster.Source urgent = source(1, 50_000, 5);
    SimulatedCluster.Source other = source(0, 2_000, 5);
    SimulatedCluster cluster = new SimulatedCluster(1, 10, 1, List.of(other, urgent));
    cluster.run();
    assertThat(other.endedAt).isLessThan(urgent.endedAt);
  }

  /** Items that are not tried again are lost with their executor, and no others. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void lostItemsAreCounted(long seed) {
    SimulatedCluster.Source source = source(0, 50_000, 5);
    SimulatedCluster cluster = new SimulatedCluster(seed, 20, 1, List.of(source));
    cluster.losesItems();
    cluster.loseExecutors(20, SECOND / 2);
    cluster.run();
    assertThat(source.ended.cardinality()).isEqualTo(50_000);
    assertThat(source.lost).isBetween(1, 20 * 64);
  }
}
