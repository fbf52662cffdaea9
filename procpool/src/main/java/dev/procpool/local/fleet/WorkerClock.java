package dev.procpool.local.fleet;

import dev.procpool.process.ProcStat;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The time that a worker's process got, as its pool sees it: stands still while that process is
 * stopped and the pool is not.
 *
 * <p>A worker whose heartbeat stands still and that uses no processor time is stopped. One that has
 * no heartbeat yet is if the system says so. A worker that only pretends gains little: as much as
 * the freeze limit, and after that as much as it has run.
 *
 * <p>Owned by the engine's thread. Times are those of the engine's clock, unless said otherwise.
 */
final class WorkerClock {

  /** Without a sign of life for so long a process may be stopped: it gives two a second. */
  private static final long SILENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(750);

  private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** Who uses that much runs. */
  private static final int RUNNING_TICKS = 10;

  private final long mostNanos;

  /** For how long it may be stopped before that counts. */
  private long creditNanos;

  private long lookedAt;
  private long askedAt;
  private long lost;
  private long beat;

  /** When there was a sign of life. */
  private long aliveAt;

  private boolean isStopped;

  /** Whether its silence is no stop. */
  private boolean isExposed;

  /** The processor time that it had used when it was found silent; -1 if it was not. */
  private long silentTicks = -1;

  /**
   * Makes one.
   *
   * @param mostNanos for how long a worker may be stopped at a time
   */
  WorkerClock(long mostNanos) {
    this.mostNanos = mostNanos;
    this.creditNanos = mostNanos;
  }

  /**
   * Looks at the worker, and gives its time.
   *
   * @param heartbeat its heartbeat; 0 if it has none yet
   * @param pid its process; 0 if there is none yet
   */
  long look(long heartbeat, long pid, long now) {
    long passed = lookedAt == 0 ? 0 : now - lookedAt;
    lookedAt = now;
    creditNanos = isStopped ? creditNanos - passed : Math.min(mostNanos, creditNanos + passed);
    if (aliveAt == 0 || heartbeat != beat) {
      beat = heartbeat;
      alive(now);
    } else if (now - aliveAt > SILENCE_NANOS && pid != 0 && !isExposed && takeTurnToAsk(now)) {
      silent(stat(pid), now);
    }
    if (creditNanos < 0) {
      isStopped = false;
      isExposed = true;
    }
    return at(now);
  }

  /** Each round of the engine looks; the system is asked ten times a second at most. */
  private boolean takeTurnToAsk(long now) {
    boolean isTime = askedAt == 0 || now - askedAt >= PERIOD_NANOS;
    askedAt = isTime ? now : askedAt;
    return isTime;
  }

  private void alive(long now) {
    lost += isStopped ? now - aliveAt : 0;
    aliveAt = now;
    isStopped = false;
    isExposed = false;
    silentTicks = -1;
  }

  /** The engine must not end for want of memory for this. */
  private static @Nullable ProcStat stat(long pid) {
    try {
      return ProcStat.of(Long.toString(pid));
    } catch (VirtualMachineError | LinkageError e) {
      return null;
    }
  }

  private void silent(@Nullable ProcStat stat, long now) {
    if (stat == null) {
      return; // it has ended, or nobody knows
    }
    if (beat == 0 && !stat.isStopped()) {
      alive(now);
    } else if (!isStopped) {
      isStopped = true;
      silentTicks = stat.ticks();
      creditNanos -= now - aliveAt;
    } else if (stat.ticks() - silentTicks >= RUNNING_TICKS) {
      isStopped = false;
      isExposed = true;
    }
  }

  /** Gives the worker's time at a time of the engine's. */
  long at(long now) {
    return (isStopped ? aliveAt : now) - lost;
  }
}
