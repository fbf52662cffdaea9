package dev.procpool.events;

/** Tells Java Flight Recorder. The only class that makes its events. Immutable. */
final class FlightRecorderEvents implements PoolEvents {

  private final String pool;

  FlightRecorderEvents(String pool) {
    this.pool = pool;
  }

  @Override
  public boolean recordsItems() {
    return new TaskEvent().isEnabled();
  }

  @Override
  public boolean recordsChunks() {
    return new ChunkEvent().isEnabled();
  }

  @Override
  public void workerStarted(int worker, long pid, long nanos) {
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
    RetryEvent event = new RetryEvent();
    if (event.isEnabled()) {
      event.name(pool, item);
      event.why = why;
      event.delay = delayNanos;
      event.commit();
    }
  }
}
