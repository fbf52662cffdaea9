package dev.procpool.spark.slots;

/**
 * A task of Spark's that holds a slot of an executor for the pool. Immutable.
 *
 * @param job the number of the job, of the pool's own
 * @param partition which of its partitions
 * @param attempt the number of the attempt at it, unlike those of all other tasks of the context
 * @param executor the executor that runs it
 */
public record SlotKey(long job, int partition, long attempt, String executor) {}
