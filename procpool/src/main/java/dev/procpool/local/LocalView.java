package dev.procpool.local;

import dev.procpool.PoolStats;
import dev.procpool.WorkerInfo;
import dev.procpool.local.dispatch.Snapshots;
import dev.procpool.local.engine.Engine;
import dev.procpool.process.JvmProcess;
import dev.procpool.process.ResidentMemory;
import dev.procpool.spi.BackendStats;
import dev.procpool.time.AwakeWait;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is told of workers: asked of the engine, with what takes reading files added by whoever
 * asks. Thread-safe.
 */
final class LocalView {

  private static final long SNAPSHOT_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final Engine engine;
  private final Snapshots snapshots;
  private final boolean isSandboxed;

  LocalView(Engine engine, Snapshots snapshots, boolean isSandboxed) {
    this.engine = engine;
    this.snapshots = snapshots;
    this.isSandboxed = isSandboxed;
  }

  /** The workers; none once the pool has ended. */
  List<WorkerInfo> workers() {
    List<WorkerInfo> known = ask(snapshots::workers);
    return known == null ? List.of() : known.stream().map(this::withMemory).toList();
  }

  /** The same with what they are at, and what was counted; this also once the pool has ended. */
  BackendStats stats() {
    BackendStats known = ask(snapshots::stats);
    if (known == null) {
      return snapshots.last(); // without workers
    }
    return new BackendStats(
        known.targetWorkers(),
        known.workers().stream()
            .map(worker -> new PoolStats.Worker(withMemory(worker.info()), worker.item()))
            .toList(),
        known.sentBytes(),
        known.receivedBytes(),
        known.times());
  }

  /**
   * Has the engine answer; null if it has ended, there is no memory, or it takes too long. An
   * interrupt of this thread stands afterwards.
   */
  private <T> @Nullable T ask(Supplier<T> question) {
    CompletableFuture<@Nullable T> answer = new CompletableFuture<>();
    engine.execute(
        () -> {
          try {
            answer.complete(question.get());
          } catch (VirtualMachineError | LinkageError e) { // no memory: it must not cost the pool
            answer.complete(null);
          }
        });
    if (engine.isStopped()) {
      return null;
    }
    boolean isInterrupted = false;
    try {
      while (true) {
        try {
          return AwakeWait.get(answer, SNAPSHOT_NANOS);
        } catch (InterruptedException e) {
          isInterrupted = true;
        } catch (ExecutionException | TimeoutException e) {
          return null; // the engine has ended meanwhile
        }
      }
    } finally {
      if (isInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private WorkerInfo withMemory(WorkerInfo info) {
    return new WorkerInfo(
        info.number(),
        info.host(),
        info.pid(),
        info.state(),
        info.tasksDone(),
        info.startedAt(),
        ResidentMemory.of(isSandboxed ? JvmProcess.of(info.pid()) : info.pid()),
        info.progress(),
        info::threadDump);
  }
}
