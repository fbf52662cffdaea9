package dev.procpool.observe;

import dev.procpool.Outcome;
import dev.procpool.OutcomeKind;
import dev.procpool.PoolEvent;
import dev.procpool.spi.ItemRun;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Items that have ended together. Immutable.
 *
 * @param indexes their indexes; null if they follow each other
 * @param firstIndex the first index
 * @param nanos how long each ran; null if none did
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ItemBatch(
    String pool,
    Instant at,
    PoolEvent.Call call,
    OutcomeKind kind,
    @Nullable Outcome<?> ended,
    int attempts,
    ItemRun run,
    int size,
    long firstIndex,
    long @Nullable [] indexes,
    long @Nullable [] nanos)
    implements PoolEvent.ItemsEnd {

  @Override
  public Optional<Outcome<?>> outcome() {
    return Optional.ofNullable(ended);
  }

  @Override
  public Optional<PoolEvent.Worker> worker() {
    return Optional.ofNullable(run.worker());
  }

  @Override
  public long index(int i) {
    return indexes == null ? firstIndex + i : indexes[i];
  }

  @Override
  public long runNanos(int i) {
    return nanos == null ? 0 : nanos[i];
  }

  @Override
  public long waitNanos() {
    return run.waitNanos();
  }

  @Override
  public long sentBytes() {
    return run.sentBytes();
  }

  @Override
  public long receivedBytes() {
    return run.receivedBytes();
  }

  /** What it takes in a queue, roughly in units of 16 bytes. */
  int weight() {
    return 16 + (nanos == null ? 0 : size) + (ended == null ? 0 : Observers.OUTCOME);
  }
}
