package dev.procpool.spark.slots;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A slot of an executor that a task of Spark's holds for the pool. Guarded by the scheduler's
 * owner.
 *
 * <p>It asks for work before its last item has ended, so it is never without; while it asks, it may
 * have items still.
 *
 * <pre>
 * state            is left when
 * works            it asks
 * asks, has items  it is given more → works; its last item ends → idle
 * idle             it is given items → works; it is sent away → gone
 * </pre>
 *
 * @param <P> what the owner knows of an item
 */
public final class Slot<P> {

  private final SlotKey key;
  private final long since;
  private final Set<SlotItem<P>> held = new LinkedHashSet<>();
  private int worker = -1;
  private boolean asks;
  private long idleSince;
  private long changedAt;
  private long askedBackAt = Long.MIN_VALUE;

  Slot(SlotKey key, long now) {
    this.key = key;
    this.since = now;
  }

  public SlotKey key() {
    return key;
  }

  /** The number of its worker; -1 before it has one. */
  public int worker() {
    return worker;
  }

  void worker(int number) {
    worker = number;
  }

  /** The items that it has, those that it was given first in front. */
  public List<SlotItem<P>> held() {
    return List.copyOf(held);
  }

  int holds() {
    return held.size();
  }

  boolean asks() {
    return asks;
  }

  boolean isIdle() {
    return asks && held.isEmpty();
  }

  void asked(long now) {
    asks = true;
    idleSince = now;
  }

  void answered() {
    asks = false;
  }

  void give(SlotItem<P> item, long now) {
    if (held.isEmpty()) {
      changedAt = now;
    }
    item.given(this, now);
    held.add(item);
  }

  void take(SlotItem<P> item, long now) {
    held.remove(item);
    item.taken();
    changedAt = now;
    if (held.isEmpty()) {
      idleSince = now;
    }
  }

  long idleNanos(long now) {
    return now - idleSince;
  }

  /** How long its items have not changed. */
  long stillNanos(long now) {
    return now - changedAt;
  }

  boolean isOlderThan(long nanos, long now) {
    return now - since > nanos;
  }

  boolean wasAskedBackWithin(long nanos, long now) {
    return askedBackAt != Long.MIN_VALUE && now - askedBackAt < nanos;
  }

  void askedBack(long now) {
    askedBackAt = now;
  }

  @Override
  public String toString() {
    return key + " worker " + worker + " with " + held.size() + " items";
  }
}
