package dev.procpool.cli;

import dev.procpool.Outcome;
import dev.procpool.ResultIterator;
import java.io.IOException;
import java.util.Iterator;
import java.util.function.Consumer;

/**
 * Takes the outcomes of a run, as many at a time as are there, and hands each result on: to what
 * writes it, to who counts it, and to who may end the run. Used by one thread.
 */
final class ResultLoop {

  /** How many outcomes are taken at a time, at most. */
  private static final int BATCH = 256;

  private final InFlight items;
  private final Replies replies;
  private final Sink sink;
  private final Stop stop;
  private final Consumer<Result> written;

  /**
   * Makes it.
   *
   * @param items knows which row an outcome is of
   * @param replies makes replies of outcomes
   * @param sink writes results
   * @param stop may end the run, or says that it has ended
   * @param written is told of each result that was written
   */
  ResultLoop(InFlight items, Replies replies, Sink sink, Stop stop, Consumer<Result> written) {
    this.items = items;
    this.replies = replies;
    this.sink = sink;
    this.stop = stop;
    this.written = written;
  }

  /**
   * Goes on to the end of the outcomes, or of the run.
   *
   * @throws IOException if a result can't be written
   */
  void run(ResultIterator<String> outcomes) throws IOException {
    boolean isWanted = true;
    while (isWanted && (outcomes.hasReady() || hasNext(outcomes))) {
      Iterator<Outcome<String>> taken = outcomes.nextOutcomes(BATCH).iterator();
      while (isWanted && taken.hasNext()) {
        Outcome<String> outcome = taken.next();
        isWanted = handOn(new Result(items.take(outcome.index()), outcome, replies.of(outcome)));
      }
    }
  }

  /** Waits for an outcome, after what is written was passed on: a reader may wait for it. */
  private boolean hasNext(ResultIterator<String> outcomes) throws IOException {
    sink.flush();
    return outcomes.hasNext();
  }

  /** Tells whether more are wanted. */
  private boolean handOn(Result result) throws IOException {
    if (result.status() == Status.CANCELLED && stop.isUnderway()) {
      return true; // it was not run
    }
    sink.write(result);
    if (result.status() != Status.OK) {
      sink.flush(); // before what is said of it
    }
    written.accept(result);
    return stop.sees(result.reply());
  }
}
