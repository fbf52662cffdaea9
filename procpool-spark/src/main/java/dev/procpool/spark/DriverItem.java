package dev.procpool.spark;

import dev.procpool.spi.Attempt;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** An item of a call on its way: waiting for a slot, or with one. Guarded by the backend's lock. */
final class DriverItem {

  final byte[] bytes;
  final @Nullable Duration limit;
  final long pulledAt;

  /** The last attempt at it. */
  Attempt last;

  /** What earlier attempts have published, encoded; null for nothing. */
  byte @Nullable [] published;

  /** Who has it; null while it waits. */
  @Nullable Slot slot;

  /** The number of the worker that had it last. */
  int worker;

  long givenAt;

  DriverItem(byte[] bytes, @Nullable Duration limit, Attempt last, long pulledAt) {
    this.bytes = bytes;
    this.limit = limit;
    this.last = last;
    this.pulledAt = pulledAt;
  }

  long index() {
    return last.index();
  }
}
