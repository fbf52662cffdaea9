package dev.procpool.local.fleet;

import dev.procpool.LimitKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why the pool kills a worker; set before the kill, so that the worker's end is judged rightly.
 * Immutable.
 *
 * @param limit the limit that its item is over; null if that is not why
 * @param stack where that item is stuck; empty if nobody knows
 */
public record Kill(Reason reason, @Nullable LimitKind limit, List<StackTraceElement> stack) {

  /** What is behind it. */
  public enum Reason {
    TIMED_OUT(true),
    CANCELLED(true),
    FROZEN(false),
    TERMINATED(true),
    BROKEN_CHANNEL(false),
    NOT_STOPPING(true);

    /** Whether such an end says nothing about the next one's chances. */
    final boolean isMeant;

    Reason(boolean isMeant) {
      this.isMeant = isMeant;
    }
  }

  /** For a reason that says all. */
  public Kill(Reason reason) {
    this(reason, null, List.of());
  }

  /** Whether another, for the same reason, lacks what this has: where the item is stuck. */
  boolean saysMoreThan(Kill known) {
    return reason == Reason.TIMED_OUT
        && known.reason == Reason.TIMED_OUT
        && known.stack.isEmpty()
        && !stack.isEmpty();
  }

  /** For an item that is over a limit. */
  public static Kill timedOut(LimitKind limit, List<StackTraceElement> stack) {
    return new Kill(Reason.TIMED_OUT, limit, stack);
  }
}
