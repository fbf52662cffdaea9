package dev.procpool.scheduler;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The calls that have not ended; says which of their items are cancelled, and when one ends. */
final class Calls {

  private final Map<Long, CallQueue> open = new HashMap<>();
  private final Actions actions;

  /** How many of them have a priority of their own. */
  private int prioritized;

  Calls(Actions actions) {
    this.actions = actions;
  }

  void add(CallQueue call) {
    open.put(call.id(), call);
    prioritized += call.priority() == 0 ? 0 : 1;
  }

  /** Whether calls may differ in priority. */
  boolean arePrioritized() {
    return prioritized > 0;
  }

  @Nullable CallQueue find(long id) {
    return open.get(id);
  }

  /** Reports everything of a cancelled call that waits, and its end if that was the rest. */
  void discard(CallQueue call) {
    for (Slice items = call.takeAny(); items != null; items = call.takeAny()) {
      call.settled(items.count());
      actions.cancelled(call.id(), items);
    }
    endIfFinished(call);
  }

  void endIfFinished(CallQueue call) {
    if (call.isFinished() && open.remove(call.id()) != null) {
      call.end();
      prioritized -= call.priority() == 0 ? 0 : 1;
      actions.callEnded(call.id());
    }
  }
}
