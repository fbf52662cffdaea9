package dev.procpool.call;

import dev.procpool.Outcome;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;

/**
 * Gives results in the order they arrived; knows of an item only while it is out or about to be.
 */
final class ArrivalBuffer<R> implements ResultBuffer<R> {

  private final LongSet out = new LongSet();
  private final Queue<Outcome<R>> arrived = new ArrayDeque<>();
  private long end;
  private boolean discarding;

  @Override
  public void expect(long newEnd) {
    for (; end < newEnd; end++) {
      out.add(end);
    }
  }

  @Override
  public void end(long lastEnd) {
    for (; end > lastEnd; end--) {
      out.remove(end - 1);
    }
  }

  @Override
  public boolean put(Outcome<R> outcome) {
    if (!out.remove(outcome.index())) {
      return false;
    }
    if (!discarding) {
      arrived.add(outcome);
    }
    return true;
  }

  @Override
  public void missing(LongConsumer action) {
    out.stream().sorted().forEach(action);
  }

  @Override
  public void fillMissing(LongFunction<Outcome<R>> outcome) {
    if (!discarding) {
      out.stream().sorted().mapToObj(outcome).forEach(arrived::add);
    }
    out.clear();
  }

  @Override
  public boolean hasNext() {
    return !arrived.isEmpty();
  }

  @Override
  public Outcome<R> take() {
    return arrived.remove();
  }

  @Override
  public void discard() {
    discarding = true;
    arrived.clear();
  }
}
