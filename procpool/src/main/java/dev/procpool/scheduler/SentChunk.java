package dev.procpool.scheduler;

import java.util.ArrayList;
import java.util.List;

/**
 * Items that were sent to a worker together. They finish in order.
 *
 * <p>Items {@code [0, done)} have finished, {@code [done, limit)} are with the worker, and those
 * from {@code limit} on were given back.
 */
public final class SentChunk {

  private final long id;
  private final CallQueue call;
  private final Slice slice;

  /** What one item was expected to take when the chunk was sent. */
  private final long expectedNanos;

  private int done;
  private int limit;
  private boolean recalled;

  SentChunk(long id, CallQueue call, Slice slice, long expectedNanos) {
    this.id = id;
    this.call = call;
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
  public long call() {
    return call.id();
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
    return new Item(call.id(), slice.part(offset, offset + 1));
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

  CallQueue queue() {
    return call;
  }

  int remaining() {
    return limit - done;
  }

  /** The items that the worker still has before a place. */
  List<Item> itemsBefore(int place) {
    List<Item> items = new ArrayList<>();
    for (int i = done; i < place; i++) {
      items.add(item(i));
    }
    return items;
  }

  void finished(int count) {
    done += count;
  }

  /** Takes the items from a place on away. */
  Slice cut(int from) {
    Slice cut = slice.part(from, limit);
    limit = from;
    return cut;
  }

  void recall() {
    recalled = true;
  }

  boolean isRecalled() {
    return recalled;
  }

  /** What so many items were expected to take when the chunk was sent. */
  long expectedNanos(int items) {
    return items * expectedNanos;
  }
}
