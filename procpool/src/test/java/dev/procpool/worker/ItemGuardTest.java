package dev.procpool.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.LimitKind;
import dev.procpool.protocol.ItemRef;
import java.lang.invoke.VarHandle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Interrupts stay inside the item that they are meant for. */
@Timeout(60)
class ItemGuardTest {

  private static final long ITEM = ItemRef.word(5, 2);
  private static final long OTHER = ItemRef.word(5, 3);

  private final ItemGuard guard = new ItemGuard(Thread.currentThread());

  @AfterEach
  void clear() {
    Thread.interrupted();
  }

  private void begin(long word) {
    guard.begin(word);
    VarHandle.fullFence();
    guard.begun(word);
  }

  @Test
  void theItemThatRunsIsInterruptedOnce() {
    begin(ITEM);
    assertThat(guard.timeOut(ITEM, LimitKind.STALL)).isTrue();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(guard.timeOut(ITEM, LimitKind.RUN_TIME)).isFalse();
    guard.cancel(5);
    assertThat(Thread.interrupted()).as("interrupted a second time").isFalse();

    assertThat(guard.isInterrupted()).isTrue();
    assertThat(guard.limit()).as("the limit that came first").isEqualTo(LimitKind.STALL);
    assertThat(guard.stackAtInterrupt()).isNotEmpty();
    assertThat(guard.end(ITEM, true)).isEqualTo(ItemGuard.Reason.TIMED_OUT);
  }

  @Test
  void anotherItemOrChunkIsLeftAlone() {
    begin(ITEM);
    assertThat(guard.timeOut(OTHER, LimitKind.RUN_TIME)).isFalse();
    guard.cancel(6);
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
    assertThat(guard.end(ITEM, true)).isNull();
    guard.cancel(5);
    assertThat(Thread.currentThread().isInterrupted()).as("nothing runs").isFalse();
  }

  @Test
  void anInterruptEndsWithItsItem() {
    begin(ITEM);
    guard.cancel(5);
    assertThat(guard.end(ITEM, true)).isEqualTo(ItemGuard.Reason.CANCELLED);
    assertThat(Thread.currentThread().isInterrupted()).isFalse();

    begin(ItemRef.word(6, 0));
    assertThat(guard.isInterrupted()).isFalse();
    assertThat(guard.stackAtInterrupt()).isEmpty();
    assertThat(guard.end(ItemRef.word(6, 0), true)).isNull();
  }

  @Test
  void aCancelThatComesWhileAnItemBeginsInterruptsIt() {
    guard.cancel(5);
    begin(ITEM);
    assertThat(Thread.currentThread().isInterrupted()).isTrue();
    assertThat(guard.end(ITEM, false)).isEqualTo(ItemGuard.Reason.CANCELLED);

    begin(ItemRef.word(6, 0));
    assertThat(Thread.currentThread().isInterrupted()).as("of another chunk").isFalse();
  }

  @Test
  void aCancelThatComesTooLateDoesNotReachTheNextItem() {
    begin(ITEM);
    guard.cancel(5);
    guard.drop(); // as an end that does not see the cancel
    begin(ItemRef.word(6, 0));
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
    assertThat(guard.isInterrupted()).isFalse();
  }

  @Test
  void anItemThatHasEndedCannotBeCondemned() throws InterruptedException {
    begin(ITEM);
    assertThat(guard.awaitEnd(ITEM, 1)).isFalse();
    guard.end(ITEM, true);
    assertThat(guard.awaitEnd(ITEM, Long.MAX_VALUE / 2)).isTrue();
    assertThat(guard.condemn(ITEM)).isNull();
  }

  @Test
  void aCondemnedItemNeverEnds() throws InterruptedException {
    ItemGuard[] made = new ItemGuard[1];
    Thread task =
        new Thread(
            () -> {
              made[0].begin(ITEM);
              made[0].begun(ITEM);
              assertThat(made[0].condemn(ITEM)).isNotEmpty();
              made[0].end(ITEM, true);
            });
    task.setDaemon(true); // it waits to be killed with its process
    made[0] = new ItemGuard(task);
    task.start();
    while (task.getState() != Thread.State.WAITING) {
      assertThat(task.isAlive()).as("waits to be killed").isTrue();
      Thread.onSpinWait();
    }
    assertThat(made[0].awaitEnd(ITEM, 1)).isFalse();
  }
}
