package dev.procpool.spark.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.testkit.Eventually;
import org.junit.jupiter.api.Test;

/** Items wait for releases that were ordered before them, in whatever order these come. */
class ReleaseOrderTest {

  private final ReleaseOrder order = new ReleaseOrder();

  @Test
  void whatComesAfterNoReleaseWaitsForNone() throws Exception {
    order.await(0);
    order.begun(2);
    order.await(0);
  }

  @Test
  void itemsWaitForAllReleasesBeforeThem() throws Exception {
    Thread items = new Thread(this::await, "items");
    items.start();
    order.begun(2);
    order.begun(3);
    Eventually.until("they wait", () -> items.getState() == Thread.State.TIMED_WAITING);
    assertThat(items.isAlive()).isTrue();
    order.begun(1);
    items.join(60_000);
    assertThat(items.isAlive()).as("waits still").isFalse();
  }

  private void await() {
    try {
      order.await(2);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
