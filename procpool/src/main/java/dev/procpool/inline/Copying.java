package dev.procpool.inline;

import dev.procpool.TaskSerializationException;
import dev.procpool.codec.ByteOutput;
import dev.procpool.codec.Codec;
import dev.procpool.codec.CodecException;
import dev.procpool.guard.SafeText;
import org.jspecify.annotations.Nullable;

/** Turns what would cross to a worker process into bytes and back. Thread-safe, without state. */
final class Copying {

  private static final Codec CODEC = new Codec(null, Long.MAX_VALUE).trusting();

  private Copying() {}

  /** Gives a value's bytes, or fails with a message that begins with the subject. */
  static byte[] encode(String subject, @Nullable Object value) {
    return encode(subject, value, false);
  }

  /** The same for what a task has returned. */
  static byte[] encodeResult(String subject, @Nullable Object value) {
    return encode(subject, value, true);
  }

  private static byte[] encode(String subject, @Nullable Object value, boolean isResult) {
    try {
      ByteOutput out = new ByteOutput(64, Long.MAX_VALUE);
      CODEC.encode(value, out);
      return out.toByteArray();
    } catch (CodecException e) {
      throw failed(subject + " can't be serialized: ", isResult ? e.forResult() : e);
    } catch (RuntimeException | StackOverflowError e) {
      throw new TaskSerializationException(subject + " can't be serialized: " + SafeText.of(e), e);
    }
  }

  private static TaskSerializationException failed(String what, CodecException why) {
    return new TaskSerializationException(what + why.getMessage(), why.thrown());
  }

  /** Gives the value back, or fails as {@link #encode}. */
  static @Nullable Object decode(String subject, byte[] bytes, ClassLoader loader) {
    try {
      return CODEC.decode(bytes, 0, bytes.length, loader);
    } catch (CodecException e) {
      throw failed(subject + " can't be deserialized: ", e);
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      throw new TaskSerializationException(
          subject + " can't be deserialized: " + SafeText.of(e), e);
    }
  }

  /** Gives the copy of an exception that would come back from a worker process. */
  static Throwable copy(Throwable error, ClassLoader loader) {
    ByteOutput out = new ByteOutput(1024, Long.MAX_VALUE);
    CODEC.encodeThrowable(error, out);
    return CODEC.decodeThrowable(out.array(), 0, out.size(), loader);
  }
}
