package dev.procpool.local.output;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class QuietTest {

  private static final long WAITS = 7;
  private static final long READS = 8;

  private static boolean isLongEnough(long first, long... looks) {
    Quiet quiet = new Quiet(first);
    for (long turns : looks) {
      quiet.look(turns);
    }
    return quiet.isLongEnough();
  }

  @Test
  void twoTimesInARowAre() {
    assertThat(isLongEnough(WAITS, WAITS)).isFalse();
    assertThat(isLongEnough(WAITS, WAITS, WAITS)).isTrue();
  }

  @Test
  void timesWithSomethingReadBetweenAreNot() {
    assertThat(isLongEnough(WAITS, WAITS, WAITS + 2, WAITS + 2)).isFalse();
    assertThat(isLongEnough(WAITS, WAITS + 2, WAITS + 4, WAITS + 6)).isFalse();
  }

  @Test
  void aConsumerThatTakesLongIsNoQuiet() {
    assertThat(isLongEnough(READS, READS, READS, READS)).isFalse();
  }
}
