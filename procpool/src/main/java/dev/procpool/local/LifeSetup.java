package dev.procpool.local;

import dev.procpool.TaskSerializationException;
import dev.procpool.codec.ByteOutput;
import dev.procpool.codec.Codec;
import dev.procpool.codec.CodecException;
import dev.procpool.guard.SafeText;
import dev.procpool.local.settings.Spin;
import java.time.Duration;
import java.util.Objects;

/** What {@link LifeOptions} were told, as data that crosses to another machine. Immutable. */
record LifeSetup(
    WorkerSetup worker,
    boolean keepsChildren,
    int maxTasksPerWorker,
    long maxWorkerMemory,
    int restarts,
    Duration restartWindow,
    Duration gracePeriod,
    Duration freezeLimit,
    Spin spin,
    Duration startLimit) {

  private static final Codec CODEC = new Codec(null, DataOptions.MAX_PAYLOAD);

  byte[] encode() {
    ByteOutput out = new ByteOutput(512, Long.MAX_VALUE);
    try {
      CODEC.encode(this, out);
    } catch (CodecException e) {
      throw new TaskSerializationException(
          "the options of workers can't be serialized: " + e.getMessage(), e);
    }
    return out.toByteArray();
  }

  static LifeSetup decode(byte[] bytes) {
    try {
      ClassLoader own = Objects.requireNonNull(LifeSetup.class.getClassLoader());
      return (LifeSetup)
          Objects.requireNonNull(CODEC.trusting().decode(bytes, 0, bytes.length, own));
    } catch (CodecException | ClassCastException | NullPointerException e) {
      throw new IllegalArgumentException(
          "no encoded options of workers, or of another version of procpool: " + SafeText.of(e), e);
    }
  }
}
