package dev.procpool.testkit.chaos;

import dev.procpool.Outcome;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * What was seen of a call.
 *
 * @param call the call
 * @param outcomes one for each item, pending for those of which nothing was seen
 * @param deliveries how often each item's outcome was passed on; final when the pool has ended
 * @param cancelled whether it was cancelled before it had ended
 */
record Report(
    ChaosCall call,
    List<Outcome<Object>> outcomes,
    AtomicIntegerArray deliveries,
    boolean cancelled) {

  /** Whether an item may be without an outcome: that of a stream that was closed. */
  boolean isPartial() {
    return cancelled && call.form().isStream();
  }

  /** Whether the call did not come to an end. */
  boolean hangs() {
    return !isPartial() && outcomes.stream().anyMatch(Outcome.Pending.class::isInstance);
  }

  /** Whether the outcomes don't tell in which process and at which attempt an item ran. */
  boolean isVague() {
    return call.form() == ChaosCall.Form.APPLY;
  }
}
