package dev.procpool.protocol;

import dev.procpool.codec.ByteOutput;
import java.nio.ByteBuffer;
import java.util.Map;

/**
 * What a worker is told before it begins.
 *
 * @param workerNumber its number in its pool
 * @param graceNanos how long an interrupted item has before it counts as stuck
 * @param maxTasks how many items it may run; 0 for no limit
 * @param maxPayload the most bytes that a result may take
 * @param loader the number of the loader that has the classes of the actions
 * @param items which codec arguments and results go by
 * @param outputKey the key of {@link OutputMark}s
 * @param marksOutput whether standard output has them, as standard error always has
 * @param forwardLogs whether records of {@code java.util.logging} go to the pool
 * @param properties system properties to set, those apart that its JVM was started with
 * @param initializer the encoded action to run first; empty for none
 * @param finalizer the encoded action to run at an orderly end; empty for none
 */
@SuppressWarnings("ArrayRecordComponent") // made, sent and dropped; never compared
public record WorkerConfig(
    int workerNumber,
    long graceNanos,
    int maxTasks,
    long maxPayload,
    long loader,
    ItemCodec items,
    byte[] outputKey,
    boolean marksOutput,
    boolean forwardLogs,
    Map<String, String> properties,
    byte[] initializer,
    byte[] finalizer) {

  /**
   * Appends this to a message.
   *
   * @param out the message
   */
  public void write(ByteOutput out) {
    out.putInt(workerNumber);
    out.putLong(graceNanos);
    out.putInt(maxTasks);
    out.putLong(maxPayload);
    out.putLong(loader);
    items.write(out);
    out.putInt(outputKey.length);
    out.write(outputKey, 0, outputKey.length);
    out.putByte(marksOutput ? 1 : 0);
    out.putByte(forwardLogs ? 1 : 0);
    new LogFields(out).map(properties);
    out.putInt(initializer.length);
    out.write(initializer, 0, initializer.length);
    out.write(finalizer, 0, finalizer.length);
  }

  /**
   * Reads one from a message.
   *
   * @param in the message
   * @return the configuration
   * @throws ProtocolException if it makes no sense
   */
  public static WorkerConfig read(ByteBuffer in) throws ProtocolException {
    int number = in.getInt();
    long grace = in.getLong();
    int maxTasks = in.getInt();
    long maxPayload = in.getLong();
    long loader = in.getLong();
    ItemCodec items = ItemCodec.read(in);
    byte[] outputKey = new byte[in.getInt()];
    in.get(outputKey);
    boolean marksOutput = in.get() != 0;
    boolean forwardLogs = in.get() != 0;
    Map<String, String> properties = LogFields.readTexts(in);
    byte[] initializer = new byte[in.getInt()];
    in.get(initializer);
    byte[] finalizer = new byte[in.remaining()];
    in.get(finalizer);
    return new WorkerConfig(
        number,
        grace,
        maxTasks,
        maxPayload,
        loader,
        items,
        outputKey,
        marksOutput,
        forwardLogs,
        properties,
        initializer,
        finalizer);
  }
}
