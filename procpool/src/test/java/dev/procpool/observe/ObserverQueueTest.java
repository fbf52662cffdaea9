package dev.procpool.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.PoolObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What waits for an observer, and what is dropped. No thread is started. */
@Timeout(60)
class ObserverQueueTest {

  private final List<Long> dropped = new ArrayList<>();
  private final ObserverThread thread =
      new ObserverThread(
          "queue",
          new PoolObserver() {
            @Override
            public void eventsDropped(String pool, long count) {
              dropped.add(count);
            }
          },
          1);
  private final ObserverQueue queue = thread.queue;
  private final List<String> told = new ArrayList<>();

  private void offer(String event, int weight, boolean isOfItems) {
    queue.offer(ignored -> told.add(event + dropped), weight, isOfItems, 10);
  }

  private void takeAll() throws InterruptedException {
    for (Consumer<ObserverThread> event : queue.take(1)) {
      event.accept(thread);
    }
  }

  @Test
  void eventsOfItemsAreDroppedFirstAndToldInTheirPlace() throws Exception {
    offer("items", ObserverQueue.MOST, true);
    offer("more items", 1, true);
    offer("items again", 1, true);
    offer("call", 1, false);
    takeAll();
    assertThat(told).containsExactly("items[]", "call[20]");
    assertThat(queue.dropped()).isEqualTo(20);
  }

  @Test
  void evenEventsOfCallsAreBounded() throws Exception {
    for (int i = 0; i < 6; i++) {
      offer("call " + i, ObserverQueue.MOST / 4, false);
    }
    takeAll();
    assertThat(told).hasSize(5);
    assertThat(dropped).containsExactly(10L);
  }

  @Test
  void thereIsRoomAgainWhenEventsWereTaken() throws Exception {
    offer("items", ObserverQueue.MOST, true);
    offer("dropped", 1, true);
    takeAll();
    offer("items", ObserverQueue.MOST, true);
    takeAll();
    assertThat(told).containsExactly("items[]", "items[10]");
  }

  @Test
  void whatWasDroppedLastIsToldAtTheEnd() throws Exception {
    offer("items", ObserverQueue.MOST, true);
    offer("dropped", 1, true);
    queue.close();
    offer("too late", 1, false);
    assertThat(queue.isOver()).isFalse();
    takeAll();
    assertThat(queue.isOver()).isTrue();
    assertThat(told).containsExactly("items[]");
    assertThat(dropped).containsExactly(10L);
  }

  @Test
  void aQueueWithoutEventsGivesNone() throws Exception {
    for (int i = 0; i < 60; i++) { // past the naps
      assertThat(queue.take(1)).isEmpty();
    }
  }
}
