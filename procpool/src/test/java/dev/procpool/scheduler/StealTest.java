package dev.procpool.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a worker has not started is taken back for an idle one. */
class StealTest {

  private static final long MICRO = 1_000;

  /** So many items are there from the start. */
  private static final class Items implements ItemQueue {
    private final int total;
    private int taken;

    Items(int total) {
      this.total = total;
    }

    @Override
    public @Nullable Slice take(int max) {
      int count = Math.min(max, ready());
      taken += count;
      return count == 0 ? null : new Slice(taken - count, count, 1, this, taken - count);
    }

    @Override
    public int ready() {
      return total - taken;
    }

    @Override
    public boolean isEnded() {
      return true;
    }
  }

  private static final class Record implements Actions {
    final List<Chunk> sent = new ArrayList<>();
    final List<Long> recalledFrom = new ArrayList<>();

    @Override
    public void dispatch(long worker, Chunk chunk) {
      sent.add(chunk);
    }

    @Override
    public void recall(long worker, Chunk chunk) {
      recalledFrom.add(worker);
    }

    @Override
    public void interrupt(long worker, Chunk chunk) {}

    @Override
    public void cancelled(long job, Slice items) {}

    @Override
    public void jobEnded(long job) {}

    @Override
    public void drained(long worker) {}
  }

  @Test
  void itemsThatBecomeSlowerAreNotJudgedByWhatTheyTookWhenSent() {
    Record record = new Record();
    Scheduler scheduler = new Scheduler(record);
    long now = 0;
    scheduler.workerReady(1, now);
    scheduler.addJob(1, 100, new Items(400), now);
    Chunk first = record.sent.get(0);
    for (int i = 0; i < 100; i++) {
      now += MICRO;
      scheduler.itemDone(1, first.id(), i, MICRO);
      scheduler.settled(1, 1);
    }
    scheduler.progressed(1, now); // by what items took, all the rest is worth giving ahead
    scheduler.workerReady(2, now);
    assertThat(scheduler.isIdle(2)).as("the first worker was given everything").isTrue();

    Chunk second = record.sent.get(1);
    for (int i = 0; i < 20 && record.recalledFrom.isEmpty(); i++) {
      now += 900 * MICRO;
      scheduler.itemDone(1, second.id(), i, 900 * MICRO);
      scheduler.settled(1, 1);
      scheduler.progressed(1, now);
      scheduler.tick(now);
    }

    assertThat(record.recalledFrom).contains(1L);
  }
}
