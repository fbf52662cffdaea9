package dev.procpool.local.call;

import dev.procpool.Outcome;
import dev.procpool.codec.ByteOutput;
import dev.procpool.codec.Codec;
import dev.procpool.codec.CodecException;
import dev.procpool.spi.Attempt;
import org.jspecify.annotations.Nullable;

/** Encodes the items of a call; for what can't be it has an outcome. */
public final class ItemEncoder {

  private final Codec codec;

  /** Why the task itself could not be encoded. */
  private final @Nullable CodecException taskFailure;

  public ItemEncoder(Codec codec, @Nullable CodecException taskFailure) {
    this.codec = codec;
    this.taskFailure = taskFailure;
  }

  /** Appends an item; or gives its outcome, if it or the task can't be serialized. */
  public <R extends @Nullable Object> @Nullable Outcome<R> encode(
      long index, @Nullable Object item, ByteOutput out) {
    if (taskFailure != null) {
      return notSerializable(index, "the task", taskFailure);
    }
    try {
      codec.encode(item, out);
      return null;
    } catch (CodecException e) {
      return notSerializable(index, "the argument", e);
    }
  }

  private static <R extends @Nullable Object> Outcome<R> notSerializable(
      long index, String what, CodecException cause) {
    return Attempt.none(index)
        .notSerializable(what + " can't be serialized: " + cause.getMessage(), cause.thrown());
  }
}
