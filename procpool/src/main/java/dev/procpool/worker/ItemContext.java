package dev.procpool.worker;

import dev.procpool.WorkerContext;
import java.util.HashMap;
import java.util.Map;

/** The context of whatever item the task thread runs. Owned by that thread. */
final class ItemContext implements WorkerContext {

  private final int workerNumber;
  private final ItemGuard guard;
  private final Map<Class<?>, Object> states = new HashMap<>();
  private long itemIndex = -1;
  private int attempt;

  ItemContext(int workerNumber, ItemGuard guard) {
    this.workerNumber = workerNumber;
    this.guard = guard;
  }

  void enter(long index, int attemptNumber) {
    itemIndex = index;
    attempt = attemptNumber;
  }

  @Override
  public int workerNumber() {
    return workerNumber;
  }

  @Override
  public long itemIndex() {
    return itemIndex;
  }

  @Override
  public int attempt() {
    return attempt;
  }

  @Override
  public boolean isCancelled() {
    return guard.isInterrupted();
  }

  @Override
  public <T> T state(Class<T> type) {
    Object value = states.get(type);
    if (value == null) {
      throw new IllegalStateException(
          "no state of "
              + type
              + " in worker "
              + workerNumber
              + ": let the initializer call WorkerContext.current().setState("
              + type.getSimpleName()
              + ".class, …)");
    }
    return type.cast(value);
  }

  @Override
  public <T> void setState(Class<T> type, T value) {
    states.put(type, type.cast(value));
  }
}
