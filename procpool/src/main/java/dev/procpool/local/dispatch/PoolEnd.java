package dev.procpool.local.dispatch;

import dev.procpool.PoolBrokenException;
import dev.procpool.PoolTerminatedException;
import dev.procpool.guard.SafeLog;
import dev.procpool.local.call.LocalCall;
import dev.procpool.local.call.OpenCalls;
import dev.procpool.local.engine.HeapReserve;
import dev.procpool.local.fleet.Fleet;
import dev.procpool.local.fleet.Kill;
import dev.procpool.local.fleet.PoolFault;
import dev.procpool.local.result.Recorder;
import dev.procpool.local.service.LogDelivery;
import dev.procpool.local.settings.PoolSettings;
import dev.procpool.scheduler.Scheduler;
import dev.procpool.spi.Nanos;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Whether the pool is to end, why it has, and what is done then.
 *
 * <pre>
 * state       trigger                          ends when
 * running     shutdown()                       its calls have ended, and its workers
 *             terminate()                      its workers have ended
 *             broken(why)                      the same
 *             died(error): the engine's end    at once: every part of the end is tried
 * </pre>
 *
 * <p>Owned by the engine's thread, but for {@link #await}, {@link #failure} and {@link
 * #refuseIfBroken}.
 */
public final class PoolEnd {

  /** How long the last log records of workers may take: a logging library may have to begin. */
  private static final long LAST_LOGS_MILLIS = 10_000;

  private static final int STEPS = 5;

  private final PoolSettings settings;
  private final Dispatcher.Owner owner;
  private final OpenCalls calls;
  private final Scheduler scheduler;
  private final Activity activity;
  private final Fleet fleet;
  private final Acceptor acceptor;
  private final LogDelivery logs;
  private final Recorder recorder;
  private final CountDownLatch end = new CountDownLatch(1);
  private boolean isShutdown;
  private boolean isTerminated;
  private volatile @Nullable RuntimeException failure;

  /** Made early: then there is memory for it, and for loading its class. */
  private final PoolBrokenException withoutMemory;

  PoolEnd(
      PoolSettings settings,
      Dispatcher.Owner owner,
      OpenCalls calls,
      Scheduler scheduler,
      Activity activity,
      Fleet fleet,
      Acceptor acceptor,
      LogDelivery logs,
      Recorder recorder) {
    this.settings = settings;
    this.owner = owner;
    this.calls = calls;
    this.scheduler = scheduler;
    this.activity = activity;
    this.fleet = fleet;
    this.acceptor = acceptor;
    this.logs = logs;
    this.recorder = recorder;
    this.withoutMemory = PoolFault.withoutMemory(settings);
  }

  /** The pool ends once its calls have ended. */
  public void shutdown() {
    isShutdown = true;
  }

  /** The pool ends now, with all its calls. */
  public void terminate(RuntimeException cause) {
    if (!isTerminated) {
      isTerminated = true;
      abandon(cause);
    }
  }

  boolean isTerminated() {
    return isTerminated;
  }

  /** The pool can't go on; does nothing if it ends anyway. */
  void broken(PoolBrokenException cause) {
    if (failure == null && !isTerminated) {
      failure = cause;
      recorder.broken(cause);
      abandon(cause);
    }
  }

  /** Ends every call and worker. */
  private void abandon(RuntimeException cause) {
    fleet.close();
    List<LocalCall> open = calls.removeAll();
    scheduler.clear();
    for (LocalCall call : open) {
      call.stopped();
      call.abort(cause);
      owner.callGone(call);
    }
    List.copyOf(fleet.workers())
        .forEach(worker -> activity.giveUp(worker, new Kill(Kill.Reason.TERMINATED)));
  }

  /** Whether workers are to end. */
  boolean isNear() {
    return isTerminated || (isShutdown && calls.isEmpty());
  }

  /** Whether all has ended. */
  boolean isHere() {
    return isNear() && fleet.isEmpty();
  }

  // ------------------------------------------------------------------ the engine's end

  /** Notes what the engine died of. */
  void died(Throwable error) {
    failure = withoutMemory; // in case that there is none for a better one
    LocalCall last = calls.lastFound();
    if (error instanceof OutOfMemoryError && last != null) {
      last.drop(withoutMemory); // its results are what fills the heap, if any are
    }
    try {
      RuntimeException cause = PoolFault.engineDied(settings, error);
      failure = cause;
      recorder.broken(cause);
    } catch (OutOfMemoryError e) {
      // that it is, then
    }
    SafeLog.log(System.Logger.Level.ERROR, "the pool is broken", error);
  }

  /** Does what is to be done once the engine has ended: false if there is no memory for a part. */
  boolean ended(boolean isLast) {
    boolean all = true;
    try {
      for (int step = 0; step < STEPS; step++) {
        all &= tryStep(step);
      }
    } finally {
      if (all || isLast) {
        end.countDown();
      }
    }
    return all;
  }

  /** Does a part, of which others don't depend: false if there is no memory for it. */
  private boolean tryStep(int step) {
    try {
      step(step);
    } catch (Throwable e) {
      if (HeapReserve.isShortage(e)) {
        return false;
      }
      SafeLog.log(System.Logger.Level.ERROR, "a fault at the end of a pool", e);
    }
    return true;
  }

  /** Does a part of what is to be done at the end; nothing that was done. No lambda for each. */
  private void step(int step) throws IOException {
    switch (step) {
      case 0 -> owner.abortAll(failure); // gives back most memory
      case 1 -> fleet.destroyAll();
      case 2 -> logs.awaitDelivered(LAST_LOGS_MILLIS);
      case 3 -> acceptor.close();
      default -> owner.engineEnded(failure);
    }
  }

  // ------------------------------------------------------------------ from any thread

  /** Waits for the end of the engine and of every worker. */
  public boolean await(Duration timeout) throws InterruptedException {
    return end.await(Nanos.of(timeout), TimeUnit.NANOSECONDS);
  }

  /** What the pool is broken by; null if it is not. */
  @Nullable RuntimeException brokenBy() {
    return failure;
  }

  /** Why calls can't be taken on, once the engine has ended. */
  public RuntimeException failure() {
    RuntimeException cause = failure;
    return cause == null
        ? new PoolTerminatedException("pool '" + settings.name() + "' has ended")
        : cause;
  }

  /** Whether the pool can't go on. */
  public boolean isBroken() {
    return failure != null;
  }

  /** Throws what the pool is broken by, if it is. */
  public void refuseIfBroken() {
    if (failure != null) {
      throw failure();
    }
  }
}
