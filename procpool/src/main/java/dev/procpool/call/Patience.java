package dev.procpool.call;

import dev.procpool.guard.Waits;
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
 * <p>Belongs to the thread that waits. What is over within the first slice costs an object; and a
 * thread that is in no static initializer looks no more. A look that lacks memory or descriptors,
 * as its classes may be loaded only then, is made again later: the wait does not fail with it.
 */
final class Patience {

  /** How long to wait before the first look. */
  private static final long FIRST_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(30);

  /** Where backends pull and encode items, run and decode. */
  private static final List<String> WORK =
      List.of(
          "dev.procpool.local.call.Feeder",
          "dev.procpool.local.result.",
          "dev.procpool.local.service.ClassFetches",
          "dev.procpool.inline.");

  /** What a pool's end waits for as well. */
  private static final String CALLBACKS = "dev.procpool.call.CallbackThreads";

  /** What may hold up workers: whether it does, nobody knows; so it counts after a long wait. */
  private static final List<String> CONSUMERS =
      List.of("dev.procpool.local.output.OutputPump", "dev.procpool.local.service.LogDelivery");

  static {
    try {
      throw new LinkageError("rehearsed, as the JVM takes memory to link what handles it");
    } catch (OutOfMemoryError | LinkageError e) {
      // it is linked now
    }
  }

  private final String pool;
  private final boolean isForEnd;
  private long slice = FIRST_NANOS;

  /** When the slice began. */
  private long begin = System.nanoTime();

  /** What to look for, once it is known. */
  private Optional<InitializationDeadlock> deadlock = Optional.empty();

  private boolean isKnown;

  private Patience(String pool, boolean isForEnd) {
    this.pool = pool;
    this.isForEnd = isForEnd;
  }

  /** That of a thread that waits for a call. */
  static Patience withCall(String pool) {
    return new Patience(pool, false);
  }

  /** That of a thread that waits for a pool's end. */
  static Patience withEnd(String pool) {
    return new Patience(pool, true);
  }

  /** How long to wait before the next look. */
  long slice() {
    return slice;
  }

  /** Takes the look that is due once a slice; a wait may have ended before for want of memory. */
  boolean takeLook() {
    long now = System.nanoTime();
    boolean isDue = now - begin >= slice;
    begin = isDue ? now : begin;
    return isDue;
  }

  /** Looks: gives an exception to fail with if there is nothing to wait for; else null. */
  @Nullable IllegalStateException look() {
    try {
      return find();
    } catch (OutOfMemoryError | LinkageError e) {
      return null;
    } finally {
      slice = isKnown && deadlock.isEmpty() ? Long.MAX_VALUE : Math.min(MOST_NANOS, 2 * slice);
    }
  }

  private @Nullable IllegalStateException find() {
    if (!isKnown) {
      deadlock = InitializationDeadlock.possible(pool);
      isKnown = true;
    }
    if (deadlock.isEmpty()) {
      return null;
    }
    List<String> where = new ArrayList<>(WORK);
    if (isForEnd) {
      where.add(CALLBACKS);
    }
    if (2 * slice > MOST_NANOS) {
      where.addAll(CONSUMERS);
    }
    String found = deadlock.get().find(where);
    return found == null ? null : new IllegalStateException(found);
  }

  /** Waits for a latch of a call until the deadline: tells whether it is open. */
  static boolean await(CountDownLatch latch, Deadline deadline, PoolCall<?, ?> call)
      throws InterruptedException {
    if (latch.getCount() == 0) {
      return true; // also without memory
    }
    Patience patience = call.patience();
    while (true) {
      long left = deadline.remaining();
      if (Waits.await(latch, Math.min(left, patience.slice()))) {
        return true;
      } else if (deadline.remaining() <= 0) {
        return false;
      } else if (patience.takeLook()) {
        call.failIfNever(patience.look());
      }
    }
  }
}
