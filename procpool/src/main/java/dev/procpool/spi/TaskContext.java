package dev.procpool.spi;

import dev.procpool.WorkerContext;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * What one attempt at an item can know about its worker: for backends to give to {@link
 * WorkerContext#callWith}. Belongs to the thread that runs the task, as {@link WorkerContext} says.
 *
 * @since 0.2.0
 */
public final class TaskContext implements WorkerContext {

  private final int workerNumber;
  private final Map<Class<?>, Object> state;
  private final long itemIndex;
  private final int attempt;
  private final BooleanSupplier isCancelled;
  private final Runnable replacement;

  /**
   * Makes one of a worker that can't be replaced.
   *
   * @param workerNumber the worker's number in its pool, from 0
   * @param state what tasks leave in the worker: the same map for all its items
   * @param itemIndex the item's index in its call, from 0
   * @param attempt 1 for the first attempt at the item
   * @param isCancelled whether the item was cancelled, or ran into its time limit; from any thread
   */
  public TaskContext(
      int workerNumber,
      Map<Class<?>, Object> state,
      long itemIndex,
      int attempt,
      BooleanSupplier isCancelled) {
    this(workerNumber, state, itemIndex, attempt, isCancelled, () -> {});
  }

  /**
   * Makes one.
   *
   * @param workerNumber the worker's number in its pool, from 0
   * @param state what tasks leave in the worker: the same map for all its items
   * @param itemIndex the item's index in its call, from 0
   * @param attempt 1 for the first attempt at the item
   * @param isCancelled whether the item was cancelled, or ran into its time limit; from any thread
   * @param replacement what {@link #replaceWorker} does
   */
  public TaskContext(
      int workerNumber,
      Map<Class<?>, Object> state,
      long itemIndex,
      int attempt,
      BooleanSupplier isCancelled,
      Runnable replacement) {
    this.workerNumber = workerNumber;
    this.state = state;
    this.itemIndex = itemIndex;
    this.attempt = attempt;
    this.isCancelled = isCancelled;
    this.replacement = replacement;
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
    return isCancelled.getAsBoolean();
  }

  @Override
  public <T> T state(Class<T> type) {
    Object value = state.get(type);
    if (value == null) {
      throw new IllegalStateException(
          "worker " + workerNumber + " has no state of " + type + ": leave it there with setState");
    }
    return type.cast(value);
  }

  @Override
  public <T> void setState(Class<T> type, T value) {
    state.put(type, value);
  }

  @Override
  public void replaceWorker() {
    replacement.run();
  }
}
