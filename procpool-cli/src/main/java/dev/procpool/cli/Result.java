package dev.procpool.cli;

import dev.procpool.Outcome;

/**
 * An item with how it fared. Immutable.
 *
 * @param item the item
 * @param outcome what the pool says of it
 * @param reply what the worker says of it, or what is made of the outcome in its place
 */
record Result(Item item, Outcome<?> outcome, Reply reply) {

  /**
   * A row that was given to the pool. Immutable.
   *
   * @param row the row
   * @param index its place in the input
   * @param key its content; null if there is no journal
   * @param attempt which run of it this is
   */
  record Item(Row row, long index, RowKey key, int attempt) {}

  Status status() {
    return reply.status();
  }

  Row row() {
    return item.row();
  }
}
