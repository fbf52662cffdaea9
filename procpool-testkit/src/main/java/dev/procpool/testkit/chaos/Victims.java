package dev.procpool.testkit.chaos;

import dev.procpool.WorkerExit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The worker processes that were hit from outside, and how. Thread-safe. */
final class Victims {

  private final Map<Long, Boolean> killed = new ConcurrentHashMap<>();

  /** Said before the signal is sent, so that no outcome can be earlier. */
  void killing(long pid) {
    killed.put(pid, true);
  }

  /** The same for one that is stopped and goes on before it can be taken for frozen. */
  void pausing(long pid) {
    killed.putIfAbsent(pid, false);
  }

  boolean wereHit(long pid) {
    return killed.containsKey(pid);
  }

  /** Whether such an end may be due to what came from outside. */
  boolean explain(WorkerExit exit) {
    boolean isPause = Boolean.FALSE.equals(killed.get(exit.pid()));
    return wereHit(exit.pid()) && (!isPause || exit.reason() == WorkerExit.Reason.FROZEN);
  }

  int count() {
    return killed.size();
  }
}
