package dev.procpool.inline;

import dev.procpool.WorkerEnd;
import dev.procpool.WorkerInfo;
import dev.procpool.nesting.Nesting;
import dev.procpool.scheduler.PriorityTurns;
import dev.procpool.spi.BackendStats;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The threads of an inline pool, and whose turn it is: calls of a priority take turns, an item at a
 * time.
 *
 * <p>Guarded by the backend's lock, which every method is called with.
 */
final class InlineWorkers {

  private final InlineBackend backend;
  private final InlineNews news;
  private final String threadName;
  private final Condition work;
  private final TreeMap<Integer, InlineWorker> workers = new TreeMap<>();

  /** The calls with items waiting, each once, in the order of their turns. */
  private final PriorityTurns<InlineCall<?, ?>> turns = new PriorityTurns<>();

  private int target;

  /** Whether workers start when they are needed only: where the pool may be made for nothing. */
  private boolean waitsForCall = Nesting.isWorker();

  private boolean closed;

  InlineWorkers(InlineBackend backend, InlineNews news, String threadName, ReentrantLock lock) {
    this.backend = backend;
    this.news = news;
    this.threadName = threadName;
    this.work = lock.newCondition();
  }

  // ---------------------------------------------------------------- turns

  /** Puts an item behind those of its call that wait. */
  void add(InlineCall<?, ?> call, InlineItem item) {
    if (call.items.add(item)) {
      join(call);
    }
    work.signal();
  }

  private void join(InlineCall<?, ?> call) {
    turns.add(call, call.submission.options().priority());
  }

  /** Has no more turns for a call. */
  void remove(InlineCall<?, ?> call) {
    turns.remove(call);
  }

  /** Waits for the next run of a worker; null if the worker is to end. */
  @Nullable InlineRun<?> next(InlineWorker worker) {
    while (workers.get(worker.number()) == worker) {
      if (closed || workers.size() > target || backend.isDone()) {
        remove(worker);
        return null;
      }
      InlineCall<?, ?> call = turns.poll();
      if (call != null) {
        return start(call, worker);
      }
      work.awaitUninterruptibly();
    }
    return null;
  }

  private <R> InlineRun<R> start(InlineCall<?, R> call, InlineWorker worker) {
    InlineItem item = call.items.next();
    if (call.items.hasWaiting()) {
      join(call);
    }
    InlineRun<R> run = new InlineRun<>(call, item, worker, news);
    call.items.begin(run);
    worker.run = run;
    return run;
  }

  // ---------------------------------------------------------------- threads

  /** A call needs workers. */
  void use() {
    waitsForCall = false;
    startMissing();
  }

  void resize(int number) {
    target = number;
    startMissing();
    wakeAll(); // the surplus ends
  }

  /** A worker is deaf: its thread is left to itself, and another takes its place. */
  void abandon(InlineWorker worker, WorkerEnd why) {
    workers.remove(worker.number());
    news.ended(worker, why);
    startMissing();
  }

  private void remove(InlineWorker worker) {
    workers.remove(worker.number());
    news.ended(worker, WorkerEnd.STOPPED);
    backend.workerGone();
  }

  private void startMissing() {
    for (int number = 0; !closed && !waitsForCall && workers.size() < target; number++) {
      if (!workers.containsKey(number)) {
        InlineWorker worker = new InlineWorker(backend, threadName, number);
        workers.put(number, worker);
        news.started(worker);
        worker.start();
      }
    }
  }

  List<WorkerInfo> describe() {
    return workers.values().stream().map(InlineWorker::describe).toList();
  }

  /** What is told of this in the pool's statistics. */
  BackendStats stats() {
    return new BackendStats(
        target, workers.values().stream().map(InlineNews::describe).toList(), -1, -1);
  }

  boolean isEmpty() {
    return workers.isEmpty();
  }

  void wakeAll() {
    work.signalAll();
  }

  // ---------------------------------------------------------------- the end

  /** Starts nothing more. */
  void close() {
    closed = true;
    turns.clear();
  }

  /** Interrupts what runs. */
  void interrupt() {
    for (InlineWorker worker : workers.values()) {
      if (worker.run != null) {
        worker.run.isOver = true;
        worker.thread().interrupt();
      }
    }
  }

  /** Leaves all threads that are still there to themselves. */
  void abandonAll() {
    workers.values().forEach(worker -> news.ended(worker, WorkerEnd.STOPPED));
    workers.clear();
  }
}
