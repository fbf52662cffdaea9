package dev.procpool.call;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** How many items may start while large results wait for their consumer. */
class WaitingBytesTest {

  private static final Runnable MORE = () -> {};

  private final WaitingBytes waiting = new WaitingBytes(1000);

  @Test
  void smallResultsAreNotBounded() {
    assertThat(waiting.room(5, 0, MORE)).isEqualTo(Integer.MAX_VALUE);
    assertThat(waiting.consumed(0, 1)).isNull();
  }

  @Test
  void whatHasStartedCountsAsLargeAsTheOthers() {
    waiting.add(0, 100);

    assertThat(waiting.room(1, 1, MORE)).isEqualTo(9);
    assertThat(waiting.room(5, 1, MORE)).isEqualTo(5);
    assertThat(waiting.room(10, 1, MORE)).isZero();
  }

  @Test
  void theSignalComesOnceWhenHalfIsFree() {
    for (int i = 0; i < 10; i++) {
      waiting.add(i, 100);
    }
    assertThat(waiting.room(10, 10, MORE)).isZero();
    for (int i = 0; i < 4; i++) {
      assertThat(waiting.consumed(i, 10)).isNull();
    }
    assertThat(waiting.consumed(4, 10)).isSameAs(MORE);
    assertThat(waiting.consumed(5, 10)).isNull();
    assertThat(waiting.room(10, 10, MORE)).isEqualTo(6);
  }

  @Test
  void aResultLargerThanTheLimitComesAlone() {
    waiting.add(0, 5000);
    assertThat(waiting.room(2, 1, MORE)).isZero();

    assertThat(waiting.consumed(0, 1)).as("one is still out").isNull();
    waiting.add(1, 5000);
    assertThat(waiting.consumed(1, 2)).isSameAs(MORE);
    assertThat(waiting.room(2, 2, MORE)).isEqualTo(1);
  }

  @Test
  void smallerResultsLetMoreStart() {
    waiting.add(0, 1000);
    waiting.consumed(0, 1);
    for (int i = 1; i < 100; i++) {
      waiting.add(i, 10);
      waiting.consumed(i, i + 1);
    }
    assertThat(waiting.room(100, 100, MORE)).isGreaterThan(50);
  }
}
