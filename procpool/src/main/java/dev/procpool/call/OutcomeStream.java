package dev.procpool.call;

import dev.procpool.ItemOutcome;
import dev.procpool.Outcome;
import dev.procpool.ResultIterator;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;

/**
 * Items and their outcomes, of a stream of results. Thread-safe.
 *
 * @param <A> the type of the items
 * @param <R> the type of the results
 */
final class OutcomeStream<A, R> implements ResultIterator<ItemOutcome<A, R>> {

  private final ResultStream<R> results;
  private final HeldItems<A> items;

  OutcomeStream(ResultStream<R> results, HeldItems<A> items) {
    this.results = results;
    this.items = items;
  }

  private ItemOutcome<A, R> pair(Outcome<R> outcome) {
    return new ItemOutcome<>(items.take(outcome.index()), outcome);
  }

  private Outcome<ItemOutcome<A, R>> success(Outcome<R> outcome) {
    return new Outcome.Success<>(
        outcome.index(),
        outcome.attempts(),
        outcome.duration(),
        outcome.workerPid(),
        outcome.host(),
        pair(outcome));
  }

  @Override
  public boolean hasNext() {
    return results.hasNext();
  }

  @Override
  public boolean hasReady() {
    return results.hasReady();
  }

  @Override
  public ItemOutcome<A, R> next() {
    return pair(results.nextOutcome());
  }

  @Override
  public ItemOutcome<A, R> next(Duration timeout) throws TimeoutException, InterruptedException {
    return pair(results.nextOutcome(timeout));
  }

  @Override
  public Outcome<ItemOutcome<A, R>> nextOutcome() {
    return success(results.nextOutcome());
  }

  @Override
  public List<Outcome<ItemOutcome<A, R>>> nextOutcomes(int most) {
    return results.nextOutcomes(most).stream().map(this::success).toList();
  }

  @Override
  public Outcome<ItemOutcome<A, R>> nextOutcome(Duration timeout)
      throws TimeoutException, InterruptedException {
    return success(results.nextOutcome(timeout));
  }

  @Override
  public void cancelWaiting() {
    results.cancelWaiting();
  }

  @Override
  public void close() {
    results.close();
  }

  @Override
  public String toString() {
    return results.toString();
  }
}
