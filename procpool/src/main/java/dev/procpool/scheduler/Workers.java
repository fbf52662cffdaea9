package dev.procpool.scheduler;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The workers that are ready: what each of them holds, and which are idle. */
public final class Workers {

  private final Map<Long, WorkerSlot> ready = new LinkedHashMap<>();

  /** Idle workers, the one that worked last on top. */
  private final ArrayDeque<WorkerSlot> idle = new ArrayDeque<>();

  /** Spares a look into the map for each chunk and result. */
  private @Nullable WorkerSlot lastFound;

  Workers() {}

  /**
   * Finds the chunk that a worker reports from.
   *
   * @param worker the worker
   * @param chunkId the chunk's number
   * @param offset the place of the item that has finished, and must be the chunk's next
   * @return the chunk, for {@link Scheduler#itemsDone}; null if the worker does not hold the item,
   *     or another comes first
   */
  public @Nullable SentChunk reporting(long worker, long chunkId, int offset) {
    WorkerSlot slot = find(worker);
    SentChunk chunk = slot == null ? null : slot.reporting(chunkId);
    return chunk == null || chunk.begin() != offset || offset >= chunk.end() ? null : chunk;
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
   * Finds a chunk that a worker holds.
   *
   * @param worker the worker
   * @param chunkId the chunk
   * @return the chunk; null if the worker does not hold it
   */
  public @Nullable SentChunk chunk(long worker, long chunkId) {
    WorkerSlot slot = find(worker);
    return slot == null ? null : slot.find(chunkId);
  }

  /**
   * Tells whether a worker was asked for a chunk and has not answered.
   *
   * @param worker the worker
   * @param chunkId the chunk
   * @return whether {@link Scheduler#returned} is to come
   */
  public boolean isAsked(long worker, long chunkId) {
    WorkerSlot slot = find(worker);
    return slot != null && slot.isAsked(chunkId);
  }

  /**
   * Finds what a worker should be at.
   *
   * @param worker the worker
   * @return the first chunk that it holds; null if it holds none
   */
  public @Nullable SentChunk next(long worker) {
    WorkerSlot slot = find(worker);
    return slot == null ? null : slot.next();
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
   * @return true if {@link Scheduler#retire} was called for it
   */
  public boolean isRetiring(long worker) {
    WorkerSlot slot = find(worker);
    return slot != null && slot.isRetiring();
  }

  // ------------------------------------------------------------------ for this package

  WorkerSlot add(long worker) {
    WorkerSlot slot = new WorkerSlot(worker);
    ready.put(worker, slot);
    listIfIdle(slot);
    return slot;
  }

  @Nullable WorkerSlot remove(long worker) {
    WorkerSlot slot = ready.remove(worker);
    lastFound = null;
    if (slot != null) {
      unlist(slot);
    }
    return slot;
  }

  void clear() {
    ready.clear();
    idle.clear();
    lastFound = null;
  }

  @Nullable WorkerSlot find(long worker) {
    WorkerSlot slot = lastFound;
    if (slot == null || slot.id != worker) {
      slot = ready.get(worker);
      lastFound = slot;
    }
    return slot;
  }

  Collection<WorkerSlot> all() {
    return ready.values();
  }

  int count() {
    return ready.size();
  }

  /** How many have something to do and are to stay. */
  int busy() {
    int busy = 0;
    for (WorkerSlot worker : ready.values()) {
      busy += worker.isRetiring() || worker.isIdle() ? 0 : 1;
    }
    return busy;
  }

  /** The idle worker that worked last; null if nobody is idle. */
  @Nullable WorkerSlot warmestIdle() {
    return idle.peek();
  }

  void listIfIdle(WorkerSlot slot) {
    if (slot.isIdle() && !slot.isRetiring() && !slot.listedIdle) {
      slot.listedIdle = true;
      idle.push(slot);
    }
  }

  /** The worker is given something, is retired, or is gone. */
  void unlist(WorkerSlot slot) {
    if (slot.listedIdle) {
      slot.listedIdle = false;
      idle.remove(slot);
    }
  }
}
