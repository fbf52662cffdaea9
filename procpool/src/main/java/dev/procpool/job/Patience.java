package dev.procpool.job;

import dev.procpool.nesting.InitializationDeadlock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The wait of one thread for a pool, which looks from time to time whether the pool waits for that
 * very thread: see {@link InitializationDeadlock}.
 *
 * <p>Belongs to the thread that waits. What is over within the first slice costs nothing; and a
 * thread that is in no static initializer looks no more.
 */
final class Patience {

  /** How long to wait before the first look. */
  static final long FIRST_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(30);

  /** Where backends pull and encode items, run and decode. */
  private static final List<String> WORK =
      List.of(
          "dev.procpool.local.call.Feeder",
          "dev.procpool.local.result.Delivery",
          "dev.procpool.local.service.ClassFetches",
          "dev.procpool.inline.");

  /** What a pool's end waits for as well. */
  private static final String CALLBACKS = "dev.procpool.job.CallbackThreads";

  /** What may hold up workers: whether it does, nobody knows; so it counts after a long wait. */
  private static final List<String> CONSUMERS =
      List.of("dev.procpool.local.output.OutputPump", "dev.procpool.local.service.LogDelivery");

  private final Optional<InitializationDeadlock> deadlock;
  private final List<String> where = new ArrayList<>(WORK);
  private long slice = FIRST_NANOS;

  private Patience(String pool) {
    this.deadlock = InitializationDeadlock.possible(pool);
  }

  /** That of a thread that waits for a call. */
  static Patience withCall(String pool) {
    return new Patience(pool);
  }

  /** That of a thread that waits for a pool's end. */
  static Patience withEnd(String pool) {
    Patience patience = new Patience(pool);
    patience.where.add(CALLBACKS);
    return patience;
  }

  /** How long to wait before the next look. */
  long slice() {
    return slice;
  }

  /** Looks: gives an exception to fail with if there is nothing to wait for; else null. */
  @Nullable IllegalStateException look() {
    if (deadlock.isEmpty()) {
      slice = Long.MAX_VALUE;
      return null;
    }
    if (2 * slice > MOST_NANOS && slice < MOST_NANOS) {
      where.addAll(CONSUMERS);
    }
    slice = Math.min(MOST_NANOS, 2 * slice);
    String found = deadlock.get().find(where);
    return found == null ? null : new IllegalStateException(found);
  }

  /** Waits for a latch of a job until the deadline: tells whether it is open. */
  static boolean await(CountDownLatch latch, Deadline deadline, Job<?, ?> job)
      throws InterruptedException {
    Patience patience = null;
    long slice = FIRST_NANOS;
    while (true) {
      long left = deadline.remaining();
      if (latch.await(Math.min(left, slice), TimeUnit.NANOSECONDS)) {
        return true;
      } else if (left <= slice) {
        return false;
      }
      patience = patience == null ? job.patience() : patience;
      job.failIfNever(patience.look());
      slice = patience.slice();
    }
  }
}
