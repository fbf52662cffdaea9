package dev.procpool.worker;

import dev.procpool.LimitKind;
import dev.procpool.channel.RunPage;
import dev.procpool.channel.WorkerChannel;
import dev.procpool.codec.ByteOutput;
import dev.procpool.codec.Codec;
import dev.procpool.process.ProcStat;
import dev.procpool.process.ThreadTimes;
import dev.procpool.protocol.StoppedItem;
import dev.procpool.protocol.TaskLimits;
import dev.procpool.protocol.ToParent;
import dev.procpool.time.AwakeClock;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Interrupts the item that runs into a limit and, when it does not end within the grace period,
 * asks the pool to kill this process.
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

  /**
   * How soon at the earliest to see what processor time an item's thread had used when it began.
   */
  private static final long FIRST_LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private final ItemGuard guard;
  private final RunPage page;
  private final WorkerChannel channel;
  private final Codec codec;
  private final long graceNanos;

  // guarded by this
  private final AwakeClock clock = new AwakeClock(SLICE_NANOS, this::busyNanos);
  private @Nullable ThreadTimes times;
  private boolean started;
  private long watched;
  private long wakeAt = AWAKE;

  // of the item that is watched

  private TaskLimits limits = TaskLimits.NONE;
  private long began;
  private long progressed;
  private long progressedAt;

  /** What its thread had used of processors; negative until that is looked at. */
  private long cpuBefore;

  private @Nullable ThreadTimes taskThread;

  Watchdog(ItemGuard guard, RunPage page, WorkerChannel channel, Codec codec, long graceNanos) {
    this.guard = guard;
    this.page = page;
    this.channel = channel;
    this.codec = codec;
    this.graceNanos = graceNanos;
  }

  /** Says, on the task thread, that an item starts now and what its limits are. */
  synchronized void watch(long word, long now, TaskLimits itsLimits) {
    watched = word;
    limits = itsLimits;
    began = clock.at(now);
    if (itsLimits.stallNanos() > 0) {
      progressed = page.progressed();
      progressedAt = began;
    }
    if (itsLimits.cpuNanos() > 0) {
      cpuBefore = -1;
      if (taskThread == null) {
        taskThread = ThreadTimes.ofThisThread();
      }
    }
    long look = began + limits.firstLook(SLICE_NANOS);
    if (!started) {
      started = true;
      Thread thread = new Thread(this::run, "procpool-watchdog");
      thread.setDaemon(true);
      thread.start();
    } else if (wakeAt == ASLEEP || (wakeAt != AWAKE && look - wakeAt < 0)) {
      notifyAll(); // it sleeps for longer; else it will look at this item when it wakes
    }
  }

  /** Says that no item with a limit runs. */
  synchronized void rest() {
    watched = 0;
  }

  private void run() {
    synchronized (this) {
      times = ThreadTimes.ofThisThread();
    }
    while (true) {
      try {
        Exceeded exceeded = awaitExceeded();
        long word = exceeded.word();
        if (guard.timeOut(word, exceeded.kind()) && !awaitEnd(word)) {
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

  /** An item and the limit that it has run into. */
  private record Exceeded(long word, LimitKind kind) {}

  /** Waits until a watched item has run into a limit, and gives it. */
  private synchronized Exceeded awaitExceeded() throws InterruptedException {
    while (true) {
      if (watched == 0) {
        // woken by the next item that has a limit
        wakeAt = ASLEEP;
        clock.rest();
        wait();
      } else {
        long now = clock.now();
        long left = Long.MAX_VALUE;
        LimitKind kind = null;
        if (limits.runNanos() > 0) {
          left = began + limits.runNanos() - now;
          kind = LimitKind.RUN_TIME;
        }
        if (limits.stallNanos() > 0 && stallLeft(now) < left) {
          left = stallLeft(now);
          kind = LimitKind.STALL;
        }
        if (limits.cpuNanos() > 0) {
          long cpuLeft = cpuLeft(now);
          if (cpuLeft < left) {
            left = cpuLeft;
            kind = LimitKind.CPU_TIME;
          }
        }
        if (left <= 0 && kind != null) {
          Exceeded exceeded = new Exceeded(watched, kind);
          watched = 0;
          wakeAt = AWAKE; // awake, and looks again before it sleeps
          return exceeded;
        }
        long slice = Math.min(left, SLICE_NANOS);
        wakeAt = now + slice;
        TimeUnit.NANOSECONDS.timedWait(this, slice);
      }
    }
  }

  /** How long the item may yet say nothing. */
  private long stallLeft(long now) {
    long words = page.progressed();
    if (words != progressed) {
      progressed = words;
      progressedAt = now;
    }
    return progressedAt + limits.stallNanos() - now;
  }

  /** How much processor time the item may yet take: it can't take it in less time than that. */
  private long cpuLeft(long now) {
    if (cpuBefore < 0 && now < began + FIRST_LOOK_NANOS) {
      return began + FIRST_LOOK_NANOS - now; // one that ends before that costs no look
    }
    long used = taskThread == null ? 0 : taskThread.runNanos();
    if (cpuBefore < 0) {
      cpuBefore = used;
    }
    return cpuBefore + limits.cpuNanos() - used;
  }

  /** What this process has used of processors, and what its thread here had to wait for one. */
  private long busyNanos() {
    ProcStat stat = ProcStat.of("self");
    return (stat == null ? 0 : stat.ticks() * ProcStat.TICK_NANOS)
        + (times == null ? 0 : times.waitNanos());
  }

  private void reportIfStuck(long word) throws IOException {
    StackTraceElement[] stack = guard.condemn(word);
    if (stack == null) {
      return;
    }
    ByteOutput out = new ByteOutput(4096, Long.MAX_VALUE);
    StoppedItem.write(guard.limit(), stackCarrier(stack), out, codec);
    channel.send(ToParent.STUCK, out.array(), out.size());
  }

  /** Wraps a stack for the codec, which knows how throwables cross. */
  static Throwable stackCarrier(StackTraceElement[] stack) {
    Throwable carrier = new Throwable("the stack of an item that ran too long");
    carrier.setStackTrace(stack.length > MOST_FRAMES ? Arrays.copyOf(stack, MOST_FRAMES) : stack);
    return carrier;
  }
}
