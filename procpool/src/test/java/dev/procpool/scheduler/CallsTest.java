package dev.procpool.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whose turn it is. */
class CallsTest {

  private static final int WORKERS = 2;

  private final Calls calls = new Calls(new StealTest.Record());

  private CallQueue join(long id, int items) {
    return join(id, items, 0);
  }

  private CallQueue join(long id, int items, int priority) {
    CallQueue call = new CallQueue(id, 1, priority, new FixedItems(items));
    calls.join(call);
    return call;
  }

  private List<Long> callsOfNext(int chunks) {
    List<Long> given = new ArrayList<>();
    for (int i = 0; i < chunks; i++) {
      SentChunk chunk = calls.next(false, WORKERS, 0);
      given.add(chunk == null ? null : chunk.call());
    }
    return given;
  }

  @Test
  void callsGiveAChunkEachInTurn() {
    join(1, 3);
    join(2, 1);

    assertThat(callsOfNext(5)).containsExactly(1L, 2L, 1L, 1L, null);
  }

  @Test
  void aHigherPriorityGoesFirstAndALowerHasEachTenthTurn() {
    join(1, 100);
    join(2, 100);
    join(7, 40, 5);

    List<Long> given = callsOfNext(60);
    assertThat(given.subList(0, 9)).containsOnly(7L);
    assertThat(Collections.frequency(given.subList(0, 40), 7L)).isEqualTo(36);
    assertThat(Collections.frequency(given.subList(0, 40), 1L)).isEqualTo(2);
    assertThat(Collections.frequency(given.subList(0, 40), 2L)).isEqualTo(2);
    assertThat(given.subList(45, 60)).as("the rest in turn").doesNotContain(7L);
  }

  @Test
  void withinAPriorityCallsGoInTurn() {
    join(1, 100);
    join(7, 40, 5);
    join(8, 40, 5);

    List<Long> given = callsOfNext(20);
    assertThat(Collections.frequency(given, 7L)).isEqualTo(9);
    assertThat(Collections.frequency(given, 8L)).isEqualTo(9);
  }

  @Test
  void allLowerPrioritiesHaveSomeOfTheLowerTurns() {
    for (int priority = -3; priority <= 3; priority++) {
      join(priority + 10, 1000, priority);
    }

    List<Long> given = callsOfNext(60);
    assertThat(given).contains(7L, 8L, 9L, 10L, 11L, 12L);
    assertThat(Collections.frequency(given, 13L)).isEqualTo(54);
  }

  @Test
  void aPriorityWithNothingToGiveIsPassedOver() {
    CallQueue urgent = join(7, 1, 5);
    join(1, 2, 1);
    join(2, 2, -1);
    assertThat(callsOfNext(1)).containsExactly(7L);
    urgent.end();

    assertThat(callsOfNext(5)).containsExactly(1L, 1L, 2L, 2L, null);
  }

  @Test
  void aCallThatIsOverGivesNothing() {
    join(1, 3).cancel();
    join(2, 3).end();

    assertThat(calls.next(false, WORKERS, 0)).isNull();
  }

  @Test
  void anotherAttemptWaitsForItsTime() {
    CallQueue call = join(1, 1);
    SentChunk first = calls.next(false, WORKERS, 0);
    calls.outstanding(call, -1);
    call.retry(first.item(0).slice().again(), 50);
    calls.joinAt(50, call);

    calls.joinDue(49);
    assertThat(calls.next(false, WORKERS, 49)).isNull();
    assertThat(calls.nextDue()).isEqualTo(50);
    calls.joinDue(50);
    assertThat(calls.next(false, WORKERS, 50).slice().attempt()).isEqualTo(2);
    assertThat(calls.nextDue()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void aCallStarvesIfNoWorkerHasAnythingOfItForTooLong() {
    join(1, 100);
    calls.next(false, WORKERS, 0);
    assertThat(calls.isAnyWaiting()).as("one has an item with a worker").isFalse();

    join(2, 1);

    assertThat(calls.isAnyWaiting()).isTrue();
    assertThat(calls.isAnyStarving(Calls.STARVING_NANOS - 1)).isFalse();
    assertThat(calls.isAnyStarving(Calls.STARVING_NANOS)).isTrue();
  }

  @Test
  void eachWaitingItemWantsAWorker() {
    join(1, 3);
    join(2, 2);

    assertThat(calls.demand(1, 10)).isEqualTo(6);
    assertThat(calls.demand(1, 4)).isEqualTo(4);
  }
}
