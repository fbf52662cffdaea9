package dev.procpool.cli.run;

import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.ResultIterator;
import dev.procpool.cli.limit.MedianLimit;
import dev.procpool.cli.limit.RatedRows;
import dev.procpool.cli.options.RunOptions;
import dev.procpool.cli.output.Result;
import dev.procpool.cli.reply.Status;
import dev.procpool.cli.report.RunProgress;
import dev.procpool.cli.stop.Stop;
import dev.procpool.cli.task.MethodTask;
import dev.procpool.cli.terminal.Console;
import java.io.IOException;
import java.util.Iterator;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * The one call of a run: hands the items to the pool, no faster than they are wanted, takes their
 * outcomes and hands on the results. Used by one thread; the pool's own thread reads the rows.
 */
final class ItemStream {

  /** How many outcomes are taken at a time, at most. */
  private static final int BATCH = 256;

  private final RunOptions options;
  private final Pool pool;
  private final InFlight items;
  private final RunResults results;
  private final Stop stop;

  ItemStream(RunOptions options, Pool pool, InFlight items, RunResults results, Stop stop) {
    this.options = options;
    this.pool = pool;
    this.items = items;
    this.results = results;
    this.stop = stop;
  }

  /**
   * Runs all items, or those that are started before the run is stopped.
   *
   * @param task what is called
   * @param console shows the progress
   * @param total how many items there are; empty if nobody knows
   */
  void run(MethodTask task, Console console, OptionalLong total) throws IOException {
    try (items;
        MedianLimit median = medianLimit();
        RatedRows<String> rated = rated(median == null ? items : median);
        RunProgress progress =
            new RunProgress(console, total, pool, items::describe, options.lineEvery())) {
      Iterable<String> rows = rated != null ? rated : median != null ? median : items;
      consume(task, rows, median, progress);
    }
  }

  private @Nullable RatedRows<String> rated(Iterable<String> rows) {
    return options.pool.rate == null ? null : new RatedRows<>(rows, options.pool.rate);
  }

  private @Nullable MedianLimit medianLimit() {
    return options.timeout != null && options.timeout.isByMedian()
        ? new MedianLimit(items, options.timeout.factor(), options.workerCount())
        : null;
  }

  /** Hands on the outcomes. */
  private void consume(
      MethodTask task, Iterable<String> rows, @Nullable MedianLimit median, RunProgress progress)
      throws IOException {
    Pool limited = pool.with(options.taskOptions(median));
    boolean asTheyCome = options.unordered || median != null || results.arePutInOrder();
    Replies replies = new Replies(options.stackTraces, median);
    try (ResultIterator<String> outcomes =
        asTheyCome ? limited.imapUnordered(task, rows) : limited.imap(task, rows)) {
      stop.watch(outcomes);
      if (median != null) {
        median.watch(limited);
      }
      boolean isWanted = true;
      while (isWanted && (outcomes.hasReady() || hasNext(outcomes))) {
        Iterator<Outcome<String>> taken = outcomes.nextOutcomes(BATCH).iterator();
        while (isWanted && taken.hasNext()) {
          Outcome<String> outcome = taken.next();
          Result result = new Result(items.take(outcome.index()), outcome, replies.of(outcome));
          isWanted = handOn(result, progress);
        }
      }
    } catch (CancellationException e) {
      if (!stop.isUnderway()) {
        throw e;
      }
    }
  }

  /** Tells whether more results are wanted. */
  private boolean handOn(Result result, RunProgress progress) throws IOException {
    if (result.status() == Status.CANCELLED && stop.isUnderway()) {
      return true; // it was not run
    }
    results.take(result);
    progress.add(result.status());
    return stop.sees(result.reply());
  }

  /** Waits for a result, after what is there was passed on: a reader may wait for it. */
  private boolean hasNext(ResultIterator<String> outcomes) throws IOException {
    results.flush();
    return outcomes.hasNext();
  }
}
