package dev.procpool.local.call;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The calls under way, by id. Owned by the engine's thread. */
public final class OpenCalls {

  private final Map<Long, LocalCall> calls = new HashMap<>();

  /**
   * Spares a look into the map for each item; and with its id here, one at the call, which may be
   * in the same cache line as what its feeder writes.
   */
  private @Nullable LocalCall lastFound;

  private long lastId;

  private final CallPhases phases = new CallPhases();
  private final LongSupplier time;

  /**
   * Makes one without calls.
   *
   * @param time gives {@link System#nanoTime()}, on the engine's thread
   */
  public OpenCalls(LongSupplier time) {
    this.time = time;
  }

  /** Takes on a call. */
  public void add(LocalCall call) {
    calls.put(call.id, call);
    CallPhases.Call its = phases.open(call.paced.isEnded(), time.getAsLong());
    call.phases = its;
    call.paced.tell(its);
    call.submission.tellWaits(its);
  }

  /** There are items of a call, or its source has ended. */
  public void fed(long id) {
    LocalCall call = look(id);
    if (call != null && call.phases != null && call.paced.isEnded()) {
      call.phases.fed(time.getAsLong());
    }
  }

  /** Forgets a call, which has ended. */
  public void remove(long id) {
    LocalCall call = calls.remove(id);
    if (call != null) {
      end(call);
    }
    lastFound = null;
  }

  private void end(LocalCall call) {
    CallPhases.Call its = call.phases;
    if (its != null) {
      its.end(time.getAsLong());
    }
  }

  /** What workers without items wait for. */
  public CallPhases phases() {
    return phases;
  }

  /**
   * Gives a call; null if it has ended. Does not count as looking for it: who was looked for last
   * is who pays when memory is short.
   */
  public @Nullable LocalCall look(long id) {
    return lastFound != null && lastId == id ? lastFound : calls.get(id);
  }

  /** Gives a call; null if it has ended. */
  public @Nullable LocalCall find(long id) {
    LocalCall call = lastFound;
    if (call == null || lastId != id) {
      call = calls.get(id);
      lastFound = call;
      lastId = id;
    }
    return call;
  }

  /** Gives a call that has not ended. */
  public LocalCall get(long id) {
    LocalCall call = find(id);
    if (call == null) {
      throw new IllegalStateException("the scheduler uses call " + id + ", which has ended");
    }
    return call;
  }

  /** The one that was looked for last; null for none. */
  public @Nullable LocalCall lastFound() {
    return lastFound;
  }

  /** Whether there is none. */
  public boolean isEmpty() {
    return calls.isEmpty();
  }

  /** Those there are now. */
  public List<LocalCall> copy() {
    return List.copyOf(calls.values());
  }

  /** Forgets all, and gives them. */
  public List<LocalCall> removeAll() {
    List<LocalCall> all = copy();
    calls.clear();
    all.forEach(this::end);
    lastFound = null;
    return all;
  }
}
