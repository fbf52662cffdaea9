package dev.procpool.worker;

import dev.procpool.channel.WorkerChannel;
import dev.procpool.codec.ByteOutput;
import dev.procpool.codec.Codec;
import dev.procpool.process.ProcStat;
import dev.procpool.process.ThreadDelay;
import dev.procpool.protocol.ToParent;
import dev.procpool.time.AwakeClock;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Interrupts the item that runs longer than its limit and, when it does not end within the grace
 * period, asks the pool to kill this process.
 *
 * <p>The task thread says what runs; a thread of the watchdog's own, started with the first item
 * that has a limit, looks at it when its time has come. Time in which this process was stopped does
 * not count; time in which it collected garbage for the item, or could not look at it, does.
 * Guarded by this.
 */
final class Watchdog {

  /** What any pool takes; a JVM may be told to keep more. */
  private static final int MOST_FRAMES = 16_384;

  private static final long ASLEEP = Long.MAX_VALUE;
  private static final long AWAKE = Long.MIN_VALUE;

  private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final ItemGuard guard;
  private final WorkerChannel channel;
  private final Codec codec;
  private final long graceNanos;

  // guarded by this
  private final AwakeClock clock = new AwakeClock(SLICE_NANOS, this::busyNanos);
  private @Nullable ThreadDelay delay;
  private boolean started;
  private long watched;
  private long deadline;
  private long wakeAt = AWAKE;

  Watchdog(ItemGuard guard, WorkerChannel channel, Codec codec, long graceNanos) {
    this.guard = guard;
    this.channel = channel;
    this.codec = codec;
    this.graceNanos = graceNanos;
  }

  /** Says that an item starts now and how long it may run. */
  synchronized void watch(long word, long now, long limit) {
    watched = word;
    deadline = clock.at(now) + limit;
    if (!started) {
      started = true;
      Thread thread = new Thread(this::run, "procpool-watchdog");
      thread.setDaemon(true);
      thread.start();
    } else if (wakeAt == ASLEEP || (wakeAt != AWAKE && deadline - wakeAt < 0)) {
      notifyAll(); // it sleeps for longer; else it will look at this item when it wakes
    }
  }

  /** Says that no item with a limit runs. */
  synchronized void rest() {
    watched = 0;
  }

  private void run() {
    synchronized (this) {
      delay = ThreadDelay.ofThisThread();
    }
    while (true) {
      try {
        long word = awaitDeadline();
        if (guard.timeOut(word) && !awaitEnd(word)) {
          reportIfStuck(word);
        }
      } catch (InterruptedException e) {
        // a task may interrupt every thread that it finds; the watch goes on
      } catch (IOException e) {
        return; // the pool is gone; the inbox ends the process
      }
    }
  }

  /** Waits for the end of an item for the grace period, through interrupts of the task's. */
  private boolean awaitEnd(long word) {
    long graceEnd = now() + graceNanos;
    while (true) {
      long slice = Math.min(graceEnd - now(), SLICE_NANOS);
      try {
        if (guard.awaitEnd(word, slice)) {
          return true;
        } else if (slice <= 0) {
          return false;
        }
      } catch (InterruptedException e) {
        // a task may interrupt every thread that it finds; the wait goes on
      }
    }
  }

  private synchronized long now() {
    return clock.now();
  }

  /** Waits until a watched item has used up its time, and gives it. */
  private synchronized long awaitDeadline() throws InterruptedException {
    while (true) {
      if (watched == 0) {
        // woken by the next item that has a limit
        wakeAt = ASLEEP;
        clock.rest();
        wait();
      } else {
        long now = clock.now();
        long left = deadline - now;
        if (left <= 0) {
          long word = watched;
          watched = 0;
          wakeAt = AWAKE; // awake, and looks again before it sleeps
          return word;
        }
        long slice = Math.min(left, SLICE_NANOS);
        wakeAt = now + slice;
        TimeUnit.NANOSECONDS.timedWait(this, slice);
      }
    }
  }

  /** What this process has used of processors, and what its thread here had to wait for one. */
  private long busyNanos() {
    ProcStat stat = ProcStat.of("self");
    return (stat == null ? 0 : stat.ticks() * ProcStat.TICK_NANOS)
        + (delay == null ? 0 : delay.nanos());
  }

  private void reportIfStuck(long word) throws IOException {
    StackTraceElement[] stack = guard.condemn(word);
    if (stack == null) {
      return;
    }
    ByteOutput out = new ByteOutput(4096, Long.MAX_VALUE);
    codec.encodeThrowable(stackCarrier(stack), out);
    channel.send(ToParent.STUCK, out.array(), out.size());
  }

  /** Wraps a stack for the codec, which knows how throwables cross. */
  static Throwable stackCarrier(StackTraceElement[] stack) {
    Throwable carrier = new Throwable("the stack of an item that ran too long");
    carrier.setStackTrace(stack.length > MOST_FRAMES ? Arrays.copyOf(stack, MOST_FRAMES) : stack);
    return carrier;
  }
}
