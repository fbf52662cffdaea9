package dev.procpool.job;

import dev.procpool.Outcome;
import java.util.AbstractList;
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

  @Override
  public Outcome<R> get(int index) {
    return job.outcomeNow(Objects.checkIndex(index, size));
  }

  @Override
  public int size() {
    return size;
  }
}
