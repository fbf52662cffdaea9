package dev.procpool.local.dispatch;

import dev.procpool.local.call.LocalJob;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The calls under way, by id. Owned by the engine's thread. */
final class OpenCalls {

  private final Map<Long, LocalJob> calls = new HashMap<>();

  /**
   * Spares a look into the map for each item; and with its id here, one at the call, which may be
   * in the same cache line as what its feeder writes.
   */
  private @Nullable LocalJob lastFound;

  private long lastId;

  void add(LocalJob call) {
    calls.put(call.id, call);
  }

  void remove(long id) {
    calls.remove(id);
    lastFound = null;
  }

  /** Gives a call; null if it has ended. */
  @Nullable LocalJob find(long id) {
    LocalJob call = lastFound;
    if (call == null || lastId != id) {
      call = calls.get(id);
      lastFound = call;
      lastId = id;
    }
    return call;
  }

  /** Gives a call that has not ended. */
  LocalJob get(long id) {
    LocalJob call = find(id);
    if (call == null) {
      throw new IllegalStateException("the scheduler uses call " + id + ", which has ended");
    }
    return call;
  }

  /** The one that was looked for last; null for none. */
  @Nullable LocalJob lastFound() {
    return lastFound;
  }

  boolean isEmpty() {
    return calls.isEmpty();
  }

  List<LocalJob> copy() {
    return List.copyOf(calls.values());
  }

  /** Forgets all, and gives them. */
  List<LocalJob> removeAll() {
    List<LocalJob> all = copy();
    calls.clear();
    lastFound = null;
    return all;
  }
}
