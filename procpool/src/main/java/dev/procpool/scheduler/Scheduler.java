package dev.procpool.scheduler;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * Gives items to workers: calls in turn, idle workers first and the warmest of them, a little
 * ahead. Its owner tells it what happens; it answers through {@link Actions}.
 *
 * <p>An item is in one place at a time, and that place is its owner:
 *
 * <pre>
 * place        trigger                                         next place
 * input        dispatch                                        a worker's chunk
 * chunk        itemsDone                                       the owner, who settles or retries it
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

  private final Actions actions;
  private final Calls calls;
  private final Workers workers = new Workers();
  private final Stealing stealing;

  /**
   * Makes a scheduler without calls and workers.
   *
   * @param actions what to have done
   */
  public Scheduler(Actions actions) {
    this.actions = actions;
    this.calls = new Calls(actions);
    this.stealing = new Stealing(workers, calls, actions);
  }

  // ------------------------------------------------------------------ calls

  /**
   * Takes on a call.
   *
   * @param id its number
   * @param chunkSize items sent at a time; 0 to choose automatically
   * @param priority calls with a higher one go first
   * @param input where its items arrive
   * @param now the time
   */
  public void addCall(long id, int chunkSize, int priority, ItemQueue input, long now) {
    CallQueue call = new CallQueue(id, chunkSize, priority, input);
    calls.add(call);
    giveToIdle(now);
    calls.endIfFinished(call);
  }

  /**
   * Learns that a call has items again, or that its source has ended.
   *
   * @param id the call
   * @param now the time
   */
  public void inputReady(long id, long now) {
    CallQueue call = calls.find(id);
    if (call == null) {
      return;
    }
    if (call.isCancelled()) {
      calls.discard(call);
    } else {
      calls.join(call);
      giveToIdle(now);
      calls.endIfFinished(call);
    }
  }

  /**
   * Learns that items have their outcome and will not be tried again.
   *
   * @param id the items' call
   * @param count how many items
   */
  public void settled(long id, int count) {
    CallQueue call = calls.find(id);
    if (call != null) {
      call.settled(count);
      calls.endIfFinished(call);
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
    CallQueue call = calls.find(item.call());
    if (call == null) {
      return;
    }
    call.retry(item.slice().again(), notBefore);
    if (call.isCancelled()) {
      calls.discard(call);
    } else {
      calls.joinAt(notBefore, call);
      tick(now);
    }
  }

  /**
   * Cancels what of a call has not started, and interrupts what has if told to.
   *
   * @param id the call; unknown ones have ended
   * @param interruptRunning whether to interrupt
   */
  public void cancel(long id, boolean interruptRunning) {
    CallQueue call = calls.find(id);
    if (call == null) {
      return;
    }
    call.cancel();
    stealing.recallAll(call, interruptRunning);
    calls.discard(call);
  }

  /**
   * Tells whether a worker may yet start something that a call was to have back.
   *
   * @param id the call; unknown ones have ended
   * @return whether {@link Actions#recalled} is still to come
   */
  public boolean isRecalling(long id) {
    CallQueue call = calls.find(id);
    return call != null && call.recalls > 0;
  }

  // ------------------------------------------------------------------ workers

  /**
   * Gives what workers hold.
   *
   * @return the workers that are ready, to be looked at
   */
  public Workers workers() {
    return workers;
  }

  /**
   * Learns that a worker is ready for items.
   *
   * @param worker its number, never used before
   * @param now the time
   */
  public void workerReady(long worker, long now) {
    workers.add(worker);
    giveToIdle(now);
  }

  /**
   * Learns that the next items of a chunk have finished; the caller then says {@link #settled} or
   * {@link #retry} of each.
   *
   * @param worker the worker
   * @param chunk the chunk, which {@link Workers#reporting} gave
   * @param count how many items
   * @param nanos how long they ran together
   * @return false if the worker does not hold so many; then nothing has changed
   */
  public boolean itemsDone(long worker, SentChunk chunk, int count, long nanos) {
    WorkerSlot slot = workers.find(worker);
    if (slot == null || count > chunk.remaining()) {
      return false;
    }
    slot.finished(chunk, count);
    calls.outstanding(chunk.queue(), -count);
    chunk.queue().size.measured(count, nanos);
    return true;
  }

  /**
   * Gives a worker that has finished items more to do; called after its reports were taken in.
   *
   * @param worker the worker
   * @param now the time
   */
  public void progressed(long worker, long now) {
    WorkerSlot slot = workers.find(worker);
    if (slot == null) {
      return;
    }
    slot.progressed(now);
    workers.listIfIdle(slot);
    giveToIdle(now);
    while (slot.takesMore() && give(slot, now)) {
      // until it has enough
    }
    reportRetired(slot);
  }

  /**
   * Learns that a worker has answered a recall.
   *
   * @param worker the worker
   * @param chunkId the chunk
   * @param from the first item given back; beyond the chunk's end if none was
   * @param now the time
   * @return false if the worker was not asked, or has finished an item that it gives back
   */
  public boolean returned(long worker, long chunkId, int from, long now) {
    WorkerSlot slot = workers.find(worker);
    SentChunk chunk = slot == null ? null : slot.find(chunkId);
    if (slot == null || (chunk != null && from < chunk.begin())) {
      return false; // if it was asked it still is: its end answers
    }
    CallQueue call = slot.answered(chunkId);
    if (call == null) {
      return false;
    }
    if (chunk != null) {
      calls.takeBack(slot, chunk, from);
    }
    calls.answered(call);
    workers.listIfIdle(slot);
    giveToIdle(now); // a worker still at the item that it was slow with gets nothing more
    reportRetired(slot);
    return true;
  }

  /**
   * Gives a worker nothing more and takes back what it has not started; {@link Actions#retired} is
   * called when it is idle.
   *
   * @param worker the worker
   */
  public void retire(long worker) {
    WorkerSlot slot = workers.find(worker);
    if (slot == null || slot.isRetiring()) {
      return;
    }
    slot.retire();
    workers.unlist(slot);
    stealing.recallAll(slot);
    reportRetired(slot);
  }

  /**
   * Gives a worker nothing more, as its process is being ended.
   *
   * @param worker the worker
   * @return the chunks that the owner may still ask it for; it answers with {@link #returned}
   */
  public List<SentChunk> giveUp(long worker) {
    WorkerSlot slot = workers.find(worker);
    if (slot == null || slot.isRetiring()) {
      return List.of();
    }
    slot.retire();
    workers.unlist(slot);
    List<SentChunk> asked = new ArrayList<>();
    for (SentChunk chunk : slot.chunks()) {
      if (slot.ask(chunk)) {
        asked.add(chunk);
      }
    }
    return asked;
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
    int end = runningOffset + 1;
    return gone(worker, chunk -> chunk.id() == runningChunk ? end : 0, now);
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
    return gone(worker, SentChunk::end, now);
  }

  /** Takes back all of a worker but the items that it had begun, which end before some place. */
  private List<Item> gone(long worker, ToIntFunction<SentChunk> begunEnd, long now) {
    WorkerSlot slot = workers.remove(worker);
    if (slot == null) {
      return List.of();
    }
    List<Item> begun = new ArrayList<>();
    for (SentChunk chunk : slot.lastFirst()) {
      int end = Math.min(chunk.end(), Math.max(chunk.begin(), begunEnd.applyAsInt(chunk)));
      begun.addAll(chunk.itemsBefore(end));
      calls.outstanding(chunk.queue(), chunk.begin() - end);
      calls.takeBack(slot, chunk, end);
    }
    slot.unanswered().forEach(calls::answered);
    giveToIdle(now);
    return begun;
  }

  /** Forgets all calls and workers: they are of no interest any more. */
  public void clear() {
    calls.clear();
    workers.clear();
  }

  // ------------------------------------------------------------------ time and numbers

  /**
   * Does what is due by time: retries, and taking back what waits behind slow items.
   *
   * @param now the time
   */
  public void tick(long now) {
    calls.joinDue(now);
    giveToIdle(now);
    stealing.tick(now);
  }

  /**
   * Tells when {@link #tick} is to be called next.
   *
   * @param now the time
   * @return the time; {@code Long.MAX_VALUE} if only an event can make something due
   */
  public long nextTick(long now) {
    long due = calls.nextDue();
    if (!stealing.mayBeNeeded()) {
      return due;
    }
    long look = now + Stealing.STEAL_AFTER_NANOS;
    return due == Long.MAX_VALUE || look - due < 0 ? look : due;
  }

  /**
   * Tells how many workers could be busy now: the busy ones and one for each item that waits.
   *
   * @param most where to stop counting
   * @return the number, at most {@code most}
   */
  public int demand(int most) {
    return calls.demand(workers.busy(), most);
  }

  // ------------------------------------------------------------------ inside

  private void giveToIdle(long now) {
    WorkerSlot idle = workers.warmestIdle();
    while (idle != null && give(idle, now)) {
      idle = workers.warmestIdle();
    }
  }

  /** Gives a worker the next chunk; false if no call has one for it. */
  private boolean give(WorkerSlot worker, long now) {
    SentChunk chunk = calls.next(!worker.isIdle(), workers.count(), now);
    if (chunk == null) {
      return false;
    }
    workers.unlist(worker);
    worker.add(chunk, now);
    actions.dispatch(worker.id, chunk);
    return true;
  }

  private void reportRetired(WorkerSlot slot) {
    if (slot.isRetiring() && slot.isIdle()) {
      actions.retired(slot.id);
    }
  }
}
