package dev.procpool.testkit;

import dev.procpool.OutcomeKind;
import dev.procpool.PoolEvent;
import dev.procpool.PoolObserver;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** An observer that keeps what it is told. Thread-safe. */
public final class EventLog implements PoolObserver {

  private final List<PoolEvent> events = new CopyOnWriteArrayList<>();
  private final AtomicLong dropped = new AtomicLong();

  /** Makes an empty log. */
  public EventLog() {}

  /**
   * Gives the events of a kind, in the order in which they were told.
   *
   * @param type the kind
   * @param <E> the kind
   * @return the events so far
   */
  public <E extends PoolEvent> List<E> of(Class<E> type) {
    return events.stream().filter(type::isInstance).map(type::cast).toList();
  }

  /**
   * Gives all events.
   *
   * @return the events so far
   */
  public List<PoolEvent> all() {
    return List.copyOf(events);
  }

  /**
   * Counts the items that have ended.
   *
   * @param kind how
   * @return the number so far
   */
  public long ended(OutcomeKind kind) {
    return of(PoolEvent.ItemEnd.class).stream().filter(item -> item.kind() == kind).count();
  }

  /**
   * Waits until as many calls have ended.
   *
   * @param calls how many
   * @throws InterruptedException if this thread was interrupted
   */
  public void awaitCalls(int calls) throws InterruptedException {
    Eventually.until("calls have ended", () -> of(PoolEvent.CallEnd.class).size() >= calls);
  }

  /**
   * Tells how many events were dropped.
   *
   * @return the number so far
   */
  public long dropped() {
    return dropped.get();
  }

  @Override
  public void poolChanged(PoolEvent.PoolChange event) {
    events.add(event);
  }

  @Override
  public void workerStarted(PoolEvent.WorkerStart event) {
    events.add(event);
  }

  @Override
  public void workerReady(PoolEvent.WorkerReady event) {
    events.add(event);
  }

  @Override
  public void workerEnded(PoolEvent.WorkerGone event) {
    events.add(event);
  }

  @Override
  public void callBegun(PoolEvent.CallBegin event) {
    events.add(event);
  }

  @Override
  public void callProgressed(PoolEvent.CallProgress event) {
    events.add(event);
  }

  @Override
  public void callEnded(PoolEvent.CallEnd event) {
    events.add(event);
  }

  @Override
  public void itemsSent(PoolEvent.ItemsSent event) {
    events.add(event);
  }

  @Override
  public void itemEnded(PoolEvent.ItemEnd event) {
    events.add(event);
  }

  @Override
  public void itemProgressed(PoolEvent.ItemProgress event) {
    events.add(event);
  }

  @Override
  public void itemTimedOut(PoolEvent.ItemTimeout event) {
    events.add(event);
  }

  @Override
  public void itemRetried(PoolEvent.ItemRetry event) {
    events.add(event);
  }

  @Override
  public void eventsDropped(String pool, long count) {
    dropped.addAndGet(count);
  }
}
