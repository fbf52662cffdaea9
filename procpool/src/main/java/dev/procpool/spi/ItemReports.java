package dev.procpool.spi;

import dev.procpool.Outcome;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The outcomes that an {@link ItemBackend} knows and has not reported. Thread-safe: guarded by the
 * backend's lock, without which each is reported.
 */
final class ItemReports {

  private final ReentrantLock lock;
  private final Consumer<ItemCall<?, ?>> reported;
  private final Queue<Report<?>> due = new ArrayDeque<>();

  private record Report<R extends @Nullable Object>(
      ItemCall<?, R> call, Outcome<R> outcome, ItemRun run) {}

  /**
   * Makes one without reports.
   *
   * @param reported is told, with the lock, of each call after a report
   */
  ItemReports(ReentrantLock lock, Consumer<ItemCall<?, ?>> reported) {
    this.lock = lock;
    this.reported = reported;
  }

  /** Has an outcome reported by {@link #make}. With the lock. */
  <R extends @Nullable Object> void add(ItemCall<?, R> call, Outcome<R> outcome, ItemRun run) {
    call.items.reporting();
    due.add(new Report<>(call, outcome, run));
  }

  /** Reports what is due, without the lock: callers must not hold it, but for one further out. */
  void make() {
    while (!lock.isHeldByCurrentThread()) {
      Report<?> report;
      lock.lock();
      try {
        report = due.poll();
      } finally {
        lock.unlock();
      }
      if (report == null) {
        return;
      }
      make(report);
    }
  }

  private <R extends @Nullable Object> void make(Report<R> report) {
    ItemCall<?, R> call = report.call();
    try {
      call.attempts.report(report.outcome(), report.run());
    } finally {
      lock.lock();
      try {
        call.items.reported();
        reported.accept(call);
      } finally {
        lock.unlock();
      }
    }
  }
}
