package dev.procpool.local.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.scheduler.Slice;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A call's items between the thread that encodes them and the engine. */
@Timeout(60)
class CallInputTest {

  private final FeedTimes.Clock clock = new FeedTimes.Clock();

  private final AtomicInteger signals = new AtomicInteger();
  private final CallInput input = new CallInput(signals::incrementAndGet);

  private boolean add(long index, int length) throws InterruptedException {
    byte[] framed = new byte[Integer.BYTES + length];
    System.arraycopy(item(index, length), 0, framed, Integer.BYTES, length);
    return input.add(
        index,
        1,
        framed,
        framed.length,
        List.of(),
        CallInput.isLarge(framed.length, List.of()),
        clock);
  }

  private static byte[] item(long index, int length) {
    byte[] item = new byte[length];
    new SplittableRandom(index).nextBytes(item);
    return item;
  }

  private static void assertHolds(Slice slice, int length) {
    Block block = (Block) slice.items();
    for (int i = 0; i < slice.count(); i++) {
      int start = block.start(slice.from() + i);
      ByteBuffer bytes = ByteBuffer.wrap(block.array(), start, Integer.BYTES + length);
      assertThat(bytes.getInt()).isEqualTo(length);
      byte[] got = new byte[length];
      bytes.get(got);
      assertThat(got).isEqualTo(item(slice.firstIndex() + i, length));
    }
  }

  @Test
  void itemsComeOutInOrderAndStayWhereTheyAre() throws InterruptedException {
    int length = 100;
    long added = 0;
    long taken = 0;
    SplittableRandom random = new SplittableRandom(5);
    Slice kept = null;
    while (taken < 5_000) {
      for (int i = random.nextInt(50); i > 0; i--) {
        assertThat(add(added, length)).isTrue();
        added++;
      }
      assertThat(input.ready()).isEqualTo((int) (added - taken));
      Slice slice = input.take(1 + random.nextInt(60));
      if (slice != null) {
        assertThat(slice.firstIndex()).isEqualTo(taken);
        assertThat(slice.attempt()).isEqualTo(1);
        taken += slice.count();
        assertHolds(slice, length);
        if (kept != null) {
          assertHolds(kept, length);
        }
        kept = slice;
      }
    }
  }

  @Test
  void itemsWithAGapBetweenThemAreNotOfOneSlice() throws InterruptedException {
    add(3, 1);
    add(4, 1);
    add(9, 1);

    Slice first = input.take(10);
    Slice second = input.take(10);

    assertThat(first.firstIndex()).isEqualTo(3);
    assertThat(first.count()).isEqualTo(2);
    assertThat(second.firstIndex()).isEqualTo(9);
    assertThat(second.count()).isEqualTo(1);
  }

  @Test
  void theEngineIsToldOnceAndOnlyIfItFoundNothing() throws InterruptedException {
    add(0, 1);
    assertThat(signals).hasValue(0);
    input.take(1);
    assertThat(input.take(1)).isNull();
    add(1, 1);
    add(2, 1);
    assertThat(signals).hasValue(1);
  }

  @Test
  void theEndIsToldOnceWhetherOrNotTheEngineWaits() {
    input.end();
    input.end();
    input.close();

    assertThat(input.isEnded()).isTrue();
    assertThat(signals).hasValue(1);
  }

  @Test
  void whatIsThereCanBeTakenAfterTheClose() throws InterruptedException {
    add(0, 1);
    input.close();

    assertThat(add(1, 1)).isFalse();
    assertThat(input.ready()).isEqualTo(1);
    assertThat(input.take(10).count()).isEqualTo(1);
    assertThat(input.take(10)).isNull();
  }

  @Test
  void tooManyItemsWaitForTheEngine() throws Exception {
    assertThat(fillUntilItWaits(1)).isEqualTo(16 * 1024);
  }

  @Test
  void tooManyBytesWaitForTheEngine() throws Exception {
    assertThat(fillUntilItWaits(1024 * 1024)).isBetween(3, 4);
  }

  @Test
  void bodiesCountAsBytesThatWait() throws Exception {
    assertThat(fillUntilItWaits(10, new byte[1024 * 1024])).isBetween(3, 4);
  }

  @Test
  void anItemLargerThanTheBoundIsTakenAlone() throws InterruptedException {
    int length = 5 * 1024 * 1024;
    assertThat(add(0, length)).isTrue();
    assertHolds(input.take(1), length);
  }

  /** Adds from another thread; gives what was ready when it waited, then checks it goes on. */
  private int fillUntilItWaits(int length, byte[]... bodies) throws Exception {
    CompletableFuture<Boolean> refused = new CompletableFuture<>();
    Thread feeder =
        new Thread(
            () -> {
              byte[] item = new byte[Integer.BYTES + length];
              try {
                long index = 0;
                while (input.add(index, 1, item, item.length, List.of(bodies), true, clock)) {
                  index++;
                }
                refused.complete(true);
              } catch (InterruptedException e) {
                refused.completeExceptionally(e);
              }
            });
    feeder.start();
    awaitWaiting(feeder);
    int bound = input.ready();
    for (int left = bound; left > bound / 2; left = input.ready()) {
      input.take(1);
    }
    while (input.ready() < bound) {
      Thread.onSpinWait(); // it was woken and fills the queue again
    }
    assertThat(input.ready()).isEqualTo(bound);
    input.close();
    assertThat(refused.get(30, TimeUnit.SECONDS)).isTrue();
    return bound;
  }

  private static void awaitWaiting(Thread thread) {
    while (thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
  }

  @Test
  void theOnlyItemOfACallIsNotCopied() throws InterruptedException {
    CallInput one = CallInput.ofOne(signals::incrementAndGet);
    byte[] framed = new byte[Integer.BYTES + 3];
    assertThat(one.take(1)).as("hungry").isNull();
    assertThat(one.add(0, 1, framed, framed.length, List.of(), true, clock)).isTrue();
    assertThat(signals).hasValue(1);

    assertThat(one.ready()).isEqualTo(1);
    Slice only = one.take(8);
    assertThat(only.count()).isEqualTo(1);
    assertThat(((Block) only.items()).array()).isSameAs(framed);
    assertThat(one.take(1)).isNull();
    one.end();
    assertThat(one.isEnded()).isTrue();
  }
}
