package dev.procpool.spark.wire;

/**
 * What executors have to know of the pool, beside each worker's options. Immutable.
 *
 * @param name the pool's name
 * @param actions initializer, finalizer and codec, encoded
 * @param takesOutput whether the driver takes what workers print
 * @param takesLogs whether the driver takes what workers log
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record ExecutorSettings(
    String name, byte[] actions, boolean takesOutput, boolean takesLogs) {}
