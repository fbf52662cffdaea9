package dev.procpool.local.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.scheduler.Slice;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When items are held back, and when they go on. */
class PacedInputTest {

  private final CallFixture call = new CallFixture(Collections.emptyIterator());
  private final CallInput input = new CallInput(() -> {});
  private final PacedInput paced = new PacedInput(input, call, () -> {});

  @BeforeEach
  void addItems() throws InterruptedException {
    for (int i = 0; i < 10; i++) {
      input.add(i, 1, new byte[8], 8, List.of(), false, new FeedTimes.Clock());
    }
  }

  private int taken(int max) {
    Slice slice = paced.take(max);
    return slice == null ? 0 : slice.count();
  }

  @Test
  void noMoreAreTakenThanTheConsumerHasRoomFor() {
    call.room = 3;
    assertThat(taken(10)).isEqualTo(3);
    call.room = 0;
    assertThat(taken(10)).isZero();
    assertThat(paced.resume()).as("that is not for the engine to end").isFalse();
    call.room = Integer.MAX_VALUE;
    assertThat(taken(5)).isEqualTo(5);
  }

  @Test
  void whileTooMuchIsToBeDecodedNothingStartsAndItGoesOnOnceHalfIsDone() {
    call.undecodedBytes = 100;
    paced.arrived(100);
    assertThat(taken(1)).as("at the limit").isEqualTo(1);
    paced.arrived(60);
    assertThat(taken(1)).as("beyond it").isZero();
    paced.decoded(100);
    assertThat(paced.hasUndecoded()).isTrue();
    assertThat(paced.resume()).as("more than half is left").isFalse();
    paced.decoded(10);
    assertThat(paced.resume()).isTrue();
    assertThat(paced.resume()).as("it is told once").isFalse();
    assertThat(taken(10)).isEqualTo(9);
    paced.decoded(50);
    assertThat(paced.hasUndecoded()).isFalse();
  }

  @Test
  void ofACallThatWasStoppedAllAreTakenToBeCancelled() {
    call.room = 0;
    call.undecodedBytes = 0;
    paced.arrived(1);
    input.close();
    assertThat(taken(100)).isEqualTo(10);
    assertThat(paced.isEnded()).isTrue();
  }
}
