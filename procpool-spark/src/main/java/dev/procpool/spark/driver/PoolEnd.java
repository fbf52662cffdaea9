package dev.procpool.spark.driver;

import dev.procpool.PoolBrokenException;
import dev.procpool.PoolTerminatedException;
import dev.procpool.spark.wire.Rpc;
import dev.procpool.spark.wire.ToExecutor;
import dev.procpool.spark.wire.Wire;
import dev.procpool.spi.Nanos;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import org.apache.spark.rpc.RpcEndpointRef;
import org.jspecify.annotations.Nullable;
import scala.concurrent.Future;

/**
 * How a pool on a cluster ends.
 *
 * <pre>
 * state     is left when
 * open      shutdown or terminate → closing; no slot is to be had, the context stops → broken
 * broken    as if terminated, but calls fail with what broke it; terminate → closing
 * closing   its last call has ended → ending
 * ending    executors have ended their workers, slots are given back → ended
 * </pre>
 *
 * <p>Thread-safe; the backend's lock guards its state. Methods that say so are called with it, the
 * others without, as they abort calls.
 */
final class PoolEnd {

  /** How long the end waits for slots that don't say that they have ended. */
  private static final long SLOT_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final long END_SECONDS = 90;

  private final DriverParts parts;
  private final Runnable close;

  /** All slots were given back. */
  private final Condition free;

  private final CountDownLatch ended = new CountDownLatch(1);

  // ---- guarded by the lock

  private boolean isClosing;
  private boolean isBroken;
  private boolean isTerminated;
  private boolean isEnding;

  /**
   * Makes that of an open pool.
   *
   * @param parts what ends
   * @param close closes what else there is, on a thread of the pool's, once no slot is left; throws
   *     nothing
   */
  PoolEnd(DriverParts parts, Runnable close) {
    this.parts = parts;
    this.close = close;
    this.free = parts.lock().newCondition();
  }

  // ---------------------------------------------------------------- the ways there

  void shutdown() {
    parts.locked(
        () -> {
          isClosing = true;
          endIfIdle();
        });
  }

  void terminate() {
    parts.locked(
        () -> {
          isTerminated = true;
          isClosing = true;
        });
    parts
        .calls()
        .abortAll(new PoolTerminatedException("pool '" + parts.name() + "' was terminated"));
    parts.locked(this::endIfIdle);
  }

  /** Nothing can be run any more. */
  void broken(String why, @Nullable Throwable cause) {
    PoolBrokenException failure =
        new PoolBrokenException("pool '" + parts.name() + "' is broken: " + why, cause);
    parts.lock().lock();
    try {
      if (isBroken || isEnding || isTerminated) {
        return;
      }
      isBroken = true;
      parts.news().broken(failure);
    } finally {
      parts.lock().unlock();
    }
    parts.calls().abortAll(failure);
  }

  boolean isBroken() {
    parts.lock().lock();
    try {
      return isBroken;
    } finally {
      parts.lock().unlock();
    }
  }

  // ---------------------------------------------------------------- with the lock

  /** Whether executors are told to end, so that none is to begin. */
  boolean isEnding() {
    return isEnding;
  }

  /** A call has ended: ends the pool if it is to and that was the last one. */
  void endIfIdle() {
    if (isClosing && parts.calls().isEmpty() && !isEnding) {
      isEnding = true;
      boolean atOnce = isTerminated || isBroken;
      parts.threads().execute(() -> endAll(atOnce));
    }
  }

  /** Slots may have gone. */
  void slotsChanged() {
    if (isEnding && parts.scheduler().isEmpty()) {
      free.signalAll();
    }
  }

  // ---------------------------------------------------------------- on a thread of the pool's

  private void endAll(boolean atOnce) {
    byte[] message = Wire.message(ToExecutor.END, out -> out.writeBoolean(atOnce));
    List<Future<byte[]>> asked = new ArrayList<>();
    parts.sinks().end();
    parts.locked(
        () -> {
          parts.scheduler().end(DriverParts.now());
          for (RpcEndpointRef agent : parts.executors().agents()) {
            asked.add(Rpc.ask(agent, message, null, END_SECONDS));
          }
        });
    Executors.awaitAll(asked, END_SECONDS);
    awaitSlots();
    close.run();
    parts.locked(parts.news()::terminated);
    ended.countDown();
    parts.threads().shutdown();
  }

  /** Waits until all slots were given back, which they are as soon as their workers are gone. */
  private void awaitSlots() {
    long left = SLOT_NANOS;
    parts.lock().lock();
    try {
      while (!parts.scheduler().isEmpty() && left > 0) {
        left = free.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      parts.lock().unlock();
    }
  }

  boolean awaitTermination(Duration timeout) throws InterruptedException {
    return ended.await(Nanos.of(timeout), TimeUnit.NANOSECONDS);
  }
}
