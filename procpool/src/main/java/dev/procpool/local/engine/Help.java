package dev.procpool.local.engine;

import java.util.function.BooleanSupplier;

/** What one thread helps the engine for, and how long. Owned by that thread. */
final class Help {

  private final BooleanSupplier done;
  private final long nanos;

  /** When it is over; counted from the first look at the clock, as most help is over before. */
  private long end;

  private boolean hasLooked;

  Help(BooleanSupplier done, long nanos) {
    this.done = done;
    this.nanos = nanos;
  }

  boolean isDone() {
    return done.getAsBoolean();
  }

  boolean isTimeUp() {
    long now = System.nanoTime();
    end = hasLooked ? end : now + nanos;
    hasLooked = true;
    return now - end >= 0;
  }
}
