package dev.procpool.scheduler;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Gives items to workers: calls in turn, idle workers first and the warmest of them, a little
 * ahead.
 *
 * <p>An item is in one place at a time, and that place is its owner:
 *
 * <pre>
 * place        trigger                                         next place
 * input        dispatch                                        a worker's chunk
 * chunk        itemDone                                        the owner, who settles or retries it
 * chunk        returned (recalled, not started)                given back
 * chunk        workerGone: the item on the run page            the owner: the worker's loss is its
 * chunk        workerGone: the others, which never started     given back
 * given back   dispatch                                        a worker's chunk
 * owner        retry                                           waiting for another attempt
 * waiting      its time has come, dispatch                     a worker's chunk
 * owner        settled                                         (gone)
 * any but a chunk, or returned    cancel                       (gone, reported as cancelled)
 * </pre>
 *
 * <p>What a worker holds and has not started is taken back when another worker is idle, or when
 * another call would have to wait for it; so neither chunk size nor look-ahead can make an item
 * wait behind a slow one.
 *
 * <p>Times are those of one clock of its owner's.
 */
public final class Scheduler {

  /** A worker that has made no progress for so long is not about to get to what else it holds. */
  static final long STEAL_AFTER_NANOS = 1_000_000;

  /** A call waits so long for a worker before others have to give way. */
  static final long STARVING_NANOS = 5_000_000;

  private final Actions actions;
  private final Map<Long, JobQueue> jobs = new LinkedHashMap<>();

  /** Calls that may have items to send, in turn. */
  private final ArrayDeque<JobQueue> ring = new ArrayDeque<>();

  private final Map<Long, WorkerSlot> workers = new LinkedHashMap<>();

  /** Spares a look into the map for each chunk and result. */
  private @Nullable WorkerSlot lastFound;

  /** Idle workers, the one that worked last on top. */
  private final ArrayDeque<WorkerSlot> idle = new ArrayDeque<>();

  /** When calls have an item that waits for another attempt. */
  private final PriorityQueue<Due> retries = new PriorityQueue<>(Comparator.comparingLong(Due::at));

  /** How many calls of the ring have nothing with any worker. */
  private int waiting;

  private long lastDispatch;
  private long lastChunk;

  private record Due(long at, JobQueue job) {}

  /**
   * Makes a scheduler without calls and workers.
   *
   * @param actions what to have done
   */
  public Scheduler(Actions actions) {
    this.actions = actions;
  }

  // ------------------------------------------------------------------ calls

  /**
   * Takes on a call.
   *
   * @param job its number
   * @param chunkSize items sent at a time; 0 to choose automatically
   * @param input where its items arrive
   * @param now the time
   */
  public void addJob(long job, int chunkSize, ItemQueue input, long now) {
    JobQueue added = new JobQueue(job, chunkSize, input);
    jobs.put(job, added);
    enqueue(added);
    dispatchToIdle(now);
    endIfFinished(added);
  }

  /**
   * Learns that a call has items again, or that its source has ended.
   *
   * @param job the call
   * @param now the time
   */
  public void inputReady(long job, long now) {
    JobQueue queue = jobs.get(job);
    if (queue == null) {
      return;
    }
    if (queue.cancelled) {
      discard(queue);
    } else {
      enqueue(queue);
      dispatchToIdle(now);
    }
    endIfFinished(queue);
  }

  /**
   * Learns that items have their outcome and will not be tried again.
   *
   * @param job the items' call
   * @param count how many items
   */
  public void settled(long job, int count) {
    JobQueue queue = jobs.get(job);
    if (queue != null) {
      queue.open -= count;
      endIfFinished(queue);
    }
  }

  /**
   * Starts an item once more.
   *
   * @param item the item, not settled
   * @param notBefore when to start it at the earliest
   * @param now the time
   */
  public void retry(Item item, long notBefore, long now) {
    JobQueue queue = jobs.get(item.job());
    if (queue == null) {
      return;
    }
    queue.retry(item.slice().again(), notBefore);
    retries.add(new Due(notBefore, queue));
    if (queue.cancelled) {
      discard(queue);
      endIfFinished(queue);
    } else {
      tick(now);
    }
  }

  /**
   * Cancels what of a call has not started, and interrupts what has if told to.
   *
   * @param job the call; unknown ones have ended
   * @param interruptRunning whether to interrupt
   */
  public void cancel(long job, boolean interruptRunning) {
    JobQueue queue = jobs.get(job);
    if (queue == null) {
      return;
    }
    queue.cancelled = true;
    for (WorkerSlot worker : workers.values()) {
      for (Chunk chunk : worker.held) {
        if (chunk.queue() == queue) {
          recall(worker, chunk);
          if (interruptRunning) {
            actions.interrupt(worker.id, chunk);
          }
        }
      }
    }
    discard(queue);
    endIfFinished(queue);
  }

  // ------------------------------------------------------------------ workers

  /**
   * Learns that a worker is ready for items.
   *
   * @param worker its number, never used before
   * @param now the time
   */
  public void workerReady(long worker, long now) {
    WorkerSlot slot = new WorkerSlot(worker);
    workers.put(worker, slot);
    pushIfIdle(slot);
    dispatchToIdle(now);
  }

  /**
   * Finds the chunk that a worker reports from.
   *
   * @param worker the worker
   * @param chunkId the chunk's number
   * @param offset the place of the item that has finished, and must be the chunk's next
   * @return the chunk, for {@link #itemsDone}; null if the worker does not hold the item, or
   *     another comes first
   */
  public @Nullable Chunk reporting(long worker, long chunkId, int offset) {
    WorkerSlot slot = find(worker);
    Chunk chunk = slot == null ? null : running(slot, chunkId);
    return chunk == null || chunk.done != offset || offset >= chunk.limit ? null : chunk;
  }

  /**
   * Tells in words what a worker has to report next.
   *
   * @param worker the worker
   * @return the item, or that there is none
   */
  public String describeNext(long worker) {
    WorkerSlot slot = find(worker);
    return slot == null ? "none" : slot.describeNext();
  }

  /**
   * Learns that the next items of a chunk have finished; the caller then says {@link #settled} or
   * {@link #retry} of each.
   *
   * @param worker the worker
   * @param chunk the chunk, which {@link #reporting} gave
   * @param count how many items
   * @param nanos how long they ran together
   * @return false if the worker does not hold so many; then nothing has changed
   */
  public boolean itemsDone(long worker, Chunk chunk, int count, long nanos) {
    WorkerSlot slot = find(worker);
    if (slot == null || count > chunk.remaining()) {
      return false;
    }
    chunk.done += count;
    slot.itemsGone(chunk, count);
    outstanding(chunk.queue(), -count);
    chunk.queue().measured(count, nanos);
    if (chunk.remaining() == 0) {
      slot.held.remove(chunk);
    }
    return true;
  }

  /**
   * Learns that an item has finished in a worker.
   *
   * @param worker the worker
   * @param chunkId the item's chunk
   * @param offset the item's place in it
   * @param nanos how long it ran
   * @return the item; the caller then says {@link #settled} or {@link #retry}
   * @throws IllegalStateException if the worker does not hold the item, or another comes first
   */
  public Item itemDone(long worker, long chunkId, int offset, long nanos) {
    Chunk chunk = reporting(worker, chunkId, offset);
    if (chunk == null || !itemsDone(worker, chunk, 1, nanos)) {
      throw new IllegalStateException(
          "worker " + worker + " is not at item " + offset + " of chunk " + chunkId);
    }
    return chunk.item(offset);
  }

  /** The chunk that a worker reports from: its first, but for those that it is giving back. */
  private static @Nullable Chunk running(WorkerSlot slot, long chunkId) {
    for (Chunk chunk : slot.held) {
      if (chunk.id() == chunkId) {
        return chunk;
      } else if (!chunk.recalled) {
        return null;
      }
    }
    return null;
  }

  /**
   * Gives a worker that has finished items more to do; called after its reports were taken in.
   *
   * @param worker the worker
   * @param now the time
   */
  public void progressed(long worker, long now) {
    WorkerSlot slot = find(worker);
    if (slot == null) {
      return;
    }
    slot.lastProgress = now;
    pushIfIdle(slot);
    dispatchToIdle(now);
    while (slot.takesMore() && give(slot, now)) {
      // until it has enough
    }
    reportDrained(slot);
  }

  /**
   * Learns that a worker has answered a recall.
   *
   * @param worker the worker
   * @param chunkId the chunk
   * @param from the first item given back; beyond the chunk's end if none was
   * @param now the time
   * @return false if the worker is not known, or has finished an item that it gives back
   */
  public boolean returned(long worker, long chunkId, int from, long now) {
    WorkerSlot slot = find(worker);
    if (slot == null) {
      return false;
    }
    slot.recalls--;
    for (Chunk chunk : slot.held) {
      if (chunk.id() == chunkId) {
        if (from < chunk.done) {
          return false;
        }
        takeBack(slot, chunk, from);
        break;
      }
    }
    slot.held.removeIf(chunk -> chunk.remaining() == 0);
    pushIfIdle(slot);
    dispatchToIdle(now); // a worker still at the item that it was slow with gets nothing more
    reportDrained(slot);
    return true;
  }

  /**
   * Learns that a worker is gone. What it had not started goes elsewhere.
   *
   * @param worker the worker; unknown ones were never ready
   * @param runningChunk the chunk of the item that it was running; 0 for none
   * @param runningOffset the item's place in it
   * @param now the time
   * @return the items that were begun and not finished: the one that was running, or none
   */
  public List<Item> workerGone(long worker, long runningChunk, int runningOffset, long now) {
    return gone(worker, runningChunk, runningOffset, false, now);
  }

  /**
   * Learns that a worker is gone and nobody knows what it was running. What it held may have begun,
   * so none of it goes elsewhere.
   *
   * @param worker the worker; unknown ones were never ready
   * @param now the time
   * @return all items that it held
   */
  public List<Item> workerLost(long worker, long now) {
    return gone(worker, 0, 0, true, now);
  }

  private List<Item> gone(
      long worker, long runningChunk, int runningOffset, boolean all, long now) {
    WorkerSlot slot = workers.remove(worker);
    lastFound = null;
    if (slot == null) {
      return List.of();
    }
    removeIdle(slot);
    List<Item> begun = new ArrayList<>();
    Iterator<Chunk> lastFirst = slot.held.descendingIterator();
    while (lastFirst.hasNext()) {
      Chunk chunk = lastFirst.next();
      int unstarted = chunk.done;
      if (all || (chunk.id() == runningChunk && runningOffset >= chunk.done)) {
        unstarted = all ? chunk.limit : Math.min(runningOffset + 1, chunk.limit);
        outstanding(chunk.queue(), chunk.done - unstarted);
        for (int i = chunk.done; i < unstarted; i++) {
          begun.add(new Item(chunk.job(), chunk.slice().part(i, i + 1)));
        }
      }
      takeBack(slot, chunk, unstarted);
    }
    dispatchToIdle(now);
    return begun;
  }

  /**
   * Gives a worker nothing more and takes back what it has not started; {@link Actions#drained} is
   * called when it is idle.
   *
   * @param worker the worker
   */
  public void drain(long worker) {
    WorkerSlot slot = find(worker);
    if (slot == null || slot.draining) {
      return;
    }
    slot.draining = true;
    removeIdle(slot);
    slot.held.forEach(chunk -> recall(slot, chunk));
    reportDrained(slot);
  }

  // ------------------------------------------------------------------ time and numbers

  /**
   * Does what is due by time: retries, and taking back what waits behind slow items.
   *
   * @param now the time
   */
  public void tick(long now) {
    for (Due due = retries.peek(); due != null && due.at() - now <= 0; due = retries.peek()) {
      retries.remove();
      enqueue(due.job());
    }
    dispatchToIdle(now);
    if (!idle.isEmpty()) {
      steal(now, STEAL_AFTER_NANOS);
    } else if (waiting > 0 && now - lastDispatch >= STARVING_NANOS) {
      steal(now, 0);
    }
  }

  /**
   * Tells when {@link #tick} is to be called next.
   *
   * @param now the time
   * @return the time; {@code Long.MAX_VALUE} if only an event can make something due
   */
  public long nextTick(long now) {
    Due due = retries.peek();
    long next = due == null ? Long.MAX_VALUE : due.at();
    if ((idle.isEmpty() && waiting == 0) || !anySpare()) {
      return next;
    }
    long look = now + STEAL_AFTER_NANOS;
    return due == null || look - next < 0 ? look : next;
  }

  /**
   * Tells how many workers could be busy now: the busy ones and one for each item that waits.
   *
   * @param most where to stop counting
   * @return the number, at most {@code most}
   */
  public int demand(int most) {
    long demand = 0;
    for (WorkerSlot worker : workers.values()) {
      demand += worker.draining || worker.isIdle() ? 0 : 1;
    }
    for (JobQueue job : ring) {
      if (demand >= most) {
        return most;
      }
      demand += job.ready();
    }
    return (int) Math.min(most, demand);
  }

  /**
   * Finds a chunk that a worker holds.
   *
   * @param worker the worker
   * @param chunkId the chunk
   * @return the chunk; null if the worker does not hold it
   */
  public @Nullable Chunk find(long worker, long chunkId) {
    WorkerSlot slot = find(worker);
    if (slot != null) {
      for (Chunk chunk : slot.held) {
        if (chunk.id() == chunkId) {
          return chunk;
        }
      }
    }
    return null;
  }

  /**
   * Finds what a worker should be at.
   *
   * @param worker the worker
   * @return the first chunk that it holds; null if it holds none
   */
  public @Nullable Chunk next(long worker) {
    WorkerSlot slot = find(worker);
    return slot == null ? null : slot.held.peek();
  }

  /**
   * Tells whether a worker has nothing to do.
   *
   * @param worker the worker
   * @return true if it is ready and holds no item
   */
  public boolean isIdle(long worker) {
    WorkerSlot slot = find(worker);
    return slot != null && slot.isIdle();
  }

  /**
   * Tells whether a worker gets nothing more.
   *
   * @param worker the worker
   * @return true if {@link #drain} was called for it
   */
  public boolean isDraining(long worker) {
    WorkerSlot slot = find(worker);
    return slot != null && slot.draining;
  }

  /**
   * Tells whether any call is under way.
   *
   * @return whether there are calls that have not ended
   */
  public boolean hasJobs() {
    return !jobs.isEmpty();
  }

  // ------------------------------------------------------------------ inside

  private @Nullable WorkerSlot find(long worker) {
    WorkerSlot slot = lastFound;
    if (slot == null || slot.id != worker) {
      slot = workers.get(worker);
      lastFound = slot;
    }
    return slot;
  }

  private void enqueue(JobQueue job) {
    if (!job.queued && !job.cancelled && !job.ended) {
      job.queued = true;
      ring.add(job);
      waiting += job.outstanding == 0 ? 1 : 0;
    }
  }

  private void dispatchToIdle(long now) {
    while (!idle.isEmpty() && give(idle.peek(), now)) {
      // until nobody is idle or nothing waits
    }
  }

  private void pushIfIdle(WorkerSlot slot) {
    if (slot.isIdle() && !slot.draining && !slot.listedIdle) {
      slot.listedIdle = true;
      idle.push(slot);
    }
  }

  private void removeIdle(WorkerSlot slot) {
    if (slot.listedIdle) {
      slot.listedIdle = false;
      idle.remove(slot);
    }
  }

  /** Changes how many of a call's items are with workers. */
  private void outstanding(JobQueue job, long change) {
    boolean waited = job.queued && job.outstanding == 0;
    job.outstanding += change;
    boolean waits = job.queued && job.outstanding == 0;
    waiting += (waits ? 1 : 0) - (waited ? 1 : 0);
  }

  private boolean anySpare() {
    for (WorkerSlot worker : workers.values()) {
      if (worker.spare() > 0 && worker.recalls == 0) {
        return true;
      }
    }
    return false;
  }

  /** Gives a worker the next chunk of the call whose turn it is. */
  private boolean give(WorkerSlot worker, long now) {
    boolean isAhead = !worker.isIdle();
    for (int left = ring.size(); left > 0; left--) {
      JobQueue job = ring.remove();
      if (isAhead && !job.isWorthSendingAhead(now)) {
        ring.add(job); // more will have come when the worker needs it
        continue;
      }
      job.queued = false;
      waiting -= job.outstanding == 0 ? 1 : 0;
      Slice items = job.cancelled || job.ended ? null : job.take(workers.size(), now);
      if (items == null) {
        continue; // it comes back when its input or a retry is ready
      }
      outstanding(job, items.count());
      if (job.mayHaveMore()) {
        enqueue(job);
      }
      lastDispatch = now;
      Chunk chunk =
          new Chunk(++lastChunk, job, items, job.duration.nanosOr(WorkerSlot.LOOK_AHEAD_NANOS));
      removeIdle(worker);
      worker.add(chunk, now);
      actions.dispatch(worker.id, chunk);
      return true;
    }
    return false;
  }

  /** Takes back what the most laden worker holds, if it is not getting on with it. */
  private void steal(long now, long stuckFor) {
    WorkerSlot victim = null;
    long most = 0;
    for (WorkerSlot worker : workers.values()) {
      if (worker.spare() <= 0 || worker.recalls > 0) {
        continue;
      }
      long expected = worker.expectedNanos();
      boolean slow = now - worker.lastProgress >= stuckFor || expected >= STEAL_AFTER_NANOS;
      if (slow && expected > most) {
        victim = worker;
        most = expected;
      }
    }
    if (victim != null) {
      WorkerSlot from = victim;
      from.held.forEach(chunk -> recall(from, chunk));
    }
  }

  private void recall(WorkerSlot worker, Chunk chunk) {
    if (!chunk.recalled) {
      chunk.recalled = true;
      worker.recalls++;
      actions.recall(worker.id, chunk);
    }
  }

  /** Takes a chunk's items from one on away from its worker. */
  private void takeBack(WorkerSlot worker, Chunk chunk, int from) {
    if (from >= chunk.limit) {
      return;
    }
    Slice items = chunk.slice().part(from, chunk.limit);
    worker.itemsGone(chunk, chunk.limit - from);
    chunk.limit = from;
    JobQueue job = chunk.queue();
    outstanding(job, -items.count());
    job.giveBack(items);
    if (job.cancelled) {
      discard(job);
      endIfFinished(job);
    } else {
      enqueue(job);
    }
  }

  /** Reports everything that waits as cancelled. */
  private void discard(JobQueue job) {
    for (Slice items = job.takeAny(); items != null; items = job.takeAny()) {
      job.open -= items.count();
      actions.cancelled(job.id(), items);
    }
  }

  private void endIfFinished(JobQueue job) {
    if (!job.ended && job.isFinished()) {
      job.ended = true;
      jobs.remove(job.id());
      actions.jobEnded(job.id());
    }
  }

  private void reportDrained(@Nullable WorkerSlot slot) {
    if (slot != null && slot.draining && slot.isIdle()) {
      actions.drained(slot.id);
    }
  }
}
