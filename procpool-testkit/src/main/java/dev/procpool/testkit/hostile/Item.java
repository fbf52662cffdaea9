package dev.procpool.testkit.hostile;

/**
 * An item that a hostile worker was given.
 *
 * @param chunk its chunk's number
 * @param offset its place in the chunk
 * @param bytes its encoded argument, which is its result as well
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Item(long chunk, int offset, byte[] bytes) {}
