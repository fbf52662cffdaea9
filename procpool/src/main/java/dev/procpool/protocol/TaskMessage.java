package dev.procpool.protocol;

import dev.procpool.codec.ByteOutput;
import java.nio.ByteBuffer;

/**
 * A call's task. The worker keeps it until told to forget it, or as long as its chunk.
 *
 * @param call the call's number
 * @param loader the number of the loader that has the task's class; 0 for the class path
 * @param limits what each item may take
 * @param isStateless whether equal bytes are the same task in every call
 * @param variables what {@link ShellVariable#write} gave; empty for a call from anywhere but a
 *     shell
 * @param task the encoded task
 */
@SuppressWarnings("ArrayRecordComponent") // made, sent and dropped; never compared
public record TaskMessage(
    long call, long loader, TaskLimits limits, boolean isStateless, byte[] variables, byte[] task) {

  /**
   * Appends this to a message, but for the task's bytes, which follow it.
   *
   * @param out the message
   */
  public void writeHead(ByteOutput out) {
    out.putLong(call);
    out.putLong(loader);
    limits.write(out);
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
    long call = in.getLong();
    long loader = in.getLong();
    TaskLimits limits = TaskLimits.read(in);
    boolean isStateless = in.get() != 0;
    byte[] variables = new byte[in.getInt()];
    in.get(variables);
    byte[] task = new byte[in.remaining()];
    in.get(task);
    return new TaskMessage(call, loader, limits, isStateless, variables, task);
  }
}
