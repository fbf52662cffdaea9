package dev.procpool.events;

import jdk.jfr.FlightRecorder;

/**
 * Tells Java Flight Recorder. The only class that makes its events. Immutable.
 *
 * <p>Makes none before the recorder is in use in this JVM: loading the class of an event sets the
 * recorder up, which takes longer than all else between a pool's making and its first result.
 */
final class FlightRecorderEvents implements PoolEvents {

  private final String pool;

  FlightRecorderEvents(String pool) {
    this.pool = pool;
  }

  private static boolean isOn() {
    return FlightRecorder.isInitialized();
  }

  @Override
  public boolean recordsItems() {
    return isOn() && new TaskEvent().isEnabled();
  }

  @Override
  public boolean recordsChunks() {
    return isOn() && new ChunkEvent().isEnabled();
  }

  @Override
  public void workerStarted(int worker, long pid, long nanos) {
    if (!isOn()) {
      return;
    }
    WorkerStartEvent event = new WorkerStartEvent();
    if (event.isEnabled()) {
      event.pool = pool;
      event.worker = worker;
      event.pid = pid;
      event.took = nanos;
      event.commit();
    }
  }

  @Override
  public void workerEnded(int worker, long pid, String how, long items, long nanos) {
    if (!isOn()) {
      return;
    }
    WorkerEndEvent event = new WorkerEndEvent();
    if (event.isEnabled()) {
      event.pool = pool;
      event.worker = worker;
      event.pid = pid;
      event.how = how;
      event.items = items;
      event.lived = nanos;
      event.commit();
    }
  }

  @Override
  public void chunk(Item first, int count, long bytes) {
    if (!isOn()) {
      return;
    }
    ChunkEvent event = new ChunkEvent();
    if (event.isEnabled()) {
      event.name(pool, first);
      event.items = count;
      event.size = bytes;
      event.commit();
    }
  }

  @Override
  public void item(Item item, String outcome, long nanos) {
    if (!isOn()) {
      return;
    }
    TaskEvent event = new TaskEvent();
    if (event.isEnabled()) {
      event.name(pool, item);
      event.outcome = outcome;
      event.ran = nanos;
      event.commit();
    }
  }

  @Override
  public void timeout(Item item, long limitNanos, long nanos) {
    if (!isOn()) {
      return;
    }
    TimeoutEvent event = new TimeoutEvent();
    if (event.isEnabled()) {
      event.name(pool, item);
      event.limit = limitNanos;
      event.ran = nanos;
      event.commit();
    }
  }

  @Override
  public void retry(Item item, String why, long delayNanos) {
    if (!isOn()) {
      return;
    }
    RetryEvent event = new RetryEvent();
    if (event.isEnabled()) {
      event.name(pool, item);
      event.why = why;
      event.delay = delayNanos;
      event.commit();
    }
  }
}
