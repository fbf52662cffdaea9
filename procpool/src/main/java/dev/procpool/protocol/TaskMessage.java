package dev.procpool.protocol;

import dev.procpool.codec.ByteOutput;
import java.nio.ByteBuffer;

/**
 * A call's task. The worker keeps it until told to forget it.
 *
 * @param job the call's number
 * @param loader the number of the loader that has the task's class; 0 for the class path
 * @param timeoutNanos how long each item may run; 0 for no limit
 * @param task the encoded task
 */
@SuppressWarnings("ArrayRecordComponent") // made, sent and dropped; never compared
public record TaskMessage(long job, long loader, long timeoutNanos, byte[] task) {

  /**
   * Appends this to a message, but for the task's bytes, which follow it.
   *
   * @param out the message
   */
  public void writeHead(ByteOutput out) {
    out.putLong(job);
    out.putLong(loader);
    out.putLong(timeoutNanos);
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
    byte[] task = new byte[in.remaining()];
    in.get(task);
    return new TaskMessage(job, loader, timeout, task);
  }
}
