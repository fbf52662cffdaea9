package dev.procpool.spi;

import dev.procpool.Progress;
import dev.procpool.WorkerContext;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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
  private final TaskListener listener;
  private final Thread thread = Thread.currentThread();

  /**
   * Makes one, on the thread that is to run the task.
   *
   * @param workerNumber the worker's number in its pool, from 0
   * @param state what tasks leave in the worker: the same map for all its items
   * @param itemIndex the item's index in its call, from 0
   * @param attempt 1 for the first attempt at the item
   * @param isCancelled whether the item was cancelled, or ran into a limit; from any thread
   * @param listener is told what the task says
   */
  public TaskContext(
      int workerNumber,
      Map<Class<?>, Object> state,
      long itemIndex,
      int attempt,
      BooleanSupplier isCancelled,
      TaskListener listener) {
    this.workerNumber = workerNumber;
    this.state = state;
    this.itemIndex = itemIndex;
    this.attempt = attempt;
    this.isCancelled = isCancelled;
    this.listener = listener;
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
  public void progress() {
    listener.progressed(null);
  }

  @Override
  public void progress(double fraction, String note) {
    listener.progressed(new Progress(fraction, note));
  }

  @Override
  public void publish(Object part) {
    Objects.requireNonNull(part, "part");
    if (Thread.currentThread() != thread) {
      throw new IllegalStateException(
          "publish() was called by thread "
              + Thread.currentThread().getName()
              + ": only the thread that runs the task may");
    }
    listener.published(part);
  }

  @Override
  public Optional<Object> published() {
    return listener.earlier();
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
    listener.replacementAsked();
  }
}
