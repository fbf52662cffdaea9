package dev.procpool.inline;

import dev.procpool.WorkerContext;
import java.util.List;

/**
 * One attempt at an item on one worker.
 *
 * <p>Made and run by the worker's thread; {@code finished} and what stops it are guarded by the
 * backend's lock.
 *
 * @param <R> the type of the results
 */
final class InlineRun<R> implements WorkerContext {

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
  volatile Stop stop;

  /** Whether the pool was terminated: set before the worker is interrupted. */
  volatile boolean isOver;

  // ---- guarded by the backend's lock

  List<StackTraceElement> stack = List.of();
  AwakeAlarm alarm;
  boolean finished;

  InlineRun(InlineCall<?, R> call, InlineItem item, InlineWorker worker) {
    this.call = call;
    this.item = item;
    this.worker = worker;
  }

  @Override
  public int workerNumber() {
    return worker.number();
  }

  @Override
  public long itemIndex() {
    return item.index();
  }

  @Override
  public int attempt() {
    return item.attempts();
  }

  @Override
  public boolean isCancelled() {
    return stop != null || call.submission.isEnded();
  }

  @Override
  public <T> T state(Class<T> type) {
    return worker.state(type);
  }

  @Override
  public <T> void setState(Class<T> type, T value) {
    worker.setState(type, value);
  }
}
