package dev.procpool.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a worker has not started is taken back for an idle one. */
class StealTest {

  private static final long MICRO = 1_000;

  static final class Record implements Actions {
    final List<SentChunk> sent = new ArrayList<>();
    final Map<Long, SentChunk> lastOf = new HashMap<>();
    final List<Long> recalledFrom = new ArrayList<>();

    @Override
    public void dispatch(long worker, SentChunk chunk) {
      sent.add(chunk);
      lastOf.put(worker, chunk);
    }

    @Override
    public void recall(long worker, SentChunk chunk) {
      recalledFrom.add(worker);
    }

    @Override
    public void recalled(long call) {}

    @Override
    public void interrupt(long worker, SentChunk chunk) {}

    @Override
    public void cancelled(long call, Slice items) {}

    @Override
    public void callEnded(long call) {}

    @Override
    public void retired(long worker) {}
  }

  @Test
  void itemsThatBecomeSlowerAreNotJudgedByWhatTheyTookWhenSent() {
    Record record = new Record();
    Scheduler scheduler = new Scheduler(record);
    long now = 0;
    scheduler.workerReady(1, now);
    scheduler.addCall(1, 100, 0, new FixedItems(400), now);
    SentChunk first = record.sent.get(0);
    for (int i = 0; i < 100; i++) {
      now += MICRO;
      Reports.itemDone(scheduler, 1, first.id(), i, MICRO);
      scheduler.settled(1, 1);
    }
    scheduler.progressed(1, now); // by what items took, all the rest is worth giving ahead
    scheduler.workerReady(2, now);
    assertThat(scheduler.workers().isIdle(2)).as("the first worker was given everything").isTrue();

    SentChunk second = record.sent.get(1);
    for (int i = 0; i < 20 && record.recalledFrom.isEmpty(); i++) {
      now += 900 * MICRO;
      Reports.itemDone(scheduler, 1, second.id(), i, 900 * MICRO);
      scheduler.settled(1, 1);
      scheduler.progressed(1, now);
      scheduler.tick(now);
    }

    assertThat(record.recalledFrom).contains(1L);
  }

  @Test
  void whatLowerCallsHaveWithWorkersGivesWay() {
    Record record = new Record();
    Scheduler scheduler = new Scheduler(record);
    long now = 0;
    scheduler.workerReady(1, now);
    scheduler.workerReady(2, now);
    scheduler.addCall(1, 100, 0, new FixedItems(1000), now);
    assertThat(record.sent).extracting(SentChunk::call).containsExactly(1L, 1L);
    scheduler.addCall(2, 1, 5, new FixedItems(100), now);

    now += Calls.STARVING_NANOS;
    scheduler.tick(now);

    assertThat(record.recalledFrom).as("from one, for a call without any").hasSize(1);
    long first = record.recalledFrom.get(0);
    SentChunk chunk = record.lastOf.get(first);
    scheduler.returned(first, chunk.id(), 1, now);
    Reports.itemDone(scheduler, first, chunk.id(), 0, MICRO);
    scheduler.settled(1, 1);
    scheduler.progressed(first, now);
    assertThat(record.lastOf.get(first).call()).as("whose turn it is").isEqualTo(2);

    assertThat(scheduler.nextTick(now)).isNotEqualTo(Long.MAX_VALUE);
    now += Calls.STARVING_NANOS;
    scheduler.tick(now);

    assertThat(record.recalledFrom).as("from the other, too").containsExactly(first, 3 - first);
  }
}
