package dev.procpool.inline;

import dev.procpool.spi.TaskContext;
import dev.procpool.time.AwakeTimer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at an item on one worker.
 *
 * <p>Made and run by the worker's thread; {@code finished} and what stops it are guarded by the
 * backend's lock.
 *
 * @param <R> the type of the results
 */
final class InlineRun<R> {

  /** Why an attempt is stopped before its end. */
  enum Stop {
    TIME_LIMIT,
    CANCELLED
  }

  final InlineCall<?, R> call;
  final InlineItem item;
  final InlineWorker worker;
  final long startNanos = System.nanoTime();

  /** Null while nothing stops it. Written under the lock. */
  volatile @Nullable Stop stop;

  /** Whether the pool was terminated: set before the worker is interrupted. */
  volatile boolean isOver;

  // ---- guarded by the backend's lock

  List<StackTraceElement> stack = List.of();
  AwakeTimer.@Nullable Alarm alarm;
  boolean finished;

  InlineRun(InlineCall<?, R> call, InlineItem item, InlineWorker worker) {
    this.call = call;
    this.item = item;
    this.worker = worker;
  }

  /** What its task can know. */
  TaskContext context() {
    return new TaskContext(
        worker.number(),
        worker.state(),
        item.index(),
        attempt(),
        () -> stop != null || call.submission.isEnded());
  }

  /** Which attempt at the item it is, from 1. */
  int attempt() {
    return item.last().number() + 1;
  }
}
