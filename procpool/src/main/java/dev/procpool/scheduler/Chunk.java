package dev.procpool.scheduler;

/**
 * Items that were sent to a worker together. They finish in order.
 *
 * <p>Items {@code [0, done)} have finished, {@code [done, limit)} are with the worker, and those
 * from {@code limit} on were given back.
 */
public final class Chunk {

  private final long id;
  private final JobQueue job;
  private final Slice slice;

  /** What one item was expected to take when the chunk was sent. */
  final long expectedNanos;

  int done;
  int limit;
  boolean recalled;

  Chunk(long id, JobQueue job, Slice slice, long expectedNanos) {
    this.id = id;
    this.job = job;
    this.slice = slice;
    this.expectedNanos = expectedNanos;
    this.limit = slice.count();
  }

  /**
   * Gives the chunk's number.
   *
   * @return the number, from 1, never used twice
   */
  public long id() {
    return id;
  }

  /**
   * Gives the call that the items belong to.
   *
   * @return the call's number
   */
  public long job() {
    return job.id();
  }

  /**
   * Gives the items.
   *
   * @return all that were sent
   */
  public Slice slice() {
    return slice;
  }

  /**
   * Gives one of the items.
   *
   * @param offset its place
   * @return the item alone
   */
  public Item item(int offset) {
    return new Item(job.id(), slice.part(offset, offset + 1));
  }

  /**
   * Tells which item the worker has to report next.
   *
   * @return its place
   */
  public int begin() {
    return done;
  }

  /**
   * Tells where the items end that a worker may still have.
   *
   * @return the place after the last of them
   */
  public int end() {
    return limit;
  }

  JobQueue queue() {
    return job;
  }

  int remaining() {
    return limit - done;
  }
}
