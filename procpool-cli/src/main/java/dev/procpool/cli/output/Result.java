package dev.procpool.cli.output;

import dev.procpool.Outcome;
import dev.procpool.cli.journal.RowKey;
import dev.procpool.cli.reply.Reply;
import dev.procpool.cli.reply.Status;
import dev.procpool.cli.row.Row;
import org.jspecify.annotations.Nullable;

/**
 * An item with how it fared. Immutable.
 *
 * @param item the item
 * @param outcome what the pool says of it
 * @param reply what the worker says of it, or what is made of the outcome in its place
 */
public record Result(Item item, Outcome<?> outcome, Reply reply) {

  /**
   * A row that was given to the pool. Immutable.
   *
   * @param row the row
   * @param index its place in the input
   * @param key its content; null if there is no journal
   * @param attempt which run of it this is
   */
  public record Item(Row row, long index, @Nullable RowKey key, int attempt) {}

  public Status status() {
    return reply.status();
  }

  public Row row() {
    return item.row();
  }
}
