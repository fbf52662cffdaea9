package dev.procpool.spark.slots;

/**
 * What the items of a call were like, for the next call of the same task. Immutable.
 *
 * @param nanos how long one took
 * @param resultBytes how many bytes its result had
 * @param ramp how many would go together at most
 */
public record Measured(double nanos, double resultBytes, int ramp) {}
