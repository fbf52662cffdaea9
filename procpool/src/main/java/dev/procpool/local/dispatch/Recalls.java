package dev.procpool.local.dispatch;

import dev.procpool.local.call.LocalCall;
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

  private record Recall(LocalCall call, long worker) {}

  private final Map<Long, Recall> open = new HashMap<>();
  private final Map<LocalCall, Integer> counts = new HashMap<>();
  private final Map<LocalCall, CompletableFuture<Void>> waiters = new HashMap<>();

  void sent(LocalCall call, long worker, long chunk) {
    open.put(chunk, new Recall(call, worker));
    counts.merge(call, 1, Integer::sum);
  }

  /** Takes a worker's answer: false if it was not asked. */
  boolean answered(long worker, long chunk) {
    Recall recall = open.get(chunk);
    if (recall == null || recall.worker() != worker) {
      return false;
    }
    open.remove(chunk);
    settle(recall.call());
    return true;
  }

  /** A worker that is gone answers by that. */
  void gone(long worker) {
    for (Iterator<Recall> recalls = open.values().iterator(); recalls.hasNext(); ) {
      Recall recall = recalls.next();
      if (recall.worker() == worker) {
        recalls.remove();
        settle(recall.call());
      }
    }
  }

  /** Completes a future once every recall of a call has been answered. */
  void whenAnswered(LocalCall call, CompletableFuture<Void> waiter) {
    if (counts.containsKey(call)) {
      waiters.merge(
          call,
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

  private void settle(LocalCall call) {
    if (counts.merge(call, -1, Integer::sum) == 0) {
      counts.remove(call);
      CompletableFuture<Void> waiter = waiters.remove(call);
      if (waiter != null) {
        waiter.complete(null);
      }
    }
  }
}
