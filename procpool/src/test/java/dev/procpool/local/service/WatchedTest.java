package dev.procpool.local.service;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The clocks by which a worker is judged. */
class WatchedTest {

  private final Watched watched = new Watched();

  @Test
  void anItemsClockBeginsWhenItIsSeenFirst() {
    watched.observe(7, 0, 100);
    watched.observe(7, 0, 200);
    assertThat(watched.itemSince()).isEqualTo(100);
    watched.observe(8, 0, 300);
    assertThat(watched.itemSince()).isEqualTo(300);
  }

  @Test
  void whileAnItemsResultArrivesItIsNotTakenForOneThatHangs() {
    watched.observe(7, 0, 100);
    watched.observe(7, 1, 200);
    assertThat(watched.itemSince()).isEqualTo(200);
    watched.observe(7, 1, 300);
    assertThat(watched.itemSince()).as("nothing came since").isEqualTo(200);
  }

  @Test
  void whoNamesItemsButReportsNoneDoesNotGetOn() {
    watched.observeProgress(false, true, 0, 0, 100);
    watched.observeProgress(false, true, 0, 0, 200);
    assertThat(watched.progressedSince()).isEqualTo(100);
    assertThat(watched.namedSince()).isEqualTo(200);
  }

  @Test
  void whatIsTakenOfWhatWasSentIsProgress() {
    watched.observeProgress(false, false, 0, 50, 100);
    watched.observeProgress(false, false, 0, 40, 200);
    assertThat(watched.progressedSince()).isEqualTo(200);
    watched.observeProgress(false, false, 1, 40, 300);
    assertThat(watched.progressedSince()).as("something was read").isEqualTo(300);
  }

  @Test
  void aHeartThatStandsStillIsFoundButNotByOneWhoHasNotLooked() {
    watched.observeBeat(5, false, 100);
    watched.observeBeat(5, false, 200);
    assertThat(watched.beatSince()).isEqualTo(100);
    watched.observeBeat(5, true, 300);
    assertThat(watched.beatSince()).isEqualTo(300);
    watched.observeBeat(6, false, 400);
    assertThat(watched.beatSince()).isEqualTo(400);
  }
}
