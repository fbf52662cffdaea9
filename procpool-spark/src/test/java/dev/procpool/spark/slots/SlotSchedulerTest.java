package dev.procpool.spark.slots;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What the scheduler of slots does, one rule at a time, in virtual time. */
class SlotSchedulerTest {

  private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final RecordedOrders orders = new RecordedOrders();
  private SlotScheduler<String> scheduler = new SlotScheduler<>(2, orders);
  private SlotCall<String> call = new SlotCall<>(0, 0);
  private long now = 5 * SECOND;

  private void target(int slots) {
    scheduler = new SlotScheduler<>(slots, orders);
  }

  private static SlotKey key(String executor, int partition, long attempt) {
    return new SlotKey(1, partition, attempt, executor);
  }

  private static SlotKey key(String executor, int partition) {
    return key(executor, partition, partition);
  }

  private void asks(SlotKey key) {
    orders.asks(key);
    scheduler.asks(key, now);
  }

  private void asks(String executor, int partition) {
    asks(key(executor, partition));
  }

  private void add(SlotCall<String> whose, String... names) {
    for (String name : names) {
      scheduler.add(new SlotItem<>(whose, name, 10), now);
    }
  }

  private SlotItem<String> item(String name) {
    SlotItem<String> item = orders.given(name);
    assertThat(item).as(name).isNotNull();
    return item;
  }

  private void ends(String... names) {
    for (String name : names) {
      scheduler.took(List.of(item(name)), now);
    }
  }

  private static String[] named(String prefix, int count) {
    String[] names = new String[count];
    for (int i = 0; i < count; i++) {
      names[i] = prefix + i;
    }
    return names;
  }

  /** Has the call know that its items take so long. */
  private void measured(long nanos) {
    for (int i = 0; i < 100; i++) {
      call.measured(nanos, 10);
    }
  }

  /** How many items of a call slots have. */
  private long held(SlotCall<String> of) {
    return scheduler.keys(key -> true).stream()
        .flatMap(key -> scheduler.slot(key).held().stream())
        .filter(item -> item.call() == of)
        .count();
  }

  private void orders(String... lines) {
    assertThat(orders.take()).containsExactly(lines);
  }

  // ---------------------------------------------------------------- chunks

  @Test
  void anItemGoesToASlotThatAsks() {
    add(call, "a");
    assertThat(orders.wanted()).isEqualTo(1);
    orders();
    asks("e", 0);
    orders("e/0 #0 a");
    assertThat(orders.wanted()).isEqualTo(1);
    assertThat(held(call)).isEqualTo(1);
    ends("a");
    assertThat(held(call)).isZero();
    assertThat(orders.wanted()).isZero();
  }

  @Test
  void anItemThatASlotHasIsGivenToNoOther() {
    add(call, "a");
    asks("e", 0);
    scheduler.add(item("a"), now);
    assertThatThrownBy(() -> asks("e", 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("an item of ")
        .hasMessageContaining(" is given to ");
    assertThat(held(call)).isEqualTo(1);
  }

  @Test
  void aSlotThatAsksGetsAnItemThatComes() {
    asks("e", 0);
    add(call, "a", "b");
    orders("e/0 #0 a");
    assertThat(call.waiting()).isEqualTo(1);
    assertThat(call.waitingBytes()).isEqualTo(10);
    assertThat(orders.wanted()).isEqualTo(2);
  }

  @Test
  void aSlotThatAsksGetsOfItemsThatComeTogetherAsManyAsItMay() {
    measured(10 * MILLI);
    asks("e", 0);
    asks("f", 1);
    List<SlotItem<String>> all = new ArrayList<>();
    for (String name : named("i", 8)) {
      all.add(new SlotItem<>(call, name, 10));
    }
    scheduler.add(all, now);
    orders("e/0 #0 i0 i1 i2 i3", "f/1 #1 i4 i5 i6 i7");
    assertThat(call.waiting()).isZero();
    assertThat(orders.wanted()).isEqualTo(2);
  }

  @Test
  void chunksFollowWhatWasMeasured() {
    measured(10 * MILLI);
    add(call, named("i", 1000));
    asks("e", 0);
    orders("e/0 #0 i0 i1 i2 i3 i4");
    measured(20 * MILLI);
    asks("e", 1);
    orders("e/1 #1 i5 i6");
    measured(SECOND);
    ends("i5", "i6");
    asks("e", 1);
    orders("e/1 #1 i7");
  }

  @Test
  void itemsOfSeveralSlotsEndTogetherBeforeMoreIsGivenOut() {
    measured(10 * MILLI);
    add(call, named("i", 9));
    asks("e", 0);
    asks("f", 1);
    orders("e/0 #0 i0 i1 i2 i3 i4", "f/1 #1 i5 i6 i7 i8");
    asks("e", 0);
    asks("f", 1);
    orders();
    List<SlotItem<String>> all = new ArrayList<>();
    scheduler.keys(key -> true).forEach(key -> all.addAll(scheduler.slot(key).held()));
    scheduler.took(all, now);
    assertThat(all).hasSize(9).allMatch(item -> item.slot() == null);
    assertThat(held(call)).isZero();
    assertThat(orders.wanted()).isZero();
    scheduler.took(all, now);
    add(call, "a", "b");
    orders("e/0 #0 a", "f/1 #1 b");
  }

  @Test
  void anUnmeasuredItemGoesAlone() {
    add(call, named("i", 100));
    asks("e", 0);
    orders("e/0 #0 i0");
    assertThat(orders.askAt()).isZero();
  }

  @Test
  void chunksGrowStepByStep() {
    call.measured(1000, 0);
    call.measured(1000, 0);
    add(call, named("i", 100));
    asks("e", 0);
    orders("e/0 #0 i0 i1 i2 i3 i4 i5 i6");
  }

  @Test
  void whatTakesLessThanAMillisecondIsNotSpread() {
    target(4);
    measured(MILLI / 3);
    for (int i = 0; i < 4; i++) {
      asks("e", i);
    }
    SlotCall<String> blocker = new SlotCall<>(0, 0);
    add(blocker, "w", "x", "y", "z");
    orders.take();
    add(call, named("i", 4));
    call.pulled();
    ends("w");
    asks("e", 0);
    orders("e/0 #0 i0 i1 i2");
  }

  @Test
  void theTailIsSpread() {
    target(4);
    measured(MILLI);
    for (int i = 0; i < 4; i++) {
      asks("e", i);
      orders();
    }
    SlotCall<String> blocker = new SlotCall<>(0, 0);
    add(blocker, "w", "x", "y", "z");
    orders.take();
    add(call, named("i", 16));
    call.pulled();
    ends("w");
    asks("e", 0);
    orders("e/0 #0 i0 i1");
    ends("x");
    asks("e", 1);
    orders("e/1 #1 i2 i3");
    ends("y");
    asks("e", 2);
    orders("e/2 #2 i4 i5");
    ends("i0", "i1");
    asks("e", 0);
    orders("e/0 #0 i6 i7");
    ends("i6", "i7");
    asks("e", 0);
    orders("e/0 #0 i8");
  }

  @Test
  void aSizeThatWasNamedIsTheMost() {
    call = new SlotCall<>(0, 3);
    measured(MILLI);
    add(call, named("i", 10));
    asks("e", 0);
    orders("e/0 #0 i0 i1 i2");
    assertThat(call.sizes().readAhead()).isEqualTo(6);
  }

  @Test
  void largeItemsGoInSmallChunks() {
    measured(MILLI);
    for (int i = 0; i < 4; i++) {
      scheduler.add(new SlotItem<>(call, "i" + i, 3 << 20), now);
    }
    asks("e", 0);
    orders("e/0 #0 i0");
    assertThat(call.waitingBytes()).isEqualTo(3 * (3 << 20));
  }

  // ---------------------------------------------------------------- asking early

  @Test
  void aSlotAsksBeforeItsItemsEnd() {
    measured(10 * MILLI);
    add(call, named("i", 1000));
    asks("e", 0);
    assertThat(orders.askAt()).isEqualTo(3);
    measured(100 * MILLI);
    asks("e", 0);
    assertThat(orders.askAt()).isEqualTo(1);
    measured(SECOND);
    asks("e", 0);
    assertThat(orders.askAt()).isZero();
  }

  @Test
  void anIdleSlotGoesBeforeOneThatHasItems() {
    add(call, "a");
    asks("e", 0);
    asks("e", 0);
    asks("e", 1);
    orders.take();
    add(call, "b", "c");
    orders("e/1 #1 b", "e/0 #0 c");
  }

  @Test
  void aSlotWithASlowItemGetsNoMoreUntilItEnds() {
    add(call, "slow");
    asks("e", 0);
    asks("e", 0);
    orders.take();
    now += Slot.STILL_NANOS + 1;
    add(call, "b", "c");
    orders();
    asks("e", 1);
    orders("e/1 #1 b");
    ends("slow");
    orders("e/0 #0 c");
  }

  // ---------------------------------------------------------------- calls

  @Test
  void theHigherPriorityGoesFirst() {
    SlotCall<String> urgent = new SlotCall<>(1, 0);
    add(call, "a", "b");
    add(urgent, "u", "v");
    asks("e", 0);
    asks("f", 1);
    orders("e/0 #0 u", "f/1 #1 v");
  }

  @Test
  void callsOfOnePriorityTakeTurns() {
    SlotCall<String> other = new SlotCall<>(0, 0);
    add(call, "a", "b", "c");
    add(other, "x", "y", "z");
    for (int i = 0; i < 4; i++) {
      asks("e", 0);
    }
    orders("e/0 #0 a", "e/0 #0 x", "e/0 #0 b", "e/0 #0 y");
  }

  @Test
  void turnsAreShortWhileOthersWait() {
    measured(MILLI);
    add(call, named("i", 200));
    asks("e", 0);
    add(new SlotCall<>(0, 0), "x");
    asks("e", 0);
    List<String> lines = orders.take();
    assertThat(lines.get(0).split(" ")).hasSize(2 + 50);
    assertThat(lines.get(1).split(" ")).hasSize(2 + 20);
  }

  @Test
  void aCallWithoutRoomWaits() {
    int[] room = {2};
    call =
        new SlotCall<>(1, 0) {
          @Override
          protected int room() {
            return room[0];
          }
        };
    SlotCall<String> other = new SlotCall<>(0, 0);
    measured(MILLI);
    add(call, named("i", 10));
    add(other, "x");
    asks("e", 0);
    orders("e/0 #0 i0 i1");
    room[0] = 0;
    asks("e", 0);
    orders("e/0 #0 x");
    asks("e", 0);
    orders();
    assertThat(orders.wanted()).as("no slot for what has no room").isEqualTo(1);
    room[0] = 1;
    scheduler.roomFor(call, now);
    orders("e/0 #0 i2");
  }

  @Test
  void whatIsTriedAgainNeedsNoRoomAndGoesFirst() {
    int[] room = {1};
    call =
        new SlotCall<>(0, 0) {
          @Override
          protected int room() {
            return room[0];
          }
        };
    add(call, "a", "b");
    asks("e", 0);
    room[0] = 0;
    ends("a");
    asks("e", 0);
    orders("e/0 #0 a");
    scheduler.add(item("a"), now);
    orders("e/0 #0 a");
    assertThat(call.waiting()).isEqualTo(1);
  }

  @Test
  void whatWaitsCanBeTakenOut() {
    add(call, "a", "b", "c");
    asks("e", 0);
    assertThat(scheduler.takeOut(call)).extracting(SlotItem::payload).containsExactly("b", "c");
    assertThat(call.waiting()).isZero();
    scheduler.tick(now);
    assertThat(orders.wanted()).isEqualTo(1);
    asks("e", 1);
    orders("e/0 #0 a");
  }

  @Test
  void aForgottenCallLeavesNothing() {
    SlotCall<String> other = new SlotCall<>(0, 0);
    add(call, "a", "b", "c");
    add(other, "x");
    asks("e", 0);
    asks("e", 0);
    scheduler.forget(call, now);
    assertThat(held(call)).isZero();
    assertThat(call.waiting()).isZero();
    assertThat(held(other)).isEqualTo(1);
    assertThat(orders.wanted()).isEqualTo(1);
  }

  // ---------------------------------------------------------------- asking back

  /** Gives a slot some items of 10 ms. */
  private void load(int partition, String prefix, int count) {
    call = new SlotCall<>(0, count);
    measured(10 * MILLI);
    add(call, named(prefix, count));
    asks("e", partition);
    assertThat(orders.take()).hasSize(1);
  }

  @Test
  void anIdleSlotGetsWhatAnotherHasNotStarted() {
    load(0, "i", 5);
    asks("e", 1);
    orders("e/0 back 2");
    scheduler.handedBack(item("i4"), now);
    orders("e/1 #1 i4");
    scheduler.handedBack(item("i3"), now);
    orders();
    ends("i4");
    asks("e", 1);
    orders("e/1 #1 i3");
  }

  @Test
  void aSlotWithOneItemKeepsIt() {
    measured(SECOND);
    add(call, "a");
    asks("e", 0);
    orders.take();
    asks("e", 1);
    now += SECOND;
    scheduler.tick(now);
    orders();
  }

  @Test
  void aSlotThatSoonEndsKeepsItsItems() {
    measured(MILLI);
    add(call, named("i", 5));
    asks("e", 0);
    orders.take();
    asks("e", 1);
    orders();
  }

  @Test
  void aSlotWithASlowItemIsAskedForAllTheRest() {
    measured(MILLI);
    add(call, named("i", 5));
    asks("e", 0);
    asks("e", 1);
    orders.take();
    now += Slot.STILL_NANOS + 1;
    scheduler.tick(now);
    orders("e/0 back 4");
  }

  @Test
  void aSlotIsNotAskedTwiceWithinItsPause() {
    load(0, "i", 9);
    asks("e", 1);
    orders("e/0 back 4");
    asks("e", 1);
    scheduler.tick(now + 400 * MILLI);
    orders();
    scheduler.tick(now + SpareWork.PAUSE_NANOS);
    orders("e/0 back 8");
  }

  @Test
  void noMoreIsAskedForThanThereAreIdleSlots() {
    target(10);
    for (int i = 0; i < 3; i++) {
      load(i, "i" + i + "-", 5);
    }
    asks("e", 3);
    orders("e/0 back 2");
    asks("e", 3);
    scheduler.tick(now);
    orders();
    asks("e", 4);
    orders("e/1 back 2");
  }

  @Test
  void whatWasHandedBackKeepsItsOrder() {
    measured(10 * MILLI);
    add(call, named("i", 8));
    asks("e", 0);
    orders("e/0 #0 i0 i1 i2 i3 i4");
    scheduler.handedBack(item("i4"), now);
    scheduler.handedBack(item("i3"), now);
    assertThat(scheduler.takeOut(call))
        .extracting(SlotItem::payload)
        .containsExactly("i3", "i4", "i5", "i6", "i7");
  }

  // ---------------------------------------------------------------- how long slots are held

  @Test
  void anOldSlotLeavesOnceItIsEmpty() {
    measured(10 * MILLI);
    add(call, named("i", 7));
    asks("e", 0);
    now += 2 * Slot.LEASE_NANOS;
    ends("i0", "i1");
    asks("e", 0);
    ends("i2", "i3");
    orders("e/0 #0 i0 i1 i2 i3 i4");
    ends("i4");
    orders("e/0 leaves");
    assertThat(call.waiting()).isEqualTo(2);
    assertThat(orders.wanted()).isEqualTo(2);
  }

  @Test
  void anOldSlotThatAsksLeaves() {
    add(call, "a", "b");
    asks("e", 0);
    now += 2 * Slot.LEASE_NANOS;
    ends("a");
    orders("e/0 #0 a");
    asks("e", 0);
    orders("e/0 leaves");
    assertThat(orders.wanted()).as("another slot for what waits").isEqualTo(1);
    assertThat(scheduler.isEmpty()).isTrue();
  }

  @Test
  void anIdleSlotLingers() {
    asks("e", 0);
    scheduler.tick(now + SlotScheduler.LINGER_NANOS);
    orders();
    scheduler.tick(now + SlotScheduler.LINGER_NANOS + 1);
    orders("e/0 leaves");
  }

  @Test
  void fewerSlots() {
    target(3);
    asks("e", 0);
    asks("e", 1);
    asks("e", 2);
    add(call, "a", "b", "c");
    orders("e/0 #0 a", "e/1 #1 b", "e/2 #2 c");
    scheduler.resize(1, now);
    orders();
    ends("b");
    asks("e", 1);
    orders("e/1 leaves", "e releases #1");
    scheduler.lostSlot(key("e", 2), now);
    orders(); // its worker is ended by whoever has lost the slot
    scheduler.ended(2, now);
    add(call, "d");
    assertThat(orders.wanted()).isEqualTo(1);
    asks("e", 3);
    orders("e/3 leaves");
    ends("a");
    asks("e", 0);
    orders("e/0 #0 d");
  }

  @Test
  void idleSlotsLeaveAtOnceWhenThereAreToBeFewer() {
    add(call, "a", "b");
    asks("e", 0);
    asks("e", 1);
    ends("a", "b");
    asks("e", 0);
    asks("e", 1);
    orders.take();
    scheduler.resize(1, now);
    orders("e/1 leaves", "e releases #1");
  }

  @Test
  void moreSlots() {
    add(call, "a", "b", "c", "d");
    asks("e", 0);
    asks("e", 1);
    asks("e", 1);
    assertThat(orders.wanted()).isEqualTo(2);
    orders.take();
    scheduler.resize(3, now);
    assertThat(orders.wanted()).isEqualTo(3);
    asks("e", 2);
    orders("e/2 #2 d");
  }

  @Test
  void aSlotWhoseNumberIsInUseAgainIsServedAgain() {
    add(call, "a", "b");
    asks("e", 0);
    asks("e", 1);
    scheduler.resize(1, now);
    asks("e", 1);
    add(call, "c");
    orders("e/0 #0 a", "e/1 #1 b");
    scheduler.resize(2, now);
    orders("e/1 #1 c");
  }

  // ---------------------------------------------------------------- workers

  @Test
  void workersAreStartedAhead() {
    scheduler.prestart(now);
    assertThat(orders.wanted()).isEqualTo(2);
    asks("e", 0);
    asks("e", 0);
    asks("f", 1);
    asks("f", 1);
    orders("e/0 #0 starts", "f/1 #1 starts");
    assertThat(orders.wanted()).isZero();
    scheduler.tick(now + 2 * SECOND);
    orders("e/0 leaves", "f/1 leaves");
    asks("e", 2);
    orders();
  }

  @Test
  void workersThatAreThereAreNotStartedAgain() {
    add(call, "a");
    asks("e", 0);
    orders.take();
    scheduler.prestart(now);
    assertThat(orders.wanted()).isEqualTo(2);
    asks("f", 1);
    orders("f/1 #1 starts");
    asks("f", 1);
    asks("f", 2);
    orders("f/2 leaves");
    assertThat(orders.wanted()).isEqualTo(1);
  }

  @Test
  void anExecutorKeepsItsNumbers() {
    add(call, "a", "b");
    asks("e", 0);
    asks("f", 1);
    ends("a", "b");
    asks("e", 0);
    asks("f", 1);
    scheduler.tick(now + 2 * SECOND);
    orders("e/0 #0 a", "f/1 #1 b", "e/0 leaves", "f/1 leaves");
    add(call, "c", "d");
    asks("f", 2);
    asks("e", 3);
    orders("f/2 #1 c", "e/3 #0 d");
  }

  @Test
  void aNumberThatMovesIsReleased() {
    target(1);
    add(call, "a");
    asks("e", 0);
    ends("a");
    asks("e", 0);
    scheduler.tick(now + 2 * SECOND);
    orders.take();
    add(call, "b");
    asks("f", 1);
    orders("e releases #0", "f/1 #0 b");
  }

  @Test
  void theNumbersOfALostExecutorAreFree() {
    add(call, "a", "b");
    asks("e", 0);
    asks("f", 1);
    scheduler.lostExecutor("e", now);
    add(call, "c");
    asks("f", 2);
    orders("e/0 #0 a", "f/1 #1 b", "f/2 #0 c");
  }

  // ---------------------------------------------------------------- copies

  @Test
  void aCopyWaitsAndLeavesWithTheOriginal() {
    add(call, "a", "b");
    asks("e", 0);
    asks(key("f", 0, 99));
    now += 2 * SECOND;
    scheduler.tick(now);
    orders("e/0 #0 a");
    now += 2 * Slot.LEASE_NANOS;
    scheduler.tick(now);
    orders();
    ends("a");
    asks("e", 0);
    orders("e/0 leaves", "f/0 leaves");
  }

  @Test
  void aCopyTakesOverIfTheOriginalIsLost() {
    add(call, "a", "b");
    asks("e", 0);
    asks(key("f", 0, 99));
    orders("e/0 #0 a");
    List<SlotItem<String>> left = scheduler.lostExecutor("e", now);
    assertThat(left).extracting(SlotItem::payload).containsExactly("a");
    orders("f/0 #0 b");
  }

  @Test
  void aCopyIsNoIdleSlot() {
    load(0, "i", 5);
    asks(key("f", 0, 99));
    scheduler.tick(now);
    orders();
  }

  // ---------------------------------------------------------------- losses and the end

  @Test
  void aLostSlotGivesItsItems() {
    measured(10 * MILLI);
    add(call, named("i", 9));
    asks("e", 0);
    asks("e", 1);
    orders.take();
    List<SlotItem<String>> left = scheduler.lostSlot(key("e", 0), now);
    assertThat(left).extracting(SlotItem::payload).containsExactly("i0", "i1", "i2", "i3", "i4");
    assertThat(left).allMatch(item -> item.slot() == null);
    assertThat(held(call)).isEqualTo(4);
    assertThat(scheduler.slot(key("e", 0))).isNull();
    assertThat(orders.wanted()).isEqualTo(1);
    scheduler.took(left, now);
    assertThat(held(call)).isEqualTo(4);
    left.forEach(item -> scheduler.add(item, now));
    assertThat(orders.wanted()).isEqualTo(2);
    assertThat(call.waiting()).isEqualTo(5);
  }

  @Test
  void theNumberOfALostSlotsWorkerIsGivenToNobodyBeforeThatHasEnded() {
    target(2);
    add(call, "a", "b", "c");
    asks("e", 0);
    asks("e", 1);
    orders("e/0 #0 a", "e/1 #1 b");
    scheduler.lostSlot(key("e", 0), now);
    asks("e", 2);
    orders("e/2 leaves");
    scheduler.ended(0, now);
    asks("e", 3);
    orders("e/3 #0 c");
  }

  @Test
  void slotsWhoseJobHasEndedGetNoMoreAndLeaveOnceTheyAreEmpty() {
    add(call, "a", "b");
    asks("e", 0);
    orders("e/0 #0 a");
    scheduler.expire(key -> true, now);
    orders();
    asks("e", 0);
    orders();
    ends("a");
    orders("e/0 leaves");
  }

  @Test
  void anUrgentCallHasWhatOthersHaveNotStartedHandedBack() {
    load(0, "i", 5);
    SlotCall<String> urgent = new SlotCall<>(1, 0);
    add(urgent, "u");
    orders("e/0 back 4");
  }

  @Test
  void atTheEndSlotsLeaveAsTheyAsk() {
    add(call, "a");
    asks("e", 0);
    asks("f", 1);
    orders.take();
    scheduler.end(now);
    orders("f/1 leaves");
    asks("e", 0);
    orders();
    ends("a");
    orders("e/0 leaves");
    assertThat(scheduler.isEmpty()).isTrue();
    asks("f", 2);
    orders("f/2 leaves");
  }

  @Test
  void keysAreThoseOfSlotsThatAreThere() {
    asks("e", 0);
    asks("f", 1);
    assertThat(scheduler.keys(key -> key.executor().equals("f"))).containsExactly(key("f", 1));
    assertThat(scheduler.target()).isEqualTo(2);
    assertThat(new ArrayList<>(scheduler.keys(key -> true))).hasSize(2);
  }
}
