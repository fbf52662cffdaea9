package dev.procpool.spark.slots;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

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

  /** How long a slot is held at least, as long as there is something to do. */
  static final long LEASE_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** A slot without news for so long is taken to have a slow item. */
  static final long STILL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final SlotKey key;
  private final List<Slot<P>> attempts;
  private final long since;

  // its items, linked by themselves: a set would cost more than all else that is done with one

  private @Nullable SlotItem<P> first;
  private @Nullable SlotItem<P> last;
  private int holds;

  private int worker = -1;
  private boolean asks;
  private boolean isExpired;
  private boolean isAskedBack;
  private boolean answersBack;
  private double nanos;
  private long idleSince;
  private long changedAt;
  private long askedBackAt;

  /**
   * Makes one that has no worker and no items.
   *
   * @param attempts all that were made at the same partition, the first one in front
   */
  Slot(SlotKey key, List<Slot<P>> attempts, long now) {
    this.key = key;
    this.attempts = attempts;
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

  List<Slot<P>> attempts() {
    return attempts;
  }

  /**
   * Whether another attempt at the same partition is there, by speculation: it has the work. If
   * this one ended first, Spark would kill that.
   */
  boolean isCopy() {
    return attempts.get(0) != this;
  }

  // ---------------------------------------------------------------- items

  /** The items that it has, those that it was given first in front. */
  public List<SlotItem<P>> held() {
    List<SlotItem<P>> all = new ArrayList<>(holds);
    for (SlotItem<P> item = first; item != null; item = item.after) {
      all.add(item);
    }
    return all;
  }

  int holds() {
    return holds;
  }

  /** How many items it has, but for the first, of calls that are less urgent. */
  int lessUrgent(int priority) {
    int count = 0;
    for (SlotItem<P> item = first; item != null; item = item.after) {
      count += item.call().priority() < priority ? 1 : 0;
    }
    return Math.min(count, holds - 1);
  }

  void give(SlotItem<P> item, long now) {
    if (item.slot() != null) { // it would be in two lists, and break both
      throw new IllegalStateException("an item of " + item.slot() + " is given to " + key);
    }
    if (holds == 0) {
      changedAt = now;
    }
    item.given(this, now);
    item.before = last;
    if (last == null) {
      first = item;
    } else {
      last.after = item;
    }
    last = item;
    holds++;
    nanos += item.nanos();
  }

  /** One of its items leaves it. */
  void take(SlotItem<P> item, long now) {
    unlink(item);
    item.taken();
    nanos = holds == 0 ? 0 : nanos - item.nanos();
    changedAt = now;
    if (holds == 0) {
      idleSince = now;
    }
  }

  private void unlink(SlotItem<P> item) {
    SlotItem<P> before = item.before;
    SlotItem<P> after = item.after;
    if (before == null) {
      first = after;
    } else {
      before.after = after;
    }
    if (after == null) {
      last = before;
    } else {
      after.before = before;
    }
    item.before = null;
    item.after = null;
    holds--;
  }

  /** How long all its items were to take, by what was known when they were given. */
  double nanos() {
    return nanos;
  }

  /** Whether its items have not changed for so long that one of them is taken to be slow. */
  boolean isStill(long now) {
    return now - changedAt > STILL_NANOS;
  }

  // ---------------------------------------------------------------- its questions, and those to it

  boolean asks() {
    return asks;
  }

  boolean isIdle() {
    return asks && holds == 0;
  }

  void asked(long now) {
    asks = true;
    idleSince = now;
  }

  void answered() {
    asks = false;
  }

  long idleNanos(long now) {
    return now - idleSince;
  }

  /** It gets nothing more. */
  void expire() {
    isExpired = true;
  }

  /** Whether it gets nothing more: it was told so, or has been held for long enough. */
  boolean isOver(long now) {
    return isExpired || now - since > LEASE_NANOS + lease();
  }

  /**
   * How much longer it is held than others, up to half the time. They begin together; if they ended
   * together they would all wait while Spark starts one task after another.
   */
  private long lease() {
    return Math.floorMod(key.attempt(), 64) * (LEASE_NANOS / 128);
  }

  /** Whether it was asked for items a short time ago. */
  boolean isAskedBack() {
    return isAskedBack;
  }

  long askedBackAt() {
    return askedBackAt;
  }

  void askBack(long now) {
    isAskedBack = true;
    answersBack = true;
    askedBackAt = now;
  }

  /** It may be asked again. */
  void mayBeAskedBack() {
    isAskedBack = false;
  }

  /** Tells once whether it still had to answer the question for items. */
  boolean answerBack() {
    boolean did = answersBack;
    answersBack = false;
    return did;
  }

  @Override
  public String toString() {
    return key + " worker " + worker + " with " + holds + " items";
  }
}
