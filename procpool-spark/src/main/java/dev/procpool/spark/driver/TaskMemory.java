package dev.procpool.spark.driver;

import dev.procpool.spark.slots.Measured;
import dev.procpool.spi.EncodedTask;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the last calls have measured of their tasks' items: the next call of the same task begins
 * with chunks for that, and not with items one by one. Guarded by the backend's lock.
 */
final class TaskMemory {

  private static final int MOST = 256;

  /** By fingerprint, the one that was used last in the end. */
  private final Map<Long, Measured> known = new LinkedHashMap<>();

  /** A call begins. */
  void begins(DriverCall<?, ?> call) {
    Measured before = known.get(EncodedTask.fingerprint(call.encoded().task()));
    if (before != null) {
      call.slots().begin(before);
    }
  }

  /** A call has ended. */
  void ends(DriverCall<?, ?> call) {
    Measured measured = call.slots().measured();
    if (measured != null) {
      long task = EncodedTask.fingerprint(call.encoded().task());
      known.remove(task);
      known.put(task, measured);
      if (known.size() > MOST) {
        known.remove(known.keySet().iterator().next());
      }
    }
  }
}
