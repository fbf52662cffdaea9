package dev.procpool.protocol;

import dev.procpool.codec.ByteOutput;
import java.nio.ByteBuffer;

/**
 * A call's task. The worker keeps it until told to forget it.
 *
 * @param job the call's number
 * @param loader the number of the loader that has the task's class; 0 for the class path
 * @param timeoutNanos how long each item may run; 0 for no limit; {@link #BY_ITEM} if each item
 *     begins with its own, as a long of nanoseconds
 * @param isStateless whether equal bytes are the same task in every call
 * @param variables what {@link ShellVariable#write} gave; empty for a call from anywhere but a
 *     shell
 * @param task the encoded task
 */
@SuppressWarnings("ArrayRecordComponent") // made, sent and dropped; never compared
public record TaskMessage(
    long job, long loader, long timeoutNanos, boolean isStateless, byte[] variables, byte[] task) {

  /** In place of a limit that is the same for all items. */
  public static final long BY_ITEM = -1;

  /**
   * Appends this to a message, but for the task's bytes, which follow it.
   *
   * @param out the message
   */
  public void writeHead(ByteOutput out) {
    out.putLong(job);
    out.putLong(loader);
    out.putLong(timeoutNanos);
    out.putByte(isStateless ? 1 : 0);
    out.putInt(variables.length);
    out.write(variables, 0, variables.length);
  }

  /**
   * Reads one from a message.
   *
   * @param in the message
   * @return the task
   */
  public static TaskMessage read(ByteBuffer in) {
    long job = in.getLong();
    long loader = in.getLong();
    long timeout = in.getLong();
    boolean isStateless = in.get() != 0;
    byte[] variables = new byte[in.getInt()];
    in.get(variables);
    byte[] task = new byte[in.remaining()];
    in.get(task);
    return new TaskMessage(job, loader, timeout, isStateless, variables, task);
  }
}
