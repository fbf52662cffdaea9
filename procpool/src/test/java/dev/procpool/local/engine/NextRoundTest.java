package dev.procpool.local.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** When the engine looks at the clock. */
class NextRoundTest {

  private final NextRound next = new NextRound();

  private static void awaitTick() {
    long begin = System.nanoTime();
    while (System.nanoTime() == begin) {
      Thread.onSpinWait();
    }
  }

  @Test
  void inAStepTimeStandsStill() {
    next.stepBegins();
    long first = next.nanoTime();
    long now = next.now();
    awaitTick();
    assertThat(next.nanoTime()).isEqualTo(first);
    assertThat(next.now()).isEqualTo(now);
  }

  @Test
  void eachStepLooksAnew() {
    next.stepBegins();
    long first = next.nanoTime();
    next.stepEnds();
    awaitTick();
    next.stepBegins();
    assertThat(next.nanoTime()).isGreaterThan(first);
  }

  @Test
  void whatComesAfterPartOfAStepHasALookOfItsOwn() {
    next.stepBegins();
    long first = next.nanoTime();
    next.looksAgain();
    awaitTick();
    long second = next.nanoTime();
    assertThat(second).isGreaterThan(first);
    awaitTick();
    assertThat(next.nanoTime()).isEqualTo(second);
  }

  @Test
  void betweenStepsEachLookIsOne() {
    next.stepBegins();
    long first = next.nanoTime();
    next.stepEnds();
    awaitTick();
    long second = next.nanoTime();
    assertThat(second).isGreaterThan(first);
    awaitTick();
    assertThat(next.nanoTime()).isGreaterThan(second);
  }

  @Test
  void whetherARoundIsDueIsLookedUpInAStepToo() {
    next.stepBegins();
    next.at(next.now() + 1);
    awaitTick();
    awaitTick();
    assertThat(next.isDue()).isTrue();
  }
}
