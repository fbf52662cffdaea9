package dev.procpool.local.dispatch;

import dev.procpool.local.call.LocalJob;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * The recalls that workers have not answered, so that {@code cancel} can return when what had not
 * started can't start any more.
 *
 * <p>Owned by the engine's thread.
 */
final class Recalls {

  private record Recall(LocalJob job, long worker) {}

  private final Map<Long, Recall> open = new HashMap<>();
  private final Map<LocalJob, Integer> counts = new HashMap<>();
  private final Map<LocalJob, CompletableFuture<Void>> waiters = new HashMap<>();

  void sent(LocalJob job, long worker, long chunk) {
    open.put(chunk, new Recall(job, worker));
    counts.merge(job, 1, Integer::sum);
  }

  /** Takes a worker's answer: false if it was not asked. */
  boolean answered(long worker, long chunk) {
    Recall recall = open.get(chunk);
    if (recall == null || recall.worker() != worker) {
      return false;
    }
    open.remove(chunk);
    settle(recall.job());
    return true;
  }

  /** A worker that is gone answers by that. */
  void gone(long worker) {
    for (Iterator<Recall> recalls = open.values().iterator(); recalls.hasNext(); ) {
      Recall recall = recalls.next();
      if (recall.worker() == worker) {
        recalls.remove();
        settle(recall.job());
      }
    }
  }

  /** Completes a future once every recall of a call has been answered. */
  void whenAnswered(LocalJob job, CompletableFuture<Void> waiter) {
    if (counts.containsKey(job)) {
      waiters.merge(
          job,
          waiter,
          (first, second) -> {
            first.thenRun(() -> second.complete(null));
            return first;
          });
    } else {
      waiter.complete(null);
    }
  }

  /** Forgets everything: the workers are being destroyed. */
  void clear() {
    open.clear();
    counts.clear();
    waiters.values().forEach(waiter -> waiter.complete(null));
    waiters.clear();
  }

  private void settle(LocalJob job) {
    if (counts.merge(job, -1, Integer::sum) == 0) {
      counts.remove(job);
      CompletableFuture<Void> waiter = waiters.remove(job);
      if (waiter != null) {
        waiter.complete(null);
      }
    }
  }
}
