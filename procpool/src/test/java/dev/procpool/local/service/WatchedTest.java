package dev.procpool.local.service;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The clocks by which a worker is judged. */
class WatchedTest {

  private final Watched watched = new Watched();

  @Test
  void anItemsClockBeginsWhenItIsSeenFirst() {
    watched.observe(7, 0, 0, 0, 100);
    watched.observe(7, 0, 0, 0, 200);
    assertThat(watched.itemSince()).isEqualTo(100);
    watched.observe(8, 0, 0, 0, 300);
    assertThat(watched.itemSince()).isEqualTo(300);
  }

  @Test
  void whileAnItemsResultArrivesItIsNotTakenForOneThatHangs() {
    watched.observe(7, 0, 0, 0, 100);
    watched.observe(7, 1, 0, 0, 200);
    assertThat(watched.itemSince()).isEqualTo(200);
    watched.observe(7, 1, 0, 0, 300);
    assertThat(watched.itemSince()).as("nothing came since").isEqualTo(200);
  }

  @Test
  void partsThatAnItemPublishesGiveItNoMoreTimeButShowThatItGetsOn() {
    watched.observe(7, 0, 0, 0, 100);
    watched.observe(7, 1, 1, 1, 200);
    watched.observe(7, 2, 3, 3, 300);
    assertThat(watched.itemSince()).isEqualTo(100);
    assertThat(watched.stalledSince()).isEqualTo(300);
    watched.observe(7, 3, 3, 3, 400);
    assertThat(watched.itemSince()).as("its result comes").isEqualTo(400);
  }

  @Test
  void anItemThatSaysItGetsOnDoesNotStall() {
    watched.observe(7, 0, 0, 5, 100);
    watched.observe(7, 0, 0, 5, 200);
    assertThat(watched.stalledSince()).isEqualTo(100);
    watched.observe(7, 0, 0, 6, 300);
    assertThat(watched.stalledSince()).isEqualTo(300);
    assertThat(watched.itemSince()).isEqualTo(100);
    watched.observe(8, 0, 0, 6, 400);
    assertThat(watched.stalledSince()).as("another item").isEqualTo(400);
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
