package dev.procpool.local.dispatch;

import dev.procpool.PoolStats;
import dev.procpool.Progress;
import dev.procpool.WorkerInfo;
import dev.procpool.local.call.LocalCall;
import dev.procpool.local.call.OpenCalls;
import dev.procpool.local.fleet.Fleet;
import dev.procpool.local.fleet.Worker;
import dev.procpool.local.result.Recorder;
import dev.procpool.local.result.Remains;
import dev.procpool.local.service.ThreadDumps;
import dev.procpool.protocol.ItemRef;
import dev.procpool.scheduler.Item;
import dev.procpool.scheduler.Scheduler;
import dev.procpool.scheduler.SentChunk;
import dev.procpool.scheduler.Workers;
import dev.procpool.spi.BackendStats;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * Describes the workers and what they are at. Owned by the engine's thread, but for {@link #last}.
 */
public final class Snapshots {

  private final Fleet fleet;
  private final OpenCalls calls;
  private final Scheduler scheduler;
  private final Activity activity;
  private final Recorder recorder;
  private final ThreadDumps dumps;

  Snapshots(
      Fleet fleet,
      OpenCalls calls,
      Scheduler scheduler,
      Activity activity,
      Recorder recorder,
      ThreadDumps dumps) {
    this.fleet = fleet;
    this.calls = calls;
    this.scheduler = scheduler;
    this.activity = activity;
    this.recorder = recorder;
    this.dumps = dumps;
  }

  /** The workers there are, by number. */
  public List<WorkerInfo> workers() {
    return present().map(this::info).toList();
  }

  /** What is told of this in the pool's statistics. */
  public BackendStats stats() {
    return stats(
        present().map(worker -> new PoolStats.Worker(info(worker), running(worker))).toList(),
        activity.times(fleet.workers(), recorder.chunks()));
  }

  /** The same after the engine's end, or where it does not answer; from any thread. */
  public BackendStats last() {
    return stats(List.of(), activity.lastTimes(recorder.chunks()));
  }

  private BackendStats stats(List<PoolStats.Worker> described, PoolStats.Times times) {
    return new BackendStats(
        fleet.target(), described, recorder.sentBytes(), recorder.receivedBytes(), times);
  }

  private Stream<Worker> present() {
    return fleet.workers().stream()
        .filter(worker -> !worker.isGone())
        .sorted(Comparator.comparingInt(Worker::number));
  }

  private WorkerInfo info(Worker worker) {
    boolean isIdle = scheduler.workers().isIdle(worker.id());
    WorkerInfo.State state =
        switch (worker.state()) {
          case STARTING, INITIALIZING -> WorkerInfo.State.STARTING;
          case READY ->
              worker.isSpare()
                  ? WorkerInfo.State.SPARE
                  : isIdle ? WorkerInfo.State.IDLE : WorkerInfo.State.BUSY;
          case STOPPING, GONE -> WorkerInfo.State.STOPPING;
        };
    return new WorkerInfo(
        worker.number(),
        worker.name().host(),
        worker.pid(),
        state,
        worker.itemsDone(),
        worker.startedAt(),
        OptionalLong.empty(), // to ask for its memory takes reading a file
        said(worker),
        () -> dumps.of(worker));
  }

  /** How far the item has come that a worker is at. */
  private Optional<Progress> said(Worker worker) {
    SentChunk chunk = scheduler.workers().next(worker.id());
    return chunk == null
        ? Optional.empty()
        : Optional.ofNullable(Remains.progress(worker, ItemRef.word(chunk.id(), chunk.begin())));
  }

  /** The item that a worker is at. */
  private Optional<PoolStats.Item> running(Worker worker) {
    Workers workers = scheduler.workers();
    SentChunk chunk = workers.next(worker.id());
    LocalCall call = chunk == null ? null : calls.find(chunk.call());
    if (chunk == null || call == null || !activity.isBusy(worker)) {
      return Optional.empty();
    }
    Item item = chunk.item(chunk.begin());
    return Optional.of(
        new PoolStats.Item(
            Recorder.named(call),
            item.index(),
            item.attempt(),
            activity.ran(worker),
            said(worker)));
  }
}
