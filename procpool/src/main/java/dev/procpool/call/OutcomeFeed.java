package dev.procpool.call;

import dev.procpool.Outcome;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One {@code onOutcome} callback and the indices of the outcomes that it has not seen, in the order
 * they arrived.
 *
 * <p>The queue and the flag are guarded by the call's lock; the callback runs in the call's lane.
 *
 * @param <R> the type of the values
 */
final class OutcomeFeed<R> implements Runnable {

  private final TableCall<?, R> call;
  private final Consumer<? super Outcome<R>> callback;
  private final LongQueue unseen = new LongQueue();
  private boolean scheduled;

  OutcomeFeed(TableCall<?, R> call, Consumer<? super Outcome<R>> callback) {
    this.call = call;
    this.callback = callback;
  }

  /** Adds an outcome; called under the call's lock. */
  void add(long index, CallbackLane lane) {
    unseen.add(index);
    if (!scheduled) {
      lane.add(this);
      scheduled = true;
    }
  }

  @Override
  public void run() {
    for (Outcome<R> outcome = poll(); outcome != null; outcome = poll()) {
      Outcome<R> seen = outcome;
      CallbackThreads.guarded(() -> callback.accept(seen));
    }
  }

  private @Nullable Outcome<R> poll() {
    call.lock.lock();
    try {
      scheduled = !unseen.isEmpty();
      return scheduled ? call.outcomeNow(unseen.remove()) : null;
    } finally {
      call.lock.unlock();
    }
  }
}
