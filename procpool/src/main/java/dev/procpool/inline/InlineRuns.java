package dev.procpool.inline;

import dev.procpool.LimitKind;
import dev.procpool.Outcome;
import dev.procpool.TaskOptions;
import dev.procpool.WorkerEnd;
import dev.procpool.items.LimitWatch;
import dev.procpool.spi.Nanos;
import dev.procpool.time.AwakeTimer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What becomes of runs: they end by themselves, are stopped, or are left to themselves; and then
 * their item is tried again or has its outcome.
 *
 * <p>{@code lock}, the backend's, guards the runs; tasks run, and outcomes are reported, without
 * it.
 *
 * <pre>
 *   a run:  RUNNING ── its task returns or throws ─────────────────────────> FINISHED
 *              | time limit, cancel(true): interrupt          finish           ^
 *           STOPPING ── its task returns or throws ────────────────────────────|
 *              | one second later: the worker is abandoned, another started    |
 *              └───────────────────────────────────────────── abandon ─────────┘
 * </pre>
 */
final class InlineRuns {

  static final Duration GRACE = Duration.ofSeconds(1);

  private final InlineBackend backend;
  private final ReentrantLock lock;
  private final InlineWorkers workers;
  private final InlineNews news;
  private final AwakeTimer timer;

  InlineRuns(
      InlineBackend backend,
      ReentrantLock lock,
      InlineWorkers workers,
      InlineNews news,
      String timersThread) {
    this.backend = backend;
    this.lock = lock;
    this.workers = workers;
    this.news = news;
    this.timer = new AwakeTimer(timersThread);
  }

  /** Runs an item on its worker's thread. */
  <R> void perform(InlineRun<R> run) {
    Outcome<R> outcome;
    try {
      TaskOptions options = run.call.submission.options();
      if (options.isLimited()) {
        limit(run, options);
      }
      outcome = run.call.run(run);
    } catch (Throwable e) { // no thread or memory for its alarm
      outcome = run.call.failed(run, e);
    }
    boolean retried;
    lock.lock();
    try {
      if (run.finished) {
        return; // abandoned: the item is settled, this thread ends
      }
      Thread.interrupted(); // meant for the task, if anyone
      run.worker.tasksDone++;
      run.worker.run = null;
      outcome = run.stop == null ? outcome : run.call.stopped(run, outcome);
      retried = finish(run, outcome);
    } finally {
      lock.unlock();
    }
    report(run, outcome, retried);
  }

  private void limit(InlineRun<?> run, TaskOptions options) {
    LimitWatch watch = new LimitWatch(timer, kind -> exceeded(run, kind));
    run.limits = watch;
    Duration time = run.item.limit();
    if (time != null) {
      watch.limitTime(Nanos.of(time));
    }
    options.stallTimeout().ifPresent(limit -> watch.limitStall(Nanos.of(limit), run::words));
    options.cpuTimeout().ifPresent(limit -> watch.limitCpu(Nanos.of(limit)));
  }

  /** Takes a run off its call: true if the item is to be started again. Leaves a report due. */
  private <R> boolean finish(InlineRun<R> run, Outcome<R> outcome) {
    InlineCall<?, R> call = run.call;
    run.finished = true;
    call.items.end(run);
    call.items.reporting();
    endLimits(run);
    if (run.alarm != null) {
      run.alarm.cancel();
    }
    if (outcome instanceof Outcome.TimedOut<?> timedOut) {
      news.timedOut(run, timedOut);
    }
    Optional<Duration> wait = call.attempts.waitBeforeNext(outcome);
    wait.ifPresent(delay -> news.retried(run, outcome, delay));
    wait.ifPresent(delay -> startAgain(call, run.again(outcome), delay));
    return wait.isPresent();
  }

  private void startAgain(InlineCall<?, ?> call, InlineItem item, Duration delay) {
    if (delay.isZero()) {
      workers.add(call, item);
    } else {
      call.items.delay(item);
      timer.set(Nanos.of(delay), () -> startDelayed(call, item));
    }
  }

  private void startDelayed(InlineCall<?, ?> call, InlineItem item) {
    lock.lock();
    try {
      if (call.items.takeDelayed(item)) {
        workers.add(call, item);
      }
    } finally {
      lock.unlock();
    }
  }

  private <R> void report(InlineRun<R> run, Outcome<R> outcome, boolean retried) {
    if (!retried) {
      run.call.attempts.report(outcome, news.run(run));
    }
    backend.reported(run.call);
  }

  // ---------------------------------------------------------------- stopping

  private void exceeded(InlineRun<?> run, LimitKind kind) {
    lock.lock();
    try {
      if (run.stop == null) {
        run.limit = kind;
      }
      stop(run, InlineRun.Stop.LIMIT);
    } finally {
      lock.unlock();
    }
  }

  /** Stops a run, with the lock; nothing is done if it ends anyway. */
  void stop(InlineRun<?> run, InlineRun.Stop why) {
    if (run.finished || run.stop != null) {
      return;
    }
    run.stack = List.of(run.worker.thread().getStackTrace());
    run.stop = why;
    run.worker.thread().interrupt();
    endLimits(run);
    run.alarm = timer.set(Nanos.of(GRACE), () -> abandon(run));
  }

  private static void endLimits(InlineRun<?> run) {
    LimitWatch watch = run.limits;
    if (watch != null) {
      watch.end();
    }
  }

  private <R> void abandon(InlineRun<R> run) {
    Outcome<R> outcome;
    boolean retried;
    lock.lock();
    try {
      if (run.finished) {
        return;
      }
      outcome = run.call.stopped(run, null);
      retried = finish(run, outcome);
      workers.abandon(
          run.worker,
          run.stop == InlineRun.Stop.CANCELLED ? WorkerEnd.CANCELLED : WorkerEnd.TIMED_OUT);
    } finally {
      lock.unlock();
    }
    report(run, outcome, retried);
  }

  /** Stops and starts nothing more by time. */
  void close() {
    timer.close();
  }
}
