package dev.procpool.call;

import dev.procpool.spi.Submission;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How far ahead of its consumers a stream may take items from its source.
 *
 * <p>Each result that is consumed gives credit for one more item. A puller that waits is woken for
 * a batch of credit while results are ready, as a wake costs more than a small item does; it is
 * woken for one when the consumer has taken all there are, so that it never waits for one who
 * waits. Threads: one thread spends, the puller; the rest is guarded by the call's lock.
 */
final class Credit {

  private static final int BATCHES = 16;

  /** How many items a puller takes before it looks at the shared count again. */
  private static final int PORTION = 256;

  private final ReentrantLock lock;
  private final Condition more;
  private final int lookAhead;

  /** How much credit a wake is worth while the consumer has more to do. */
  private final int batch;

  /** How far the puller may go without looking at the shared count. Belongs to the puller. */
  private long known;

  // ---- guarded by lock

  private long consumed;
  private boolean isAwaited;

  /** How many items the puller that waits has taken. */
  private long taken;

  /** Who is told of the waits. */
  private Submission.Waits waits = isWaiting -> {};

  Credit(ReentrantLock lock, int lookAhead) {
    this.lock = lock;
    this.more = lock.newCondition();
    this.lookAhead = lookAhead;
    this.batch = Math.max(1, lookAhead / BATCHES);
  }

  /** Tells the puller, without the lock, that there is credit, if it knows of it. */
  boolean isKnown(long taken) {
    return taken < known;
  }

  /** Waits until there is credit for one more item: false if the call takes no more. */
  boolean await(long itsTaken, StreamingCall<?, ?> call) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      taken = itsTaken;
      while (!call.isClosed() && taken - consumed >= lookAhead) {
        if (!isAwaited) {
          isAwaited = true;
          waits.changed(true);
        }
        more.await();
      }
      if (call.isClosed()) {
        return false;
      }
      long next = Math.min(consumed + lookAhead, taken + PORTION);
      call.credited(next); // first: there may be no memory for it
      known = next;
      return true;
    } finally {
      if (isAwaited) {
        isAwaited = false;
        waits.changed(false);
      }
      lock.unlock();
    }
  }

  /** Says who is told when the puller begins and ceases to wait. */
  void tell(Submission.Waits whom) {
    lock.lock();
    try {
      waits = whom;
      if (isAwaited) {
        whom.changed(true);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Results were consumed. Under the lock.
   *
   * @param results how many
   * @param isMoreReady whether the consumer finds another one at once
   */
  void add(int results, boolean isMoreReady) {
    consumed += results;
    if (isAwaited && (!isMoreReady || consumed + lookAhead - taken >= batch)) {
      more.signal();
    }
  }

  /** The call takes no more items. Under the lock. */
  void end() {
    more.signalAll();
  }
}
