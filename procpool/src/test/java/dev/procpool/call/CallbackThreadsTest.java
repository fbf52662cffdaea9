package dev.procpool.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Callbacks where threads are to be had, and where they are not. */
@Timeout(60)
class CallbackThreadsTest {

  private static final Deadline SOON = Deadline.after(Duration.ofSeconds(60));

  private final List<Thread> started = new CopyOnWriteArrayList<>();
  private final List<String> ran = new CopyOnWriteArrayList<>();
  private volatile int mostThreads = Integer.MAX_VALUE;
  private final CallbackThreads threads = new CallbackThreads("test", this::start);

  private void start(Thread thread) {
    if (started.size() >= mostThreads) {
      throw new OutOfMemoryError("unable to create native thread: as the test has it");
    }
    started.add(thread);
    thread.start();
  }

  private CallbackLane lane() {
    return new CallbackLane(threads, null);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @AfterEach
  void noThreadIsKeptForNobody() throws Exception {
    threads.retire();
    for (Thread thread : started) {
      thread.join(60_000);
      assertThat(thread.isAlive()).isFalse();
    }
  }

  @Test
  void eachLaneHasAThreadWhereThereAreThreads() throws Exception {
    CountDownLatch other = new CountDownLatch(1);
    CallbackLane slow = lane();
    CallbackLane quick = lane();
    slow.add(() -> await(other));
    quick.add(other::countDown);
    slow.end();
    quick.end();

    assertThat(threads.awaitIdle(SOON)).isTrue();
  }

  @Test
  void withoutMoreThreadsLanesRunOneByOne() throws Exception {
    mostThreads = 1;
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    CallbackLane slow = lane();
    slow.add(
        () -> {
          begun.countDown();
          await(release);
          ran.add("slow");
        });
    slow.end();
    await(begun);
    for (int i = 0; i < 3; i++) {
      CallbackLane lane = lane();
      int number = i;
      lane.addLast(() -> ran.add("lane " + number));
      lane.end();
      lane.release();
    }
    release.countDown();

    assertThat(threads.awaitIdle(SOON)).isTrue();
    assertThat(ran).containsExactly("slow", "lane 0", "lane 1", "lane 2");
    assertThat(started).hasSize(1);
  }

  @Test
  void onceThereAreThreadsAgainTheyAreStarted() throws Exception {
    mostThreads = 1;
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    CallbackLane first = lane();
    first.add(
        () -> {
          begun.countDown();
          await(release);
        });
    first.end();
    await(begun);
    CountDownLatch met = new CountDownLatch(2);
    for (int i = 0; i < 2; i++) {
      CallbackLane lane = lane();
      lane.add(
          () -> {
            met.countDown();
            await(met); // takes two threads
          });
      lane.end();
    }
    mostThreads = 2;
    release.countDown();

    assertThat(threads.awaitIdle(SOON)).isTrue();
    assertThat(started).hasSize(2);
  }

  @Test
  void whoAsksForAThreadIsToldIfThereIsNone() throws Exception {
    mostThreads = 0;
    CallbackLane lane = lane();
    assertThatExceptionOfType(OutOfMemoryError.class)
        .isThrownBy(() -> lane.addLast(() -> ran.add("lost")));

    mostThreads = 1;
    lane.addLast(() -> ran.add("kept"));
    lane.release();
    lane.end();

    assertThat(threads.awaitIdle(SOON)).isTrue();
    assertThat(ran).containsExactly("kept");
  }

  @Test
  void aLaneThatIsPromisedAThreadHasItLater() throws Exception {
    CallbackLane lane = lane();
    lane.promise();
    mostThreads = 1;
    lane.add(() -> ran.add("ran"));
    lane.end();

    assertThat(threads.awaitIdle(SOON)).isTrue();
    assertThat(ran).containsExactly("ran");
    assertThat(started).hasSize(1);
  }

  @Test
  void firstWhatIsToldMeanwhileThenWhatWaitsForTheEnd() throws Exception {
    CallbackLane lane = lane();
    lane.addLast(() -> ran.add("last"));
    lane.add(() -> ran.add("first"));
    lane.add(() -> ran.add("second"));
    lane.release();
    lane.release();
    lane.end();
    assertThat(threads.awaitIdle(SOON)).isTrue();
    lane.addLast(() -> ran.add("after the end"));

    assertThat(threads.awaitIdle(SOON)).isTrue();
    assertThat(ran).containsExactly("first", "second", "last", "after the end");
  }

  @Test
  void aCallbackThatThrowsOrIsInterruptedHarmsNoOther() throws Exception {
    CallbackLane lane = lane();
    lane.add(
        () -> {
          throw new OutOfMemoryError("as the test has it");
        });
    lane.add(() -> Thread.currentThread().interrupt());
    lane.add(() -> ran.add("interrupted: " + Thread.currentThread().isInterrupted()));
    lane.end();

    assertThat(threads.awaitIdle(SOON)).isTrue();
    assertThat(ran).containsExactly("interrupted: false");
  }
}
