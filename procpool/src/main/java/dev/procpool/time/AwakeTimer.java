package dev.procpool.time;

import dev.procpool.guard.SafeLog;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Does things after a delay, by an {@link AwakeClock}: time in which this process is stopped does
 * not count. One thread serves all alarms, and wakes up ten times a second at most beside those
 * that are due, however many there are. It is started with the first.
 *
 * <p>Thread-safe: {@code lock} guards the alarms and the clock; actions run on the timer's thread
 * without it, one at a time, so they must not wait.
 */
public final class AwakeTimer {

  private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** How long to wait for memory. */
  private static final long NO_MEMORY_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private final String threadName;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // ---- guarded by lock

  private final AwakeClock clock = new AwakeClock();
  private final TreeSet<Alarm> alarms = new TreeSet<>();
  private @Nullable Thread thread;

  /** By when the thread looks again, by the clock, if nobody wakes it. */
  private long looksAt;

  /** Whether it looks only if it is woken. */
  private boolean rests = true;

  private boolean closed;
  private long lastNumber;
  private long wakeUps;

  /** Something to be done. Its place among others is by its time. */
  public final class Alarm implements Comparable<Alarm> {

    private final long deadline;
    private final long number;
    private final Runnable action;

    private Alarm(long deadline, long number, Runnable action) {
      this.deadline = deadline;
      this.number = number;
      this.action = action;
    }

    /** Has nothing done, unless that has begun. */
    public void cancel() {
      lock.lock();
      try {
        alarms.remove(this);
      } finally {
        lock.unlock();
      }
    }

    @Override
    public int compareTo(Alarm other) {
      long later = deadline - other.deadline; // may be of either sign, like all times of a clock
      return later == 0 ? Long.compare(number, other.number) : Long.signum(later);
    }

    @Override
    public boolean equals(Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return Long.hashCode(number);
    }
  }

  /**
   * Makes one without alarms.
   *
   * @param threadName the name of its thread, a daemon
   */
  public AwakeTimer(String threadName) {
    this.threadName = threadName;
  }

  /**
   * Has something done later; never, if this is closed.
   *
   * @param delayNanos after how long
   * @param action what to do; must not wait
   * @return to cancel it by
   */
  public Alarm set(long delayNanos, Runnable action) {
    lock.lock();
    try {
      Alarm alarm = new Alarm(clock.now() + delayNanos, ++lastNumber, action);
      if (!closed) {
        start();
        alarms.add(alarm);
        if (rests || alarm.deadline - looksAt < 0) {
          changed.signal();
        }
      }
      return alarm;
    } finally {
      lock.unlock();
    }
  }

  private void start() {
    if (thread == null) {
      Thread made = new Thread(null, this::run, threadName, 0, false);
      made.setDaemon(true);
      made.start();
      thread = made;
    }
  }

  /** Does nothing more; what is being done goes on. */
  public void close() {
    lock.lock();
    try {
      closed = true;
      alarms.clear();
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** How often the thread woke up. */
  long wakeUps() {
    lock.lock();
    try {
      return wakeUps;
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    while (performNext()) {
      // in a frame of its own: a thread that rests must not keep its last action
    }
  }

  /** Waits for an alarm that is due, and does what it is for: false once this is closed. */
  private boolean performNext() {
    Runnable due;
    try {
      due = next();
    } catch (VirtualMachineError | LinkageError e) {
      LockSupport.parkNanos(NO_MEMORY_NANOS); // for a wait: alarms must go off once there is
      return true;
    }
    if (due == null) {
      return false;
    }
    try {
      due.run();
    } catch (Throwable e) { // the other alarms must go off
      SafeLog.log(System.Logger.Level.ERROR, "an action of " + threadName + " failed", e);
    }
    return true;
  }

  /** Waits for an alarm that is due; null once this is closed. */
  private @Nullable Runnable next() {
    lock.lock();
    try {
      boolean lingered = false;
      while (!closed) {
        if (!alarms.isEmpty()) {
          Alarm first = alarms.first();
          long slice = clock.slice(first.deadline);
          if (slice <= 0) {
            alarms.remove(first);
            return first.action;
          }
          sleep(slice);
          lingered = false;
        } else if (!lingered) { // where alarms are set and cancelled, none has to wake the thread
          clock.now();
          sleep(SLICE_NANOS);
          lingered = true;
        } else {
          clock.rest();
          rests = true;
          changed.awaitUninterruptibly();
          rests = false;
          lingered = false;
          wakeUps++;
        }
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  @SuppressWarnings("WaitNotInLoop") // the caller's
  private void sleep(long nanos) {
    looksAt = clock.now() + nanos;
    rests = false;
    try {
      changed.awaitNanos(nanos);
    } catch (InterruptedException e) {
      // somebody interrupts every thread of the process
    }
    wakeUps++;
  }
}
