package dev.procpool.process;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets one start of a process come after another, in the order in which they ask.
 *
 * <p>A start may hang, as on a file system that is away, and those behind it are told so after ten
 * seconds. Behind many starts that go on each waits as long as it takes: a pool of hundreds of
 * workers on a busy machine needs minutes.
 *
 * <p>Thread-safe: {@link #ended} is written by who holds the lock.
 */
final class StartQueue {

  private static final long PATIENCE_SECONDS = 10;

  /** Takes the lock, or gives up after a while. */
  interface Attempt {
    boolean tryLock(ReentrantLock lock) throws InterruptedException;
  }

  private final ReentrantLock lock = new ReentrantLock(true);
  private final Attempt attempt;
  private volatile long ended;

  StartQueue() {
    this(lock -> lock.tryLock(PATIENCE_SECONDS, TimeUnit.SECONDS));
  }

  StartQueue(Attempt attempt) {
    this.attempt = attempt;
  }

  /**
   * Waits until it is this thread's turn; it calls {@link #leave} then.
   *
   * @throws IOException if the start before it hangs, or this thread was interrupted
   */
  void enter() throws IOException {
    try {
      long before = ended;
      while (!attempt.tryLock(lock)) {
        long now = ended;
        if (now == before) {
          throw new IOException(
              "another process has been about to start for "
                  + PATIENCE_SECONDS
                  + " s: is a disk away?");
        }
        before = now;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted before a process was started", e);
    }
  }

  /** The start has ended, whatever came of it. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // under the lock
  void leave() {
    ended++;
    lock.unlock();
  }
}
