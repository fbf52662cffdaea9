package dev.procpool.local.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.local.call.CallPhases.Phase;
import org.junit.jupiter.api.Test;

/** Which phase follows of what calls are at. */
class CallPhasesTest {

  private final CallPhases phases = new CallPhases();

  /** The one phase whose sum grows. */
  private Phase current() {
    long now = System.nanoTime();
    long[] first = new long[CallPhases.COUNT];
    long[] second = new long[CallPhases.COUNT];
    phases.sums(now, first);
    phases.sums(now + 1, second);
    Phase found = null;
    for (Phase phase : Phase.values()) {
      long grown = second[phase.ordinal()] - first[phase.ordinal()];
      if (grown != 0) {
        assertThat(grown).isEqualTo(1);
        assertThat(found).isNull();
        found = phase;
      }
    }
    return found;
  }

  @Test
  void aPhaseFollowsOfAllCallsTogether() {
    assertThat(current()).isEqualTo(Phase.REST);
    CallPhases.Call first = phases.open(false);
    assertThat(current()).isEqualTo(Phase.INPUT);
    first.heldBack(true);
    assertThat(current()).isEqualTo(Phase.OUTPUT);
    CallPhases.Call second = phases.open(true);
    first.fed();
    first.fed();
    assertThat(current()).isEqualTo(Phase.OUTPUT);
    first.end();
    assertThat(current()).isEqualTo(Phase.TAIL);
    second.end();
    assertThat(current()).isEqualTo(Phase.REST);
  }

  @Test
  void whatTwoHoldBackIsHeldBackOnce() {
    CallPhases.Call call = phases.open(false);
    call.heldBack(true);
    call.heldBack(true);
    call.heldBack(false);
    assertThat(current()).isEqualTo(Phase.OUTPUT);
    call.heldBack(false);
    assertThat(current()).isEqualTo(Phase.INPUT);
  }

  @Test
  void aCallThatHasEndedChangesNothing() {
    CallPhases.Call call = phases.open(false);
    call.heldBack(true);
    call.end();
    call.end();
    call.heldBack(false);
    call.fed();
    assertThat(current()).isEqualTo(Phase.REST);
    phases.open(true);
    assertThat(current()).isEqualTo(Phase.TAIL);
  }

  @Test
  void theTimeOfCallsIsThatOfAllPhasesButRest() {
    long now = System.nanoTime();
    assertThat(phases.callNanos(now + 1000)).isZero();
    phases.open(false);
    long later = System.nanoTime();
    assertThat(phases.callNanos(later + 1000) - phases.callNanos(later)).isEqualTo(1000);
  }
}
