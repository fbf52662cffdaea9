package dev.procpool.local.dispatch;

import dev.procpool.local.call.LocalJob;
import dev.procpool.local.fleet.Worker;
import dev.procpool.local.service.Supervision;
import dev.procpool.protocol.ItemRef;
import dev.procpool.scheduler.SentChunk;
import org.jspecify.annotations.Nullable;

/** The time limits of the items that workers are at. Owned by the engine's thread. */
final class ItemLimits implements Supervision.Limits {

  private final OpenCalls calls;
  private final Schedule schedule;

  ItemLimits(OpenCalls calls, Schedule schedule) {
    this.calls = calls;
    this.schedule = schedule;
  }

  /** Finds the call of an item that a worker has; null if there is none. */
  @Nullable LocalJob callOf(Worker worker, ItemRef item) {
    SentChunk chunk = schedule.scheduler().workers().chunk(worker.id(), item.chunk());
    return chunk == null ? null : calls.find(chunk.call());
  }

  @Override
  public long limitNanos(Worker worker, ItemRef item) {
    SentChunk chunk = schedule.scheduler().workers().chunk(worker.id(), item.chunk());
    LocalJob job = chunk == null ? null : calls.find(chunk.call());
    if (chunk == null || job == null) {
      return 0;
    }
    int offset = Math.min(item.offset(), chunk.slice().count() - 1); // the worker's word
    return job.timeoutNanos(chunk.slice(), offset);
  }

  @Override
  public long killAfter(Worker worker, ItemRef item) {
    LocalJob job = callOf(worker, item);
    return job == null ? 0 : job.killAfter;
  }

  @Override
  public @Nullable ItemRef next(Worker worker) {
    SentChunk chunk = schedule.scheduler().workers().next(worker.id());
    return chunk == null ? null : new ItemRef(chunk.id(), chunk.begin());
  }
}
