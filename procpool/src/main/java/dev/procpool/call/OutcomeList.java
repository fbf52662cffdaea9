package dev.procpool.call;

import dev.procpool.Outcome;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;

/**
 * The outcomes of a call that has ended, made as they are asked for. Immutable.
 *
 * @param <R> the type of the values
 */
final class OutcomeList<R> extends AbstractList<Outcome<R>> implements RandomAccess {

  private final TableCall<?, R> call;
  private final int size;

  OutcomeList(TableCall<?, R> call, int size) {
    this.call = call;
    this.size = size;
  }

  /** The outcomes of the first items of a call that goes on, as of now. */
  static <R> List<Outcome<R>> soFar(TableCall<?, R> call, long items) {
    List<Outcome<R>> snapshot = new ArrayList<>(Math.toIntExact(items));
    for (long from = 0; from < items; from += OutcomeTable.SEGMENT) {
      call.lock.lock(); // a piece at a time, so that reports get in between
      try {
        for (long i = from; i < Math.min(items, from + OutcomeTable.SEGMENT); i++) {
          Outcome<R> outcome = call.outcomeNow(i);
          snapshot.add(outcome == null ? new Outcome.Pending<>(i) : outcome);
        }
      } finally {
        call.lock.unlock();
      }
    }
    return List.copyOf(snapshot);
  }

  @Override
  public Outcome<R> get(int index) {
    return Objects.requireNonNull(call.outcomeNow(Objects.checkIndex(index, size)));
  }

  @Override
  public int size() {
    return size;
  }
}
