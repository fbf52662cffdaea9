package dev.procpool.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.scheduler.SimulatedJob.Place;
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
  private static final long MAX_IDLE = 20 * MILLI;

  private static final int MAX_ROUNDS = 1_000_000;

  private record Event(long at, long order, Runnable run) {}

  private final SplittableRandom random;
  private final Scheduler scheduler = new Scheduler(this);
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::order));
  private final Map<Long, SimulatedJob> jobs = new LinkedHashMap<>();
  private final Map<Long, SimulatedWorker> workers = new LinkedHashMap<>();

  /** All chunks that each worker was ever sent. */
  private final Map<Long, List<Chunk>> sent = new LinkedHashMap<>();

  private final Set<SimulatedWorker> progressed = new LinkedHashSet<>();
  private final int slowLinePercent;
  private final int retryPercent;
  private final int mortalRecallPercent;

  private long now;
  private long tickAt = Long.MAX_VALUE;
  private long eventCount;
  private long workerCount;
  private int jobsToCome;

  Simulation(long seed) {
    random = new SplittableRandom(seed);
    slowLinePercent = random.nextInt(3) * 10;
    retryPercent = random.nextInt(3) * 10;
    mortalRecallPercent = random.nextInt(3) * 5;
    at(random.nextLong(MILLI), this::addWorker);
    some(6, this::addWorker);
    some(4, () -> anyWorker(SimulatedWorker::die));
    some(3, () -> anyWorker(this::drain));
    some(3, this::cancelAny);
    jobsToCome = 1 + random.nextInt(5);
    for (long id = 1; id <= jobsToCome; id++) {
      SimulatedJob job = new SimulatedJob(id, random);
      at(random.nextLong(COURSE / 2), () -> addJob(job));
    }
  }

  void run() {
    for (int rounds = 0; jobsToCome > 0 || scheduler.hasJobs(); rounds++) {
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
    for (SimulatedJob job : jobs.values()) {
      assertThat(job.jobEnded).as("call %d ended", job.id).isTrue();
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

  SimulatedJob job(long id) {
    return jobs.get(id);
  }

  // ------------------------------------------------------------------ what workers send

  void done(SimulatedWorker worker, Chunk chunk, int offset) {
    SimulatedJob job = job(chunk.job());
    int index = (int) chunk.slice().firstIndex() + offset;
    job.move(index, Place.OWNER);
    Item item = scheduler.itemDone(worker.id, chunk.id(), offset, 1 + job.durationOf(index));
    assertIsItem(item, job, index);
    progressed.add(worker);
    settleOrRetry(item, job, Place.DONE);
  }

  void returned(SimulatedWorker worker, long chunkId, int from) {
    Chunk chunk = scheduler.find(worker.id, chunkId);
    if (chunk != null) {
      for (int i = from; i < chunk.limit; i++) {
        job(chunk.job()).move(chunk.slice().firstIndex() + i, Place.SCHEDULER);
        worker.unstarted--;
      }
    }
    scheduler.returned(worker.id, chunkId, from, now);
  }

  void gone(SimulatedWorker worker) {
    SimulatedWorker.Held running = worker.running;
    worker.gone = true;
    worker.unstarted = 0;
    SimulatedJob job = running == null ? null : job(running.chunk.job());
    int offset = running == null ? 0 : running.claimed - 1;
    int index = running == null ? -1 : (int) running.chunk.slice().firstIndex() + offset;
    for (Chunk chunk : heldBy(worker)) {
      for (int i = chunk.done; i < chunk.limit; i++) {
        boolean ran = running != null && chunk == running.chunk && i == offset;
        long item = chunk.slice().firstIndex() + i;
        job(chunk.job()).move(item, ran ? Place.OWNER : Place.SCHEDULER);
      }
    }
    List<Item> begun =
        scheduler.workerGone(worker.id, running == null ? 0 : running.chunk.id(), offset, now);
    progressed.remove(worker);
    if (job == null) {
      assertThat(begun).as("begun by an idle worker").isEmpty();
    } else {
      assertThat(begun).as("begun").hasSize(1);
      assertIsItem(begun.get(0), job, index);
      settleOrRetry(begun.get(0), job, Place.LOST);
    }
    keepOneWorker();
  }

  private void settleOrRetry(Item item, SimulatedJob job, Place how) {
    int index = (int) item.index();
    if (random.nextInt(100) < retryPercent && item.attempt() < 4) {
      long notBefore = now + (random.nextBoolean() ? 0 : random.nextLong(10 * MILLI));
      job.move(index, Place.WAITING);
      job.attempts[index]++;
      job.waiting.put(index, notBefore);
      scheduler.retry(item, notBefore, now);
    } else {
      job.end(index, how);
      scheduler.settled(job.id, 1);
    }
  }

  private List<Chunk> heldBy(SimulatedWorker worker) {
    return sent.getOrDefault(worker.id, List.of()).stream()
        .filter(chunk -> scheduler.find(worker.id, chunk.id()) != null)
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

  private void drain(SimulatedWorker worker) {
    worker.draining = true;
    scheduler.drain(worker.id);
    keepOneWorker();
  }

  private void keepOneWorker() {
    if (workers.values().stream().allMatch(w -> w.gone || w.draining)) {
      at(now + random.nextLong(5 * MILLI), this::addWorker);
    }
  }

  private void addJob(SimulatedJob job) {
    jobs.put(job.id, job);
    jobsToCome--;
    if (random.nextBoolean()) {
      emit(job);
    }
    if (!job.closed) {
      at(now + random.nextLong(5 * MILLI), () -> burst(job));
    }
    scheduler.addJob(job.id, job.chunkSize, job, now);
  }

  private void burst(SimulatedJob job) {
    if (!job.closed) {
      emit(job);
      if (job.hungry || job.closed) {
        job.hungry = false;
        signal(job);
      }
      if (!job.closed) {
        at(now + random.nextLong(5 * MILLI), () -> burst(job));
      }
    }
  }

  /** Adds items; after the last the source ends, now or with a later burst. */
  private void emit(SimulatedJob job) {
    int left = job.total - job.emitted;
    job.emitted += left == 0 ? 0 : 1 + random.nextInt(left);
    job.closed = job.emitted == job.total && (left == 0 || random.nextBoolean());
  }

  private void signal(SimulatedJob job) {
    job.signals++;
    at(
        now + latency(),
        () -> {
          job.signals--;
          scheduler.inputReady(job.id, now);
        });
  }

  private void cancelAny() {
    List<SimulatedJob> known = new ArrayList<>(jobs.values());
    if (!known.isEmpty()) {
      SimulatedJob job = known.get(random.nextInt(known.size()));
      boolean interrupt = random.nextBoolean();
      if (!job.jobEnded) {
        job.cancelled = true;
        job.interrupted |= interrupt;
      }
      scheduler.cancel(job.id, interrupt);
      at(
          now + random.nextLong(10 * MILLI),
          () -> {
            if (!job.closed) {
              job.closed = true;
              signal(job);
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
  public void dispatch(long workerId, Chunk chunk) {
    SimulatedWorker worker = workers.get(workerId);
    SimulatedJob job = job(chunk.job());
    assertThat(worker.gone || worker.draining).as("worker %d has left", workerId).isFalse();
    assertThat(job.cancelled || job.jobEnded).as("call %d is over", job.id).isFalse();
    job.assertWithScheduler(chunk.slice(), now);
    int count = chunk.slice().count();
    assertThat(count).as("chunk size").isLessThanOrEqualTo(Math.max(job.chunkSize, 1024));
    for (int i = 0; i < count; i++) {
      job.move(chunk.slice().firstIndex() + i, Place.WORKER);
    }
    worker.unstarted += count;
    sent.computeIfAbsent(workerId, id -> new ArrayList<>()).add(chunk);
    worker.in(() -> worker.take(chunk));
  }

  @Override
  public void recall(long workerId, Chunk chunk) {
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
  public void interrupt(long workerId, Chunk chunk) {
    assertThat(job(chunk.job()).interrupted).as("to be interrupted").isTrue();
    SimulatedWorker worker = workers.get(workerId);
    worker.in(() -> worker.interrupt(chunk.id()));
  }

  @Override
  public void cancelled(long jobId, Slice items) {
    SimulatedJob job = job(jobId);
    assertThat(job.cancelled).as("call %d is cancelled", jobId).isTrue();
    job.assertWithScheduler(items, now);
    for (int i = 0; i < items.count(); i++) {
      job.move(items.firstIndex() + i, Place.CANCELLED);
    }
  }

  @Override
  public void jobEnded(long jobId) {
    SimulatedJob job = job(jobId);
    assertThat(job.jobEnded).as("call %d ended before", jobId).isFalse();
    job.jobEnded = true;
    job.assertSettled();
  }

  @Override
  public void drained(long workerId) {
    SimulatedWorker worker = workers.get(workerId);
    assertThat(worker.draining).as("worker %d is to be drained", workerId).isTrue();
    assertThat(heldBy(worker)).as("held by drained worker %d", workerId).isEmpty();
    if (!worker.drained) {
      worker.drained = true;
      worker.in(worker::die);
    }
  }

  // ------------------------------------------------------------------ invariants

  private static void assertIsItem(Item item, @Nullable SimulatedJob job, int index) {
    assertThat(item.job()).as("call").isEqualTo(job.id);
    assertThat(item.index()).as("index").isEqualTo(index);
    assertThat(item.attempt()).as("attempt of item %d", index).isEqualTo(job.attempts[index]);
  }

  private void assertNobodyWaitsInVain() {
    for (SimulatedWorker worker : workers.values()) {
      boolean idle = !worker.gone && !worker.draining && scheduler.isIdle(worker.id);
      if (idle) {
        for (SimulatedJob job : jobs.values()) {
          assertThat(job.hasWork(now))
              .as("call %d has an item for idle worker %d", job.id, worker.id)
              .isFalse();
        }
      }
      if (worker.draining && !worker.gone && heldBy(worker).isEmpty()) {
        assertThat(worker.drained).as("worker %d drained", worker.id).isTrue();
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
