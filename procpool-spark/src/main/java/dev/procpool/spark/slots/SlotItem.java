package dev.procpool.spark.slots;

import org.jspecify.annotations.Nullable;

/**
 * An item on its way: waiting for a slot, or with one. Guarded by the scheduler's owner.
 *
 * @param <P> what the owner knows of it
 */
public final class SlotItem<P> {

  private final SlotCall<P> call;
  private final P payload;
  private final int bytes;
  private @Nullable Slot<P> slot;
  private long givenAt;
  private int worker = -1;
  private double nanos;
  private boolean wasStarted;

  /** The items that its slot was given before it and after it; see {@link Slot}. */
  @Nullable SlotItem<P> before;

  @Nullable SlotItem<P> after;

  /**
   * Makes one that has no slot.
   *
   * @param call its call
   * @param payload what the owner knows of it
   * @param bytes how much is sent of it
   */
  public SlotItem(SlotCall<P> call, P payload, int bytes) {
    this.call = call;
    this.payload = payload;
    this.bytes = bytes;
  }

  public SlotCall<P> call() {
    return call;
  }

  public P payload() {
    return payload;
  }

  int bytes() {
    return bytes;
  }

  /** Who has it; null while it waits, and once it has its outcome. */
  public @Nullable Slot<P> slot() {
    return slot;
  }

  /** Tells whether the slot of a key has it. */
  public boolean isWith(SlotKey key) {
    return slot != null && slot.key().equals(key);
  }

  /** When a slot was given it last. */
  public long givenAt() {
    return givenAt;
  }

  /** The number of the worker that had it last; -1 for none. */
  public int worker() {
    return worker;
  }

  /** How long it was to take, by what was known when it was given. */
  double nanos() {
    return nanos;
  }

  /** Whether it has had an outcome, and is tried again. */
  boolean wasStarted() {
    return wasStarted;
  }

  void ended() {
    wasStarted = true;
  }

  void given(Slot<P> whom, long now) {
    nanos = call.sizes().itemNanos();
    slot = whom;
    worker = whom.worker();
    givenAt = now;
  }

  void taken() {
    slot = null;
  }
}
