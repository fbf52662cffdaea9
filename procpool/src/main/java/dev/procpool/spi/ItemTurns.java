package dev.procpool.spi;

import dev.procpool.LimitKind;
import dev.procpool.Outcome;
import dev.procpool.TaskOptions;
import dev.procpool.WorkerEnd;
import dev.procpool.WorkerExit;
import dev.procpool.items.LimitWatch;
import dev.procpool.scheduler.PriorityTurns;
import dev.procpool.time.AwakeTimer;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is in an {@link ItemBackend}: calls of a priority take turns, an item at a time;
 * and what becomes of an attempt at an item. Guarded by the backend's lock.
 */
final class ItemTurns {

  private final ItemBackend backend;
  private final ItemWorkers workers;
  private final ItemReports reports;
  private final AwakeTimer timer;
  private final ItemNews news;

  /** The calls with items that wait, each once, in the order of their turns. */
  private final PriorityTurns<ItemCall<?, ?>> turns = new PriorityTurns<>();

  private boolean dispatching;
  private boolean ended;

  ItemTurns(
      ItemBackend backend,
      ItemWorkers workers,
      ItemReports reports,
      AwakeTimer timer,
      ItemNews news) {
    this.backend = backend;
    this.workers = workers;
    this.reports = reports;
    this.timer = timer;
    this.news = news;
  }

  /** Puts an item behind those of its call that wait. */
  <T extends @Nullable Object> void add(ItemCall<T, ?> call, ItemCall.Waiting<T> item) {
    if (call.items.add(item)) {
      join(call);
    }
  }

  private void join(ItemCall<?, ?> call) {
    turns.add(call, call.submission.options().priority());
  }

  /** Gives workers items as long as there are both. */
  void dispatch() {
    if (dispatching) {
      return; // further out on this thread
    }
    dispatching = true;
    try {
      while (!ended && workers.isFree()) {
        ItemCall<?, ?> call = turns.poll();
        if (call == null) {
          return;
        }
        start(call, workers.take());
        if (call.items.hasWaiting()) {
          join(call);
        }
      }
    } finally {
      dispatching = false;
    }
  }

  @SuppressWarnings("unchecked") // what a worker makes of an item is the user's task's result
  private <T extends @Nullable Object, R extends @Nullable Object> void start(
      ItemCall<T, R> call, ItemSlot slot) {
    ItemAttempt<T, R> attempt = call.next(slot);
    slot.attempt = attempt;
    try {
      TaskOptions options = call.submission.options();
      if (options.isLimited()) {
        LimitWatch watch = new LimitWatch(timer, kind -> backend.act(() -> stop(attempt, kind)));
        attempt.limits = watch;
        Duration time = attempt.waiting.limit();
        if (time != null) {
          watch.limitTime(Nanos.of(time));
        }
        options
            .stallTimeout()
            .ifPresent(limit -> watch.limitStall(Nanos.of(limit), attempt::words));
      }
      slot.worker.start((ItemAttempt<@Nullable Object, @Nullable Object>) attempt);
    } catch (Throwable e) {
      finish(attempt, attempt.soFar().failed(e), WorkerEnd.START_FAILED);
    }
  }

  private <R extends @Nullable Object> void stop(ItemAttempt<?, R> attempt, LimitKind kind) {
    Duration limit =
        kind == LimitKind.RUN_TIME
            ? attempt.waiting.limit()
            : kind.of(attempt.call.submission.options()).orElse(null);
    finish(
        attempt,
        attempt
            .soFar()
            .timedOut(
                kind, Objects.requireNonNullElse(limit, Duration.ZERO), attempt.stack(), false),
        WorkerEnd.TIMED_OUT);
  }

  /**
   * Takes an attempt off its call and its worker. Does nothing if that was done before.
   *
   * @param stopped why the worker ends that still runs it; null if it does not run any more
   */
  <T extends @Nullable Object, R extends @Nullable Object> void finish(
      ItemAttempt<T, R> attempt, Outcome<R> outcome, @Nullable WorkerEnd stopped) {
    if (attempt.isOver) {
      return;
    }
    ItemCall<T, R> call = attempt.call;
    attempt.isOver = true;
    call.items.end(attempt);
    LimitWatch watch = attempt.limits;
    if (watch != null) {
      watch.end();
    }
    if (outcome instanceof Outcome.TimedOut<?> timedOut) {
      news.timedOut(attempt, timedOut);
    }
    if (outcome instanceof Outcome.WorkerLost<?> lost) {
      WorkerExit exit = lost.exit();
      workers.end(attempt.slot, WorkerEnd.of(exit), exit);
    } else if (stopped != null) {
      workers.end(attempt.slot, stopped, null);
    } else {
      workers.giveBack(attempt.slot);
    }
    Optional<Duration> wait = call.attempts.waitBeforeNext(outcome);
    if (wait.isPresent()) {
      news.retried(attempt, outcome, wait.get());
      startAgain(attempt, outcome, wait.get());
    } else {
      reports.add(call, outcome, ItemNews.run(attempt));
    }
  }

  private <T extends @Nullable Object, R extends @Nullable Object> void startAgain(
      ItemAttempt<T, R> attempt, Outcome<R> outcome, Duration wait) {
    ItemCall<T, R> call = attempt.call;
    ItemCall.Waiting<T> item =
        new ItemCall.Waiting<>(
            attempt.item(),
            attempt.waiting.limit(),
            Attempt.of(outcome),
            attempt.waiting.pulledAt());
    if (wait.isZero()) {
      add(call, item);
      return;
    }
    call.items.delay(item);
    timer.set(
        Nanos.of(wait),
        () ->
            backend.act(
                () -> {
                  if (call.items.takeDelayed(item)) {
                    add(call, item);
                  }
                }));
  }

  /** Has no more turns for a call. */
  void remove(ItemCall<?, ?> call) {
    turns.remove(call);
  }

  /** Gives workers nothing more. */
  void end() {
    ended = true;
    turns.clear();
  }
}
