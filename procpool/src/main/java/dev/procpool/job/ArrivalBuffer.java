package dev.procpool.job;

import java.util.ArrayDeque;
import java.util.Queue;

/** Gives results in the order they arrived; knows of an item only while it is out. */
final class ArrivalBuffer implements ResultBuffer {

  private final LongSet out = new LongSet();
  private final Queue<Object> arrived = new ArrayDeque<>();
  private boolean discarding;

  @Override
  public void expect(long index) {
    out.add(index);
  }

  @Override
  public boolean put(long index, Object result) {
    if (!out.remove(index)) {
      return false;
    }
    if (!discarding) {
      arrived.add(result);
    }
    return true;
  }

  @Override
  public void fillMissing(Object result) {
    for (int i = discarding ? 0 : out.size(); i > 0; i--) {
      arrived.add(result);
    }
    out.clear();
  }

  @Override
  public boolean hasNext() {
    return !arrived.isEmpty();
  }

  @Override
  public Object take() {
    return arrived.remove();
  }

  @Override
  public void discard() {
    discarding = true;
    arrived.clear();
  }
}
