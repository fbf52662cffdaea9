package dev.procpool.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.scheduler.SimulatedCall.Place;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The owner of a scheduler in a world with a clock of its own: calls, workers that come, die and
 * are let go, and an oracle that knows where each item is. One seed gives one course of events.
 */
final class Simulation implements Actions {

  private static final long MILLI = 1_000_000;
  private static final long COURSE = 60 * MILLI;

  /** A worker is idle for at most so long while another holds what it has not started. */
  private static final long MAX_IDLE = 25 * MILLI;

  private static final int MAX_ROUNDS = 1_000_000;

  private record Event(long at, long order, Runnable run) {}

  private final SplittableRandom random;
  private final Scheduler scheduler = new Scheduler(this);
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::order));
  private final Map<Long, SimulatedCall> calls = new LinkedHashMap<>();
  private final Map<Long, SimulatedWorker> workers = new LinkedHashMap<>();

  /** All chunks that each worker was ever sent. */
  private final Map<Long, List<SentChunk>> sent = new LinkedHashMap<>();

  private final Set<SimulatedWorker> progressed = new LinkedHashSet<>();
  private final int slowLinePercent;
  private final int retryPercent;
  private final int mortalRecallPercent;

  private long now;
  private long tickAt = Long.MAX_VALUE;
  private long eventCount;
  private long workerCount;
  private int callsToCome;

  Simulation(long seed) {
    random = new SplittableRandom(seed);
    slowLinePercent = random.nextInt(3) * 10;
    retryPercent = random.nextInt(3) * 10;
    mortalRecallPercent = random.nextInt(3) * 5;
    at(random.nextLong(MILLI), this::addWorker);
    some(6, this::addWorker);
    some(4, () -> anyWorker(SimulatedWorker::die));
    some(3, () -> anyWorker(this::retire));
    some(2, () -> anyWorker(this::giveUp));
    some(3, this::cancelAny);
    callsToCome = 1 + random.nextInt(5);
    for (long id = 1; id <= callsToCome; id++) {
      SimulatedCall call = new SimulatedCall(id, random);
      at(random.nextLong(COURSE / 2), () -> addCall(call));
    }
  }

  void run() {
    for (int rounds = 0;
        callsToCome > 0 || calls.values().stream().anyMatch(call -> !call.ended);
        rounds++) {
      assertThat(rounds).as("rounds").isLessThan(MAX_ROUNDS);
      Event next = events.peek();
      assertThat(next != null || tickAt != Long.MAX_VALUE).as("something to come").isTrue();
      now = next == null ? tickAt : Math.min(next.at(), tickAt);
      while (!events.isEmpty() && events.element().at() <= now) {
        events.remove().run().run();
      }
      progressed.forEach(worker -> scheduler.progressed(worker.id, now));
      progressed.clear();
      tick();
      assertNobodyWaitsInVain();
    }
    for (SimulatedCall call : calls.values()) {
      assertThat(call.ended).as("call %d ended", call.id).isTrue();
    }
  }

  long now() {
    return now;
  }

  long latency() {
    boolean slow = random.nextInt(100) < slowLinePercent;
    return 1 + random.nextLong(slow ? 2 * MILLI : 100_000);
  }

  void at(long time, Runnable run) {
    events.add(new Event(time, eventCount++, run));
  }

  SimulatedCall call(long id) {
    return calls.get(id);
  }

  // ------------------------------------------------------------------ what workers send

  void done(SimulatedWorker worker, SentChunk chunk, int offset) {
    SimulatedCall call = call(chunk.call());
    int index = (int) chunk.slice().firstIndex() + offset;
    call.move(index, Place.OWNER);
    Item item =
        Reports.itemDone(scheduler, worker.id, chunk.id(), offset, 1 + call.durationOf(index));
    assertIsItem(item, call, index);
    progressed.add(worker);
    settleOrRetry(item, call, Place.DONE);
  }

  void returned(SimulatedWorker worker, long chunkId, int from) {
    SentChunk chunk = scheduler.workers().chunk(worker.id, chunkId);
    if (chunk != null) {
      for (int i = from; i < chunk.end(); i++) {
        call(chunk.call()).move(chunk.slice().firstIndex() + i, Place.SCHEDULER);
        worker.unstarted--;
      }
    }
    scheduler.returned(worker.id, chunkId, from, now);
  }

  void gone(SimulatedWorker worker) {
    SimulatedWorker.Held running = worker.running;
    worker.gone = true;
    worker.unstarted = 0;
    SimulatedCall call = running == null ? null : call(running.chunk.call());
    int offset = running == null ? 0 : running.claimed - 1;
    int index = running == null ? -1 : (int) running.chunk.slice().firstIndex() + offset;
    for (SentChunk chunk : heldBy(worker)) {
      for (int i = chunk.begin(); i < chunk.end(); i++) {
        boolean ran = running != null && chunk == running.chunk && i == offset;
        long item = chunk.slice().firstIndex() + i;
        call(chunk.call()).move(item, ran ? Place.OWNER : Place.SCHEDULER);
      }
    }
    List<Item> begun =
        scheduler.workerGone(worker.id, running == null ? 0 : running.chunk.id(), offset, now);
    progressed.remove(worker);
    if (call == null) {
      assertThat(begun).as("begun by an idle worker").isEmpty();
    } else {
      assertThat(begun).as("begun").hasSize(1);
      assertIsItem(begun.get(0), call, index);
      settleOrRetry(begun.get(0), call, Place.LOST);
    }
    keepOneWorker();
  }

  private void settleOrRetry(Item item, SimulatedCall call, Place how) {
    int index = (int) item.index();
    if (random.nextInt(100) < retryPercent && item.attempt() < 4) {
      long notBefore = now + (random.nextBoolean() ? 0 : random.nextLong(10 * MILLI));
      call.move(index, Place.WAITING);
      call.attempts[index]++;
      call.waiting.put(index, notBefore);
      scheduler.retry(item, notBefore, now);
    } else {
      call.end(index, how);
      scheduler.settled(call.id, 1);
    }
  }

  private List<SentChunk> heldBy(SimulatedWorker worker) {
    return sent(worker).stream()
        .filter(chunk -> scheduler.workers().chunk(worker.id, chunk.id()) != null)
        .toList();
  }

  // ------------------------------------------------------------------ what happens

  private void some(int most, Runnable run) {
    for (int i = random.nextInt(most + 1); i > 0; i--) {
      at(random.nextLong(COURSE), run);
    }
  }

  private void addWorker() {
    SimulatedWorker worker = new SimulatedWorker(++workerCount, this);
    workers.put(worker.id, worker);
    scheduler.workerReady(worker.id, now);
  }

  private void anyWorker(Consumer<SimulatedWorker> what) {
    List<SimulatedWorker> live = workers.values().stream().filter(w -> !w.dead).toList();
    if (!live.isEmpty()) {
      what.accept(live.get(random.nextInt(live.size())));
    }
  }

  private void retire(SimulatedWorker worker) {
    worker.retiring = true;
    scheduler.retire(worker.id);
    keepOneWorker();
  }

  /** It is killed: it may get to hear that its chunks are wanted, or not. */
  private void giveUp(SimulatedWorker worker) {
    worker.retiring = true;
    worker.isGivenUp = true;
    scheduler.giveUp(worker.id).forEach(chunk -> recall(worker.id, chunk));
    at(
        now + random.nextLong(MILLI),
        () -> {
          if (!worker.dead) {
            worker.die();
          }
        });
    keepOneWorker();
  }

  private void keepOneWorker() {
    if (workers.values().stream().allMatch(w -> w.gone || w.retiring)) {
      at(now + random.nextLong(5 * MILLI), this::addWorker);
    }
  }

  private void addCall(SimulatedCall call) {
    calls.put(call.id, call);
    callsToCome--;
    if (random.nextBoolean()) {
      emit(call);
    }
    if (!call.closed) {
      at(now + random.nextLong(5 * MILLI), () -> burst(call));
    }
    scheduler.addCall(call.id, call.chunkSize, call.priority, call, now);
  }

  private void burst(SimulatedCall call) {
    if (!call.closed) {
      emit(call);
      if (call.hungry || call.closed) {
        call.hungry = false;
        signal(call);
      }
      if (!call.closed) {
        at(now + random.nextLong(5 * MILLI), () -> burst(call));
      }
    }
  }

  /** Adds items; after the last the source ends, now or with a later burst. */
  private void emit(SimulatedCall call) {
    int left = call.total - call.emitted;
    call.emitted += left == 0 ? 0 : 1 + random.nextInt(left);
    call.closed = call.emitted == call.total && (left == 0 || random.nextBoolean());
  }

  private void signal(SimulatedCall call) {
    call.signals++;
    at(
        now + latency(),
        () -> {
          call.signals--;
          scheduler.inputReady(call.id, now);
        });
  }

  private void cancelAny() {
    List<SimulatedCall> known = new ArrayList<>(calls.values());
    if (!known.isEmpty()) {
      SimulatedCall call = known.get(random.nextInt(known.size()));
      boolean interrupt = random.nextBoolean();
      if (!call.ended) {
        call.cancelled = true;
        call.interrupted |= interrupt;
      }
      scheduler.cancel(call.id, interrupt);
      at(
          now + random.nextLong(10 * MILLI),
          () -> {
            if (!call.closed) {
              call.closed = true;
              signal(call);
            }
          });
    }
  }

  /** Calls the scheduler's tick when it asked for it, as the pool's engine does. */
  private void tick() {
    if (tickAt <= now) {
      tickAt = Long.MAX_VALUE;
      scheduler.tick(now);
    }
    long wanted = scheduler.nextTick(now);
    if (wanted == Long.MAX_VALUE || wanted < tickAt) {
      tickAt = wanted;
    }
  }

  // ------------------------------------------------------------------ what the scheduler does

  @Override
  public void dispatch(long workerId, SentChunk chunk) {
    SimulatedWorker worker = workers.get(workerId);
    SimulatedCall call = call(chunk.call());
    assertThat(worker.gone || worker.retiring).as("worker %d has left", workerId).isFalse();
    assertThat(call.cancelled || call.ended).as("call %d is over", call.id).isFalse();
    call.assertWithScheduler(chunk.slice(), now);
    int count = chunk.slice().count();
    assertThat(count).as("chunk size").isLessThanOrEqualTo(Math.max(call.chunkSize, 1024));
    for (int i = 0; i < count; i++) {
      call.move(chunk.slice().firstIndex() + i, Place.WORKER);
    }
    worker.unstarted += count;
    sent.computeIfAbsent(workerId, id -> new ArrayList<>()).add(chunk);
    worker.in(() -> worker.take(chunk));
  }

  @Override
  public void recall(long workerId, SentChunk chunk) {
    SimulatedWorker worker = workers.get(workerId);
    assertThat(worker.gone).as("worker %d is gone", workerId).isFalse();
    worker.in(() -> worker.recall(chunk.id()));
    if (random.nextInt(100) < mortalRecallPercent) {
      at(
          now + random.nextLong(MILLI),
          () -> {
            if (!worker.dead) {
              worker.die();
            }
          });
    }
  }

  @Override
  public void recalled(long callId) {
    for (SimulatedWorker worker : workers.values()) {
      for (SentChunk chunk : worker.gone ? List.<SentChunk>of() : sent(worker)) {
        boolean isAsked = scheduler.workers().isAsked(worker.id, chunk.id());
        assertThat(isAsked && chunk.call() == callId)
            .as("worker %d has yet to answer for chunk %d", worker.id, chunk.id())
            .isFalse();
      }
    }
    assertThat(scheduler.isRecalling(callId)).isFalse();
  }

  private List<SentChunk> sent(SimulatedWorker worker) {
    return sent.getOrDefault(worker.id, List.of());
  }

  @Override
  public void interrupt(long workerId, SentChunk chunk) {
    assertThat(call(chunk.call()).interrupted).as("to be interrupted").isTrue();
    SimulatedWorker worker = workers.get(workerId);
    worker.in(() -> worker.interrupt(chunk.id()));
  }

  @Override
  public void cancelled(long callId, Slice items) {
    SimulatedCall call = call(callId);
    assertThat(call.cancelled).as("call %d is cancelled", callId).isTrue();
    call.assertWithScheduler(items, now);
    for (int i = 0; i < items.count(); i++) {
      call.move(items.firstIndex() + i, Place.CANCELLED);
    }
  }

  @Override
  public void callEnded(long callId) {
    SimulatedCall call = call(callId);
    assertThat(call.ended).as("call %d ended before", callId).isFalse();
    call.ended = true;
    call.assertSettled();
  }

  @Override
  public void retired(long workerId) {
    SimulatedWorker worker = workers.get(workerId);
    assertThat(worker.retiring).as("worker %d is to be retired", workerId).isTrue();
    assertThat(heldBy(worker)).as("held by retired worker %d", workerId).isEmpty();
    if (!worker.retired) {
      worker.retired = true;
      worker.in(worker::die);
    }
  }

  // ------------------------------------------------------------------ invariants

  private static void assertIsItem(Item item, @Nullable SimulatedCall call, int index) {
    assertThat(item.call()).as("call").isEqualTo(call.id);
    assertThat(item.index()).as("index").isEqualTo(index);
    assertThat(item.attempt()).as("attempt of item %d", index).isEqualTo(call.attempts[index]);
  }

  private void assertNobodyWaitsInVain() {
    for (SimulatedWorker worker : workers.values()) {
      boolean idle = !worker.gone && !worker.retiring && scheduler.workers().isIdle(worker.id);
      if (idle) {
        for (SimulatedCall call : calls.values()) {
          assertThat(call.hasWork(now))
              .as("call %d has an item for idle worker %d", call.id, worker.id)
              .isFalse();
        }
      }
      boolean leaves = worker.retiring && !worker.isGivenUp && !worker.gone;
      if (leaves && heldBy(worker).isEmpty()) {
        assertThat(worker.retired).as("worker %d retired", worker.id).isTrue();
      }
      if (!idle || workers.values().stream().noneMatch(w -> w != worker && w.unstarted > 0)) {
        worker.idleSince = -1;
      } else if (worker.idleSince < 0) {
        worker.idleSince = now;
      }
      assertThat(worker.idleSince < 0 ? 0 : now - worker.idleSince)
          .as("how long worker %d is idle while another holds items it has not started", worker.id)
          .isLessThan(MAX_IDLE);
    }
  }
}
