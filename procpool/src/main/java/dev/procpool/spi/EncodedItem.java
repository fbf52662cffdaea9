package dev.procpool.spi;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An item of an {@link EncodedTask} that has its place in the sender's call, not in this JVM's: in
 * outcomes, messages and {@link dev.procpool.WorkerContext} it has that index and that number of
 * attempts.
 *
 * <p>Only a {@link Submission} that is made for a backend can have such items: to a pool each item
 * has its place by the order of its source. Its outcomes are reported by the index here, so no two
 * items of a submission under way at the same time may have the same. Immutable.
 *
 * @param index its place in the sender's call
 * @param attempts how often it was started before
 * @param bytes the item, encoded by {@code CallEncoder}; not copied
 * @param published what an earlier attempt has published, encoded; null for nothing. Not copied
 * @since 0.2.0
 */
@SuppressWarnings({
  "ArrayRecordComponent",
  "NotJavadoc",
  "exports"
}) // never compared; a copy would cost each
public record EncodedItem(long index, int attempts, byte[] bytes, byte @Nullable [] published) {

  // Written out: of what the compiler makes, other modules don't see that the last may be null.

  /** Checks the numbers. */
  public EncodedItem(long index, int attempts, byte[] bytes, byte @Nullable [] published) {
    if (index < 0 || attempts < 0) {
      throw new IllegalArgumentException("item " + index + " with " + attempts + " attempts");
    }
    this.index = index;
    this.attempts = attempts;
    this.bytes = Objects.requireNonNull(bytes, "bytes");
    this.published = published;
  }
}
