package dev.procpool.call;

import dev.procpool.Outcome;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;

/**
 * The results of an {@code imap} call between their report and their consumer.
 *
 * <p>Bounded by the call's look-ahead: nothing is kept of a result that was taken. Not thread-safe:
 * guarded by its call's lock.
 *
 * @param <R> the type of one value
 */
interface ResultBuffer<R> {

  /** Notes that items are out, or about to be: all that come before one. */
  void expect(long end);

  /** Notes that no items are out but those that come before one, and never will be. */
  void end(long end);

  /** Takes in an item's outcome: false if it had one, or was not expected. */
  boolean put(Outcome<R> outcome);

  /** Passes on the index of every item that is out and has no outcome. */
  void missing(LongConsumer action);

  /** Gives an outcome to every item that is out and has none. */
  void fillMissing(LongFunction<Outcome<R>> outcome);

  /** Tells whether {@link #take} has something. */
  boolean hasNext();

  /** Takes the next outcome. */
  Outcome<R> take();

  /** Drops all results, and those still to come. */
  void discard();
}
