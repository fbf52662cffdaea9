package dev.procpool.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Who waits behind starts that go on gets a turn; who waits behind one that hangs is told. */
class StartQueueTest {

  @Test
  void behindManyStartsEachWaitsAsLongAsTheyTake() throws Exception {
    AtomicReference<StartQueue> queue = new AtomicReference<>();
    AtomicInteger waits = new AtomicInteger();
    queue.set(
        new StartQueue(
            lock -> {
              if (waits.incrementAndGet() > 30) {
                return lock.tryLock();
              }
              lock.lock(); // another start, which ends while this one waits
              queue.get().leave();
              return false;
            }));
    queue.get().enter();
    assertThat(waits).hasValue(31);
    queue.get().leave();
  }

  @Test
  void aStartThatHangsIsTold() throws Exception {
    StartQueue queue = new StartQueue(lock -> false);
    assertThatThrownBy(queue::enter)
        .isInstanceOf(IOException.class)
        .hasMessage("another process has been about to start for 10 s: is a disk away?");
  }

  @Test
  void oneStartComesAfterAnother() throws Exception {
    StartQueue queue = new StartQueue();
    queue.enter();
    AtomicReference<String> order = new AtomicReference<>("");
    Thread next =
        new Thread(
            () -> {
              try {
                queue.enter();
                order.updateAndGet(text -> text + " second");
                queue.leave();
              } catch (IOException e) {
                order.set(e.toString());
              }
            });
    next.start();
    order.updateAndGet(text -> text + "first");
    queue.leave();
    next.join();
    assertThat(order).hasValue("first second");
  }
}
