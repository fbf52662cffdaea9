package dev.procpool.call;

import java.util.concurrent.CancellationException;

/** A call that is under way, as somebody names it who has not made it: by its number. */
final class OpenCall {

  private OpenCall() {}

  /** Cancels it: false if there is none of that number. Thread-safe. */
  static boolean cancel(PoolLife life, long number) {
    for (PoolCall<?, ?> call : life.calls()) {
      if (call.number() == number) {
        return cancel(life, call);
      }
    }
    return false;
  }

  private static boolean cancel(PoolLife life, PoolCall<?, ?> call) {
    if (call instanceof TableCall<?, ?> table) {
      return table.cancel(true);
    }
    boolean wasUnderWay = !call.isEnded();
    if (wasUnderWay) {
      // Not closed as by its consumer, who would take what is missing for the end.
      call.abort(new CancellationException(call + " was cancelled"));
      life.backend().cancel(call, true);
    }
    return wasUnderWay;
  }
}
