package dev.procpool.observe;

import dev.procpool.PoolEvent;
import dev.procpool.PoolObserver;
import dev.procpool.PoolState;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The users' observers of a pool, each with a queue and a thread of its own (decision 0038).
 * Thread-safe; nothing here waits, but for {@link #awaitDelivered}. Observers may come and go: the
 * array of them is replaced under this object's lock and read without it.
 */
final class Observers {

  /** How long a pool's end waits for its observers. */
  private static final long LAST_NANOS = TimeUnit.SECONDS.toNanos(2);

  private static final int LIGHT = 16;

  /** What is kept of an outcome that is no success: an exception with its stack, as a rule. */
  static final int OUTCOME = 240;

  private final String pool;
  private volatile ObserverThread[] threads = {};

  /** How many there have been, for the names of their threads. */
  private int made;

  /** What those have missed that have left. */
  private long droppedByFormer;

  /** Why the pool is broken, for those who come later; null if it is not, or nobody said. */
  private volatile @Nullable Throwable brokenBy;

  /** Whether there are any, and their threads run. */
  private volatile boolean begun;

  private volatile boolean ended;

  /** What is done then. Guarded by this. */
  private Runnable atEnd = () -> {};

  /** When that was. Written before it. */
  private long endedAt;

  Observers(String pool) {
    this.pool = pool;
  }

  static Observers of(String pool, List<PoolObserver> observers) {
    Observers all = new Observers(pool);
    for (PoolObserver observer : observers) {
      all.add(new ObserverThread(pool, observer, all.made + 1));
    }
    return all;
  }

  /** Adds one, before the beginning. */
  void add(ObserverThread thread) {
    ObserverThread[] more = Arrays.copyOf(threads, threads.length + 1);
    more[threads.length] = thread;
    threads = more;
    made++;
  }

  /**
   * Adds one at any time. It is told the state after it was added, so that it misses none: it may
   * hear of one twice.
   */
  PoolObserver.Registration join(PoolObserver observer, Supplier<PoolState> state) {
    ObserverThread thread = joinOnly(observer);
    PoolState known = ended ? PoolState.TERMINATED : state.get(); // without the lock: it may wait
    Optional<Throwable> cause =
        known == PoolState.BROKEN ? Optional.ofNullable(brokenBy) : Optional.empty();
    PoolEvent.PoolChange now = new PoolEvent.PoolChange(pool, Instant.now(), known, cause);
    thread.queue.offer(told -> told.observer().poolChanged(now), LIGHT, false, 1);
    if (ended) {
      thread.queue.close();
    }
    return () -> leave(thread);
  }

  private synchronized ObserverThread joinOnly(PoolObserver observer) {
    begin(); // those before it
    ObserverThread thread = new ObserverThread(pool, observer, made + 1);
    thread.start();
    add(thread);
    begun = true;
    return thread;
  }

  private synchronized void leave(ObserverThread thread) {
    ObserverThread[] others =
        Arrays.stream(threads).filter(one -> one != thread).toArray(ObserverThread[]::new);
    if (others.length < threads.length) {
      threads = others;
      begun = begun && others.length > 0;
      thread.queue.close();
      droppedByFormer += thread.queue.dropped();
    }
  }

  /**
   * Starts to tell, with the first event. Does nothing twice; goes on where it has thrown, if a
   * thread could not be started.
   */
  void begin() {
    if (threads.length > 0 && !begun) {
      beginOnce();
    }
  }

  private synchronized void beginOnce() {
    if (!begun && !ended) {
      for (ObserverThread thread : threads) {
        thread.start();
      }
      offer(PoolState.RUNNING, null);
      begun = true;
    }
  }

  /** Whether there is anybody to be told. */
  boolean isOn() {
    return begun;
  }

  /** The pool has another state, which is not the last. */
  void poolChanged(PoolState state, @Nullable Throwable cause) {
    if (cause != null) {
      brokenBy = cause;
    }
    if (begun) {
      offer(state, cause);
    }
  }

  /** The same, as a backend tells it. */
  void poolChanged(PoolEvent.PoolChange event) {
    event.cause().ifPresent(cause -> brokenBy = cause);
    tell(observer -> observer.poolChanged(event));
  }

  /** Tells that all has ended, and nothing after this. Does nothing twice. */
  void terminated() {
    if (!ended) {
      terminatedOnce();
    }
  }

  private synchronized void terminatedOnce() {
    if (!ended) {
      poolChanged(PoolState.TERMINATED, null);
      endedAt = System.nanoTime();
      ended = true;
      for (ObserverThread thread : threads) {
        thread.queue.close();
      }
      atEnd.run();
    }
  }

  /** Has this done when nothing is told any more; now if that is so. */
  synchronized void whenEnded(Runnable what) {
    if (ended) {
      what.run();
    } else {
      Runnable before = atEnd;
      atEnd =
          () -> {
            before.run();
            what.run();
          };
    }
  }

  private void offer(PoolState state, @Nullable Throwable cause) {
    PoolEvent.PoolChange event =
        new PoolEvent.PoolChange(pool, Instant.now(), state, Optional.ofNullable(cause));
    offer(thread -> thread.observer().poolChanged(event), LIGHT, false, 1);
  }

  /** Tells each of something that is rare. */
  void tell(Consumer<PoolObserver> event) {
    tellThreads(thread -> event.accept(thread.observer()));
  }

  /** Tells each of something that is rare, and that its thread is to know, too. */
  void tellThreads(Consumer<ObserverThread> event) {
    if (begun) {
      offer(event, LIGHT, false, 1);
    }
  }

  /** Tells each of something about one item. */
  void tellOfItem(Consumer<PoolObserver> event) {
    tellOfItems(event, LIGHT, 1);
  }

  /** The same of something that has an item's outcome. */
  void tellOfOutcome(Consumer<PoolObserver> event) {
    tellOfItems(event, LIGHT + OUTCOME, 1);
  }

  /** Tells each of something about items, which is dropped before what is rare. */
  void tellOfItems(Consumer<PoolObserver> event, int weight, long count) {
    if (begun) {
      offer(thread -> event.accept(thread.observer()), weight, true, count);
    }
  }

  private void offer(Consumer<ObserverThread> event, int weight, boolean isOfItems, long count) {
    for (ObserverThread thread : threads) {
      thread.queue.offer(event, weight, isOfItems, count);
    }
  }

  /** Events were lost before they could be told, for want of memory. Makes nothing. */
  void missed(long count) {
    if (begun) {
      for (ObserverThread thread : threads) {
        thread.queue.missed(count);
      }
    }
  }

  /** How many events were dropped. */
  synchronized long dropped() {
    long dropped = droppedByFormer;
    for (ObserverThread thread : threads) {
      dropped += thread.queue.dropped();
    }
    return dropped;
  }

  /** Whether this thread calls one of them. */
  boolean isObserver() {
    for (ObserverThread thread : threads) {
      if (thread.isCurrent()) {
        return true;
      }
    }
    return false;
  }

  /** See {@link Observation#awaitDelivered}. */
  boolean awaitDelivered(long nanos) throws InterruptedException {
    boolean all = true;
    if (ended && begun && !isObserver()) {
      long begin = System.nanoTime();
      for (ObserverThread thread : threads) {
        long left = endedAt + LAST_NANOS - System.nanoTime();
        long allowed = begin + nanos - System.nanoTime();
        if (!thread.awaitEnd(Math.max(0, Math.min(left, allowed)))) {
          if (left <= allowed) {
            thread.abandon();
          } else {
            all = false;
          }
        }
      }
    }
    return all;
  }
}
