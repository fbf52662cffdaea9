package dev.procpool.local.service;

import dev.procpool.local.fleet.Fleet;
import dev.procpool.local.fleet.PerWorker;
import dev.procpool.local.fleet.Worker;
import dev.procpool.process.ResidentMemory;
import dev.procpool.protocol.ProtocolException;
import dev.procpool.protocol.ToWorker;
import java.util.concurrent.TimeUnit;

/**
 * Finds the workers that have grown too large. What looks like too much is measured again after the
 * worker has collected its garbage, since a JVM keeps memory that it does not need.
 *
 * <p>Owned by the engine's thread.
 */
public final class MemoryLimit {

  private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final byte[] NOTHING = new byte[0];

  private final long maxBytes;
  private final PerWorker<Size> sizes;

  public MemoryLimit(long maxBytes, Fleet fleet) {
    this.maxBytes = maxBytes;
    this.sizes = fleet.perWorker();
  }

  /** Looks at a worker that has finished items; asks it to collect if it is too large. */
  public void progressed(Worker worker, boolean idle, long now) {
    if (maxBytes == 0) {
      return;
    }
    Size size = of(worker);
    if (size.isAsked || (!idle && size.measuredAt != 0 && now - size.measuredAt < PERIOD_NANOS)) {
      return;
    }
    size.measuredAt = now;
    if (ResidentMemory.ownOf(worker.jvmPid()).orElse(Long.MAX_VALUE) > maxBytes) {
      size.isAsked = true;
      worker.send(ToWorker.COLLECT, NOTHING, 0);
    }
  }

  /**
   * Takes a worker's word that it has collected.
   *
   * @param heapBytes the heap that it still uses
   * @return whether it is to be replaced
   * @throws ProtocolException if it was not asked to
   */
  public boolean collected(Worker worker, long heapBytes) throws ProtocolException {
    Size size = of(worker);
    ProtocolException.check(size.isAsked, "an answer to a collection that was not asked for");
    size.isAsked = false;
    return ResidentMemory.ownOf(worker.jvmPid()).orElse(heapBytes) > maxBytes;
  }

  private Size of(Worker worker) {
    Size known = sizes.get(worker);
    return known == null ? sizes.put(worker, new Size()) : known;
  }

  /** What is known of one worker's size. */
  private static final class Size {

    /** When it was measured last; 0 for never. */
    private long measuredAt;

    /** Whether it was asked to collect its garbage and has not answered. */
    private boolean isAsked;
  }
}
