package dev.procpool.call;

import dev.procpool.Outcome;
import dev.procpool.ResultIterator;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Queue;

/** An iterator as others may write one: of outcomes that are there, with what it must have. */
final class ListedOutcomes<R> implements ResultIterator<R> {

  private final Queue<Outcome<R>> outcomes;

  ListedOutcomes(Collection<Outcome<R>> outcomes) {
    this.outcomes = new ArrayDeque<>(outcomes);
  }

  @Override
  public boolean hasNext() {
    return !outcomes.isEmpty();
  }

  @Override
  public boolean hasReady() {
    return hasNext();
  }

  @Override
  public R next() {
    return nextOutcome().valueOrThrow();
  }

  @Override
  public Outcome<R> nextOutcome() {
    return outcomes.remove();
  }

  @Override
  public R next(Duration timeout) {
    return next();
  }

  @Override
  public void close() {}
}
