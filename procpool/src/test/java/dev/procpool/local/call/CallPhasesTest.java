package dev.procpool.local.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.local.call.CallPhases.Phase;
import org.junit.jupiter.api.Test;

/** Which phase follows of what calls are at. */
class CallPhasesTest {

  private final CallPhases phases = new CallPhases();

  private static long now() {
    return System.nanoTime();
  }

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
    CallPhases.Call first = phases.open(false, now());
    assertThat(current()).isEqualTo(Phase.INPUT);
    first.changed(true);
    assertThat(current()).isEqualTo(Phase.OUTPUT);
    CallPhases.Call second = phases.open(true, now());
    first.fed(now());
    first.fed(now());
    assertThat(current()).isEqualTo(Phase.OUTPUT);
    first.end(now());
    assertThat(current()).isEqualTo(Phase.TAIL);
    second.end(now());
    assertThat(current()).isEqualTo(Phase.REST);
  }

  @Test
  void whatTwoHoldBackIsHeldBackOnce() {
    CallPhases.Call call = phases.open(false, now());
    call.changed(true);
    call.changed(true);
    call.changed(false);
    assertThat(current()).isEqualTo(Phase.OUTPUT);
    call.changed(false);
    assertThat(current()).isEqualTo(Phase.INPUT);
  }

  @Test
  void aCallThatHasEndedChangesNothing() {
    CallPhases.Call call = phases.open(false, now());
    call.changed(true);
    call.end(now());
    call.end(now());
    call.changed(false);
    call.fed(now());
    assertThat(current()).isEqualTo(Phase.REST);
    phases.open(true, now());
    assertThat(current()).isEqualTo(Phase.TAIL);
  }

  @Test
  void theTimeOfCallsIsThatOfAllPhasesButRest() {
    long now = System.nanoTime();
    assertThat(phases.callNanos(now + 1000)).isZero();
    phases.open(false, now());
    long later = System.nanoTime();
    assertThat(phases.callNanos(later + 1000) - phases.callNanos(later)).isEqualTo(1000);
  }

  @Test
  void whoLookedAtTheClockBeforeAnotherAndComesLaterAddsNoTimeTwice() {
    long begin = now();
    CallPhases.Call call = phases.open(false, begin + 100);
    call.fed(begin + 50);
    call.end(begin + 200);
    long[] sums = new long[CallPhases.COUNT];
    phases.sums(begin + 200, sums);
    assertThat(sums[Phase.INPUT.ordinal()] + sums[Phase.TAIL.ordinal()]).isEqualTo(100);
  }
}
