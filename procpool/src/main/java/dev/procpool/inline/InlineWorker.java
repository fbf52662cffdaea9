package dev.procpool.inline;

import dev.procpool.WorkerInfo;
import dev.procpool.codec.ThreadsText;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A worker thread and what tasks left in it.
 *
 * <p>The state belongs to the thread; the rest is guarded by the backend's lock.
 */
final class InlineWorker {

  private final int number;
  private final Instant startedAt = Instant.now();
  private final Thread thread;
  private final Map<Class<?>, Object> state = new HashMap<>();

  // ---- guarded by the backend's lock

  @Nullable InlineRun<?> run;
  long tasksDone;

  InlineWorker(InlineBackend backend, String name, int number) {
    this.number = number;
    this.thread = new WorkerThread(this, backend, name + "-worker-" + number);
  }

  /** The worker that the current thread is; null if it is none. */
  static @Nullable InlineWorker current() {
    return Thread.currentThread() instanceof WorkerThread thread ? thread.worker : null;
  }

  void start() {
    thread.start();
  }

  Thread thread() {
    return thread;
  }

  int number() {
    return number;
  }

  Instant startedAt() {
    return startedAt;
  }

  /** What tasks leave in it, for its thread. */
  Map<Class<?>, Object> state() {
    return state;
  }

  WorkerInfo describe() {
    return new WorkerInfo(
        number,
        InlineCall.WORKER.host(),
        InlineCall.WORKER.pid(),
        run == null ? WorkerInfo.State.IDLE : WorkerInfo.State.BUSY,
        tasksDone,
        startedAt,
        OptionalLong.empty(),
        run == null ? Optional.empty() : Optional.ofNullable(run.progress()),
        this::dump);
  }

  private String dump() {
    if (!thread.isAlive()) {
      throw new IllegalStateException("worker " + number + " has ended");
    }
    return ThreadsText.of(Map.of(thread, thread.getStackTrace()), Integer.MAX_VALUE);
  }

  private static final class WorkerThread extends Thread {
    private final InlineWorker worker;

    WorkerThread(InlineWorker worker, InlineBackend backend, String name) {
      super(null, () -> backend.work(worker), name, 0, false);
      this.worker = worker;
      // Java 19 and later do so only for threads that inherit thread locals
      setContextClassLoader(Thread.currentThread().getContextClassLoader());
      setDaemon(true);
    }
  }
}
