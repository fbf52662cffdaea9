package dev.procpool.spi;

import dev.procpool.function.Task1;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.LongFunction;

/**
 * A task that another JVM has encoded, with {@code CallEncoder}: a pool of worker processes runs it
 * over items that are bytes, and its results are bytes. No class of the task is loaded in the JVM
 * of the pool; workers ask its sender for them.
 *
 * <pre>{@code
 * EncodedTask task = EncodedTask.read(received, n -> new RemoteClasses(n, this::askSender));
 * for (Outcome<byte[]> outcome : pool.mapAsync(task, items).outcomes()) {
 *   send(outcome);
 * }
 * }</pre>
 *
 * <p>Everything else is as in any call: order, chunks, time limits, lost workers, cancellation. An
 * exception of the task is an {@link EncodedThrowable}, for retry policies too. Only worker
 * processes of this machine can run it. Immutable.
 *
 * @since 0.2.0
 */
public final class EncodedTask implements Task1<byte[], byte[]> {

  private static final long serialVersionUID = 1;

  private static final byte VERSION = 1;

  private final transient byte[] task;
  private final transient byte[] variables;
  private final transient boolean isStateless;
  private final transient long loader;
  private final transient RemoteClasses classes;

  private EncodedTask(
      byte[] task, byte[] variables, boolean isStateless, long loader, RemoteClasses classes) {
    this.task = task;
    this.variables = variables;
    this.isStateless = isStateless;
    this.loader = loader;
    this.classes = classes;
  }

  /**
   * Writes a task.
   *
   * @param task the encoded task
   * @param variables the encoded variables of the shell that it uses; empty for none
   * @param isStateless whether it is the same in every call
   * @param loader the number of its loader with the sender
   * @return the bytes, to be {@linkplain #read read} in the other JVM
   */
  public static byte[] write(byte[] task, byte[] variables, boolean isStateless, long loader) {
    return ByteBuffer.allocate(2 + Long.BYTES + Integer.BYTES + task.length + variables.length)
        .put(VERSION)
        .put((byte) (isStateless ? 1 : 0))
        .putLong(loader)
        .putInt(task.length)
        .put(task)
        .put(variables)
        .array();
  }

  /**
   * Reads a task.
   *
   * @param bytes what the sender wrote
   * @param classes gives the loader for a number of the sender's: the same for the same number
   * @return the task
   * @throws IllegalArgumentException if these are no such bytes, or of another version of procpool
   */
  public static EncodedTask read(byte[] bytes, LongFunction<RemoteClasses> classes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    try {
      byte version = in.get();
      if (version != VERSION) {
        throw new IllegalArgumentException(
            "a task of format "
                + version
                + ", and this is a procpool of format "
                + VERSION
                + ": have the same version in both JVMs");
      }
      boolean isStateless = in.get() == 1;
      long loader = in.getLong();
      byte[] task = new byte[checked(in.getInt(), in)];
      in.get(task);
      byte[] variables = new byte[in.remaining()];
      in.get(variables);
      return new EncodedTask(
          task, variables, isStateless, loader, Objects.requireNonNull(classes.apply(loader)));
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException("no encoded task: " + bytes.length + " bytes", e);
    }
  }

  private static int checked(int length, ByteBuffer in) {
    if (length < 0 || length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    return length;
  }

  /**
   * Gives the encoded task.
   *
   * @return the bytes; not a copy
   */
  public byte[] task() {
    return task;
  }

  /**
   * Gives the encoded variables of the shell that it uses.
   *
   * @return the bytes, empty for none; not a copy
   */
  public byte[] variables() {
    return variables;
  }

  /**
   * Tells whether the task is the same in every call, so that workers may keep it.
   *
   * @return whether it is
   */
  public boolean isStateless() {
    return isStateless;
  }

  /**
   * Gives the number of its loader with the sender.
   *
   * @return the number
   */
  public long loader() {
    return loader;
  }

  /**
   * Gives what workers ask for its classes.
   *
   * @return the loader
   */
  public RemoteClasses classes() {
    return classes;
  }

  /** Not to be called: only workers can run it. */
  @Override
  public byte[] call(byte[] item) {
    throw new UnsupportedOperationException(
        "a task that another JVM has encoded can only be run by the worker processes of a ProcessPool");
  }
}
