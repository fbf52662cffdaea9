package dev.procpool.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procpool.Outcome;
import dev.procpool.OutcomeKind;
import dev.procpool.PoolEvent;
import dev.procpool.PoolObserver;
import dev.procpool.PoolState;
import dev.procpool.spi.ItemRun;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The observers of a pool: how they begin, and how much of what they don't take is kept. */
@Timeout(120)
class ObserversTest {

  private static final long LIMIT_NANOS = TimeUnit.MINUTES.toNanos(1);

  /** Keeps the states it is told. */
  private static final class States implements PoolObserver {
    private final List<PoolState> told = new CopyOnWriteArrayList<>();

    @Override
    public void poolChanged(PoolEvent.PoolChange event) {
      told.add(event.state());
    }
  }

  /** There is no thread for it the first time. */
  private static final class Late extends ObserverThread {
    private boolean mayStart;

    Late(PoolObserver observer) {
      super("observed", observer, 2);
    }

    @Override
    void start() {
      if (!mayStart) {
        mayStart = true;
        throw new OutOfMemoryError("unable to create native thread");
      }
      super.start();
    }
  }

  private final States first = new States();
  private final States second = new States();
  private final ObserverThread early = new ObserverThread("observed", first, 1);
  private final ObserverThread late = new Late(second);
  private final Observers observers = new Observers("observed");

  @Test
  void whoCantBeginForWantOfAThreadBeginsLater() throws Exception {
    observers.add(early);
    observers.add(late);
    assertThatThrownBy(observers::begin).isInstanceOf(OutOfMemoryError.class);
    assertThat(observers.isOn()).isFalse();
    observers.begin();
    observers.begin();
    observers.terminated();
    assertThat(observers.awaitDelivered(LIMIT_NANOS)).isTrue();
    assertThat(early.awaitEnd(LIMIT_NANOS)).isTrue();
    assertThat(late.awaitEnd(LIMIT_NANOS)).isTrue();
    assertThat(first.told).containsExactly(PoolState.RUNNING, PoolState.TERMINATED);
    assertThat(second.told).isEqualTo(first.told);
  }

  @Test
  void aThreadThatHasBegunEndsIfThePoolCantBeMade() throws Exception {
    observers.add(early);
    observers.add(late);
    assertThatThrownBy(observers::begin).isInstanceOf(OutOfMemoryError.class);
    observers.terminated();
    assertThat(early.awaitEnd(LIMIT_NANOS)).isTrue();
    assertThat(first.told).isEmpty();
  }

  /** Each keeps an exception and its stack: 15,000 of them are no 4 MB. */
  @Test
  void failuresThatWaitWeighWhatTheyHold() throws Exception {
    CountDownLatch blocks = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    PoolObserver blocking =
        new PoolObserver() {
          @Override
          public void poolChanged(PoolEvent.PoolChange event) {
            blocks.countDown();
            awaitThroughInterrupts(release);
          }
        };
    Observation observation = new Observation("observed", List.of(blocking));
    observation.begin();
    assertThat(blocks.await(1, TimeUnit.MINUTES)).as("it takes no more events").isTrue();
    try {
      for (int i = 0; i < 3000; i++) {
        observation.ended(CallFixture.CALL, OutcomeKind.FAILURE, null, i, 1, 10, ItemRun.UNKNOWN);
      }
      assertThat(dropped(observation)).as("of those without an exception").isZero();
      for (int i = 0; i < 3000; i++) {
        observation.ended(
            CallFixture.CALL, OutcomeKind.FAILURE, failure(i), i, 1, 10, ItemRun.UNKNOWN);
      }
      assertThat(dropped(observation)).isGreaterThan(2000);
      long before = dropped(observation);
      observation.itemRetried(
          new PoolEvent.ItemRetry(
              "observed",
              Instant.now(),
              new PoolEvent.Worker(0, "", 7),
              CallFixture.CALL.call(),
              1,
              failure(1),
              Duration.ZERO));
      assertThat(dropped(observation)).isEqualTo(before + 1);
    } finally {
      release.countDown();
      observation.terminated();
    }
    assertThat(observation.awaitDelivered(LIMIT_NANOS)).isTrue();
  }

  private static long dropped(Observation observation) {
    return observation.totals(0, 0).droppedEvents();
  }

  private static Outcome<Object> failure(int index) {
    return new Outcome.Failure<>(index, 1, Duration.ZERO, 7, new IllegalStateException("deep"));
  }

  private static void awaitThroughInterrupts(CountDownLatch latch) {
    while (true) {
      try {
        latch.await();
        return;
      } catch (InterruptedException e) {
        // not meant for this
      }
    }
  }
}
