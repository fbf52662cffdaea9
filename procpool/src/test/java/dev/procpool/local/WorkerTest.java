package dev.procpool.local;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** How long the pool thinks that a worker's item has been running. */
class WorkerTest {

  private final Worker worker = new Worker(1, 0, "token", "", new byte[0], 1);

  @Test
  void anItemsClockBeginsWhenItIsSeenFirst() {
    worker.observe(7, 100);
    worker.observe(7, 200);
    assertThat(worker.observedSince).isEqualTo(100);
    worker.observe(8, 300);
    assertThat(worker.observedSince).isEqualTo(300);
  }

  @Test
  void whileAnItemsResultArrivesItIsNotTakenForOneThatHangs() {
    worker.observe(7, 100);
    worker.received++;
    worker.observe(7, 200);
    assertThat(worker.observedSince).isEqualTo(200);
    worker.observe(7, 300);
    assertThat(worker.observedSince).as("nothing came since").isEqualTo(200);
  }
}
