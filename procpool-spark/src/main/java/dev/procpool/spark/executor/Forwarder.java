package dev.procpool.spark.executor;

import dev.procpool.PoolEvent;
import dev.procpool.PoolObserver;
import dev.procpool.PoolState;
import dev.procpool.guard.SafeLog;
import dev.procpool.guard.SafeText;
import dev.procpool.spark.wire.ToDriver;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Reports to the driver what happens to an executor's workers. Thread-safe. */
final class Forwarder implements PoolObserver {

  private static final long LAST_SECONDS = 5;

  private final Reports reports;
  private final CountDownLatch ended = new CountDownLatch(1);

  Forwarder(Reports reports) {
    this.reports = reports;
  }

  /**
   * Waits until the last event was told, which it is after the worker's end, on a thread of its
   * own.
   */
  void awaitEnd() throws InterruptedException {
    boolean isTold = ended.await(LAST_SECONDS, TimeUnit.SECONDS);
    if (!isTold) {
      SafeLog.log(System.Logger.Level.DEBUG, "the last events of a worker are missing", null);
    }
  }

  private void send(PoolEvent event) {
    reports.event(ToDriver.Entry.EVENT, event);
  }

  @Override
  public void workerStarted(PoolEvent.WorkerStart event) {
    send(event);
  }

  @Override
  public void workerReady(PoolEvent.WorkerReady event) {
    send(event);
  }

  @Override
  public void workerEnded(PoolEvent.WorkerGone event) {
    send(event);
  }

  @Override
  public void itemProgressed(PoolEvent.ItemProgress event) {
    send(
        new PoolEvent.ItemProgress(
            event.pool(),
            event.at(),
            event.worker(),
            ofDriver(event.call()),
            event.index(),
            event.attempt(),
            event.progress()));
  }

  /** A call as the driver numbers it. */
  static PoolEvent.Call ofDriver(PoolEvent.Call call) {
    return new PoolEvent.Call(RemoteCall.driversNumber(call.number()), call.label());
  }

  @Override
  public void poolChanged(PoolEvent.PoolChange event) {
    if (event.state() == PoolState.TERMINATED) {
      ended.countDown();
    } else if (event.state() == PoolState.BROKEN) {
      reports.broken(
          event.cause().map(SafeText::of).orElse("workers can't be started, for no known reason"));
    }
  }
}
