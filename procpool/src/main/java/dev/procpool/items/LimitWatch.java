package dev.procpool.items;

import dev.procpool.LimitKind;
import dev.procpool.process.ThreadTimes;
import dev.procpool.time.AwakeTimer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Watches the limits of an attempt, by a timer's alarms. Thread-safe; tells of a limit on the
 * timer's thread, without a lock.
 */
public final class LimitWatch {

  /** So many looks in a row that find no new word of an item are its stall limit. */
  private static final int QUIET_LOOKS = 8;

  private static final long CPU_LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private final AwakeTimer timer;
  private final Consumer<LimitKind> exceeded;

  // ---- guarded by this

  private final List<Look> looks = new ArrayList<>(1);
  private boolean isEnded;

  /**
   * Makes one that watches nothing.
   *
   * @param exceeded is told of a limit that the item has run into; more than once, perhaps
   */
  public LimitWatch(AwakeTimer timer, Consumer<LimitKind> exceeded) {
    this.timer = timer;
    this.exceeded = exceeded;
  }

  /** Watches how long an item runs. */
  public void limitTime(long nanos) {
    add(new Look(LimitKind.RUN_TIME, nanos, () -> 0));
  }

  /**
   * Watches that it says something.
   *
   * @param nanos for how long it may say nothing
   * @param words how often it has said something
   */
  public void limitStall(long nanos, LongSupplier words) {
    Quiet quiet = new Quiet(Math.max(1, nanos / QUIET_LOOKS), words);
    add(new Look(LimitKind.STALL, quiet.period, quiet::left));
  }

  /** Watches how much processor time the thread takes from now on that calls this. */
  public void limitCpu(long nanos) {
    ThreadTimes times = ThreadTimes.ofThisThread();
    long end = times.runNanos() + nanos;
    add(new Look(LimitKind.CPU_TIME, CPU_LOOK_NANOS, () -> end - times.runNanos()));
  }

  /** Watches no more. */
  public void end() {
    List<Look> last;
    synchronized (this) {
      isEnded = true;
      last = List.copyOf(looks);
    }
    last.forEach(Look::cancel);
  }

  private void add(Look look) {
    synchronized (this) {
      looks.add(look);
    }
    look.again(look.first);
  }

  private synchronized boolean isEnded() {
    return isEnded;
  }

  /** For how long an item may yet say nothing. Owned by the timer's thread, once it is made. */
  private static final class Quiet {

    private final long period;
    private final LongSupplier words;
    private long known;
    private int looks;

    Quiet(long period, LongSupplier words) {
      this.period = period;
      this.words = words;
      this.known = words.getAsLong();
    }

    /** The time until the next look; 0 if the item has said nothing for too long. */
    long left() {
      long now = words.getAsLong();
      looks = now == known ? looks + 1 : 0;
      known = now;
      return looks < QUIET_LOOKS ? period : 0;
    }
  }

  /** What an attempt may still take of one thing. */
  private class Look {

    private final LimitKind kind;
    private final long first;
    private final LongSupplier left;
    private volatile AwakeTimer.@Nullable Alarm alarm;

    Look(LimitKind kind, long first, LongSupplier left) {
      this.kind = kind;
      this.first = first;
      this.left = left;
    }

    final void again(long nanos) {
      alarm = timer.set(nanos, this::look);
      if (isEnded()) {
        cancel();
      }
    }

    private void look() {
      long nanos = left.getAsLong();
      if (nanos <= 0) {
        exceeded.accept(kind);
      } else if (!isEnded()) {
        again(nanos);
      }
    }

    final void cancel() {
      AwakeTimer.Alarm last = alarm;
      if (last != null) {
        last.cancel();
      }
    }
  }
}
