package dev.procpool.cli.input;

import dev.procpool.cli.row.Rows;
import java.util.OptionalInt;

/**
 * What is made of the rows of an input before they are run. Immutable.
 *
 * @param arguments rows from the command line, in place of all others
 * @param fromResults whether the input is a run's results, of which the values are the rows
 * @param with columns that are added
 * @param sample how many rows are run, taken at random; empty for all
 * @param seed what the choice depends on
 * @param batch how many rows are passed together; empty for each alone
 */
public record RowPlan(
    ArgumentLists arguments,
    boolean fromResults,
    WithColumns with,
    OptionalInt sample,
    long seed,
    OptionalInt batch) {

  /** The rows as they are. */
  static final RowPlan PLAIN =
      new RowPlan(
          ArgumentLists.NONE, false, WithColumns.NONE, OptionalInt.empty(), 0, OptionalInt.empty());

  /** Gives the rows that are run. */
  Rows applied(Rows read) {
    Rows rows = fromResults ? new ResultRows(read) : read;
    rows = with.isEmpty() ? rows : new WithRows(rows, with);
    rows = sample.isEmpty() ? rows : new SampledRows(rows, sample.getAsInt(), seed);
    return batch.isEmpty() ? rows : new BatchedRows(rows, batch.getAsInt());
  }
}
