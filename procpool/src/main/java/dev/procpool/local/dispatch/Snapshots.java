package dev.procpool.local.dispatch;

import dev.procpool.PoolStats;
import dev.procpool.WorkerInfo;
import dev.procpool.local.call.LocalJob;
import dev.procpool.local.fleet.Fleet;
import dev.procpool.local.fleet.Worker;
import dev.procpool.local.result.Recorder;
import dev.procpool.local.service.ThreadDumps;
import dev.procpool.scheduler.Item;
import dev.procpool.scheduler.SentChunk;
import dev.procpool.scheduler.Workers;
import dev.procpool.spi.BackendStats;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Describes the workers and what they are at. Owned by the engine's thread, but for {@link #last}.
 */
public final class Snapshots {

  private final Fleet fleet;
  private final OpenCalls calls;
  private final Schedule schedule;
  private final Progress progress;
  private final Recorder recorder;
  private final ThreadDumps dumps;

  Snapshots(
      Fleet fleet,
      OpenCalls calls,
      Schedule schedule,
      Progress progress,
      Recorder recorder,
      ThreadDumps dumps) {
    this.fleet = fleet;
    this.calls = calls;
    this.schedule = schedule;
    this.progress = progress;
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
        present().map(worker -> new PoolStats.Worker(info(worker), running(worker))).toList());
  }

  /** The same after the engine's end, or where it does not answer; from any thread. */
  public BackendStats last() {
    return stats(List.of());
  }

  private BackendStats stats(List<PoolStats.Worker> described) {
    return new BackendStats(
        fleet.target(), described, recorder.sentBytes(), recorder.receivedBytes());
  }

  private Stream<Worker> present() {
    return fleet.workers().stream()
        .filter(worker -> !worker.isGone())
        .sorted(Comparator.comparingInt(Worker::number));
  }

  private WorkerInfo info(Worker worker) {
    boolean isIdle = schedule.scheduler().workers().isIdle(worker.id());
    return worker.info(isIdle, () -> dumps.of(worker));
  }

  /** The item that a worker is at. */
  private Optional<PoolStats.Item> running(Worker worker) {
    Workers workers = schedule.scheduler().workers();
    SentChunk chunk = workers.next(worker.id());
    LocalJob job = chunk == null ? null : calls.find(chunk.call());
    if (chunk == null || job == null || !progress.isBusy(worker)) {
      return Optional.empty();
    }
    Item item = chunk.item(chunk.begin());
    return Optional.of(
        new PoolStats.Item(
            Recorder.named(job), item.index(), item.attempt(), progress.ran(worker)));
  }
}
