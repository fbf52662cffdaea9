package dev.procpool.job;

import dev.procpool.Outcome;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;

/**
 * The outcomes of a job that has ended, made as they are asked for. Immutable.
 *
 * @param <R> the type of the values
 */
final class OutcomeList<R> extends AbstractList<Outcome<R>> implements RandomAccess {

  private final TableJob<?, R> job;
  private final int size;

  OutcomeList(TableJob<?, R> job, int size) {
    this.job = job;
    this.size = size;
  }

  /** The outcomes of the first items of a job that goes on, as of now. */
  static <R> List<Outcome<R>> soFar(TableJob<?, R> job, long items) {
    List<Outcome<R>> snapshot = new ArrayList<>(Math.toIntExact(items));
    for (long from = 0; from < items; from += OutcomeTable.SEGMENT) {
      job.lock.lock(); // a piece at a time, so that reports get in between
      try {
        for (long i = from; i < Math.min(items, from + OutcomeTable.SEGMENT); i++) {
          Outcome<R> outcome = job.outcomeNow(i);
          snapshot.add(outcome == null ? new Outcome.Pending<>(i) : outcome);
        }
      } finally {
        job.lock.unlock();
      }
    }
    return List.copyOf(snapshot);
  }

  @Override
  public Outcome<R> get(int index) {
    return Objects.requireNonNull(job.outcomeNow(Objects.checkIndex(index, size)));
  }

  @Override
  public int size() {
    return size;
  }
}
