package dev.procpool.time;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.call.Leftovers;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Many alarms on one thread. */
class AwakeTimerTest {

  private static final long HOUR = TimeUnit.HOURS.toNanos(1);
  private static final long SLICE = TimeUnit.MILLISECONDS.toNanos(100);

  private final AwakeTimer timer = new AwakeTimer("procpool-timer-test");
  private final BlockingQueue<Integer> done = new LinkedBlockingQueue<>();

  @AfterEach
  void nothingIsLeft() throws InterruptedException {
    timer.close();
    Leftovers.assertNoThread("procpool-timer-test");
  }

  private Integer next() throws InterruptedException {
    return done.poll(60, TimeUnit.SECONDS);
  }

  @Test
  void alarmsGoOffInTheOrderOfTheirTimes() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    timer.set(
        0,
        () -> {
          begun.countDown();
          awaitQuietly(go);
        });
    begun.await();
    for (int i = 5; i > 0; i--) { // all overdue, and far apart
      int number = i;
      timer.set((i - 6) * HOUR, () -> done.add(number));
    }
    timer.set(Long.MIN_VALUE / 8, () -> done.add(0));
    timer.set(Long.MAX_VALUE / 8, () -> done.add(6));
    go.countDown();
    for (int i = 0; i <= 5; i++) {
      assertThat(next()).isEqualTo(i);
    }
    assertThat(done).isEmpty();
  }

  private static void awaitQuietly(CountDownLatch go) {
    try {
      go.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void manyAlarmsCostNoMoreWakeUpsThanOne() throws Exception {
    long begin = System.nanoTime();
    List<AwakeTimer.Alarm> alarms = new ArrayList<>();
    for (int i = 0; i < 300_000; i++) {
      alarms.add(timer.set(HOUR + i, () -> done.add(-1)));
    }
    for (int i = 0; i < 5; i++) {
      timer.set(i, () -> done.add(1));
      assertThat(next()).isEqualTo(1);
    }
    while (timer.wakeUps() < 5) {
      Thread.sleep(10);
    }
    long slept = timer.wakeUps() - 2 * 5; // one that is due may wake it twice: set, and due
    assertThat(slept).isLessThanOrEqualTo((System.nanoTime() - begin) / SLICE + 1);
    alarms.forEach(AwakeTimer.Alarm::cancel);
    timer.set(0, () -> done.add(2));
    assertThat(next()).as("those that were cancelled don't go off").isEqualTo(2);
  }

  @Test
  void anAlarmSetWhileNoneIsThereWakesTheThread() throws Exception {
    for (int i = 0; i < 3; i++) {
      int number = i;
      timer.set(0, () -> done.add(number));
      assertThat(next()).isEqualTo(i);
      awaitRest();
    }
  }

  /** It lingers for a moment, and then waits without a limit. */
  private static void awaitRest() throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (Thread.getAllStackTraces().keySet().stream()
        .noneMatch(
            thread ->
                thread.getName().equals("procpool-timer-test")
                    && thread.getState() == Thread.State.WAITING)) {
      assertThat(System.nanoTime() - end).as("the timer does not rest").isNegative();
      Thread.sleep(10);
    }
  }

  @Test
  void aTimerThatRestsKeepsNoAction() throws Exception {
    WeakReference<int[]> held = setOne();
    assertThat(next()).isEqualTo(7);
    awaitRest();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (held.get() != null) {
      assertThat(System.nanoTime() - end).as("the action is still held").isNegative();
      System.gc();
      Thread.sleep(10);
    }
  }

  /** In a frame of its own, which keeps nothing. */
  private WeakReference<int[]> setOne() {
    int[] number = {7};
    timer.set(0, () -> done.add(number[0]));
    return new WeakReference<>(number);
  }

  @Test
  void anActionThatFailsKeepsNoOtherFromGoingOff() throws Exception {
    timer.set(
        0,
        () -> {
          throw new IllegalStateException("of the test");
        });
    timer.set(1, () -> done.add(1));
    assertThat(next()).isEqualTo(1);
  }

  @Test
  void nothingGoesOffAfterTheEnd() throws Exception {
    timer.set(HOUR, () -> done.add(1));
    timer.close();
    timer.set(0, () -> done.add(2));
    Leftovers.assertNoThread("procpool-timer-test");
    assertThat(done).isEmpty();
  }
}
