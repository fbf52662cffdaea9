package dev.procpool.local.call;

import dev.procpool.codec.ByteOutput;
import dev.procpool.codec.Codec;
import dev.procpool.codec.CodecException;
import dev.procpool.function.Task1;
import dev.procpool.local.classes.ShellReach;
import dev.procpool.local.classes.ShellVariables;
import dev.procpool.spi.EncodedTask;
import dev.procpool.spi.TaskOrigin;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Encodes tasks, and those that have no state only once: a lambda that captures nothing is always
 * the same, and serializing it takes longer than many a call.
 *
 * <p>Thread-safe.
 */
public final class TaskEncoder {

  /**
   * Of the class of a lambda that captures nothing, and so is the same in every call: what was
   * encoded of it, by the name of its adapter's class. Not by that class: the lambda's may outlive
   * ours, and would hold it. Empty for the classes of other tasks.
   */
  private static final ClassValue<Optional<Map<String, byte[]>>> STATELESS =
      new ClassValue<>() {
        @Override
        protected Optional<Map<String, byte[]>> computeValue(Class<?> type) {
          return type.isHidden() && type.isSynthetic() && type.getDeclaredFields().length == 0
              ? Optional.of(new ConcurrentHashMap<>(2))
              : Optional.empty();
        }
      };

  private static final byte[] NOTHING = new byte[0];

  private final Codec codec;

  public TaskEncoder(Codec codec) {
    this.codec = codec;
  }

  /** Encodes a task, as it is now, and the variables that it uses if it is of a shell. */
  public EncodedCall encode(Task1<?, ?> task) {
    TaskOrigin origin = TaskOrigin.of(task);
    ClassLoader loader = origin.loader();
    Object target = origin.target();
    ShellReach reach =
        ShellReach.isOfShell(target.getClass()) ? ShellReach.of(target, loader) : null;
    if (task instanceof EncodedTask sent) {
      return new EncodedCall(
          sent.task(), sent.variables(), sent.isStateless(), loader, reach, null);
    }
    Optional<Map<String, byte[]>> known = STATELESS.get(target.getClass());
    boolean isStateless = known.isPresent();
    try {
      byte[] bytes = isStateless ? bytes(task, known.get()) : encodeNow(task);
      byte[] variables = ShellVariables.of(reach, codec);
      return new EncodedCall(bytes, variables, isStateless, loader, reach, null);
    } catch (CodecException e) {
      return new EncodedCall(NOTHING, NOTHING, isStateless, loader, reach, e);
    }
  }

  private byte[] bytes(Task1<?, ?> task, Map<String, byte[]> known) throws CodecException {
    byte[] bytes = known.get(task.getClass().getName());
    if (bytes == null) {
      bytes = encodeNow(task);
      known.put(task.getClass().getName(), bytes);
    }
    return bytes;
  }

  private byte[] encodeNow(Task1<?, ?> task) throws CodecException {
    ByteOutput out = new ByteOutput(512, Long.MAX_VALUE);
    codec.encode(task, out);
    return out.toByteArray();
  }
}
