package dev.procpool.call;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Who still waits for a call through a future or through the stages made from it.
 *
 * <p>Thread-safe. Forgets the call when that is complete, so that a stage that is kept keeps no
 * results.
 */
final class CallInterest {

  /** That of the future which a stage was made from; null for the first. */
  private final @Nullable CallInterest source;

  /** The call; null for a stage, and once it is complete. */
  private volatile @Nullable TableCall<?, ?> call;

  /** The future whose interest this is, as {@link #call}. */
  private volatile @Nullable CompletableFuture<?> future;

  /** Stages that were made and not given up. */
  private final AtomicInteger waiting = new AtomicInteger();

  /** What the future counts among those who wait for it, and who do not: given up, or timers. */
  private final AtomicInteger idle = new AtomicInteger();

  private final AtomicBoolean givenUp = new AtomicBoolean();

  CallInterest(TableCall<?, ?> call) {
    this.source = null;
    this.call = call;
  }

  private CallInterest(CallInterest source) {
    this.source = source;
  }

  void watch(CompletableFuture<?> watched) {
    future = watched;
  }

  CallInterest ofStage() {
    waiting.incrementAndGet();
    return new CallInterest(this);
  }

  void addTimer() {
    idle.incrementAndGet();
  }

  /** The call is complete: nothing is left to give up. */
  void end() {
    call = null;
    future = null;
  }

  /**
   * Nobody wants this future or stage any more.
   *
   * @param mayWait whether the thread may wait until workers have given back what they had not
   *     started
   */
  void giveUp(boolean mayWait) {
    if (!givenUp.compareAndSet(false, true)) {
      return;
    }
    if (source != null) {
      source.stageGivenUp(mayWait);
      return;
    }
    TableCall<?, ?> ended = call;
    if (ended != null) {
      end();
      if (mayWait) {
        ended.cancel(true);
      } else {
        ended.cancelSoon();
      }
    }
  }

  private void stageGivenUp(boolean mayWait) {
    int notWaiting = idle.incrementAndGet();
    CompletableFuture<?> watched = future;
    boolean isWanted = watched != null && watched.getNumberOfDependents() > notWaiting;
    if (waiting.decrementAndGet() == 0 && !isWanted) {
      giveUp(mayWait);
    }
  }
}
