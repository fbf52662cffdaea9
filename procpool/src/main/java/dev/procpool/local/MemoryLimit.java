package dev.procpool.local;

import dev.procpool.protocol.FrameType;
import java.util.concurrent.TimeUnit;

/**
 * Finds the workers that have grown too large. What looks like too much is measured again after the
 * worker has collected its garbage, since a JVM keeps memory that it does not need.
 *
 * <p>Owned by the engine's thread.
 */
final class MemoryLimit {

  private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final byte[] NOTHING = new byte[0];

  private final long maxBytes;
  private final Fleet fleet;

  MemoryLimit(long maxBytes, Fleet fleet) {
    this.maxBytes = maxBytes;
    this.fleet = fleet;
  }

  /** Looks at a worker that has finished items; asks it to collect if it is too large. */
  void progressed(Worker worker, boolean idle, long now) {
    if (maxBytes == 0
        || worker.collecting
        || (!idle && worker.measuredAt != 0 && now - worker.measuredAt < PERIOD_NANOS)) {
      return;
    }
    worker.measuredAt = now;
    if (ResidentMemory.ownOf(worker.jvmPid()).orElse(Long.MAX_VALUE) > maxBytes) {
      worker.collecting = true;
      fleet.send(worker, FrameType.COLLECT, NOTHING, 0);
    }
  }

  /**
   * Takes a worker's word that it has collected.
   *
   * @param heapBytes the heap that it still uses
   * @return whether it is to be replaced
   */
  boolean isExceeded(Worker worker, long heapBytes) {
    worker.collecting = false;
    return ResidentMemory.ownOf(worker.jvmPid()).orElse(heapBytes) > maxBytes;
  }
}
