package dev.procpool;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The result to come of a call made with one of the {@code …Async} methods of {@link Pool}.
 *
 * <p>It is complete once every item of the call has finished: with a value, with a failure, or
 * cancelled. All methods are thread-safe.
 *
 * <p>The model is {@code multiprocessing.pool.AsyncResult}; {@code isReady}, {@code isSuccessful}
 * and {@code await} are its {@code ready()}, {@code successful()} and {@code wait()}.
 *
 * @param <T> the type of the value
 */
public interface AsyncResult<T extends @Nullable Object> extends Future<T> {

  /**
   * Waits for the value.
   *
   * @return the value; may be null
   * @throws ExecutionException if the call failed; the cause is the task's own exception, of its
   *     own class, with the worker's stack trace, or one of the pool's exceptions
   * @throws java.util.concurrent.CancellationException if the call was cancelled or the pool
   *     terminated
   * @throws InterruptedException if this thread was interrupted; the call goes on
   */
  @Override
  T get() throws ExecutionException, InterruptedException;

  /**
   * Waits for the value, at most so long.
   *
   * @param timeout the longest time to wait; zero or less: not at all
   * @return the value; may be null
   * @throws TimeoutException if the call is not complete in time; it goes on
   * @throws ExecutionException as {@link #get()}
   * @throws InterruptedException as {@link #get()}
   */
  T get(Duration timeout) throws ExecutionException, InterruptedException, TimeoutException;

  /**
   * Waits until the call is complete, however it ended.
   *
   * @throws InterruptedException if this thread was interrupted; the call goes on
   */
  void await() throws InterruptedException;

  /**
   * Waits until the call is complete, at most so long.
   *
   * @param timeout the longest time to wait; zero or less: not at all
   * @return whether the call is complete
   * @throws InterruptedException if this thread was interrupted; the call goes on
   */
  boolean await(Duration timeout) throws InterruptedException;

  /**
   * Tells whether the call is complete: the same as {@link #isDone()}, under Python's name.
   *
   * @return whether {@link #get()} would return or throw at once
   */
  boolean isReady();

  /**
   * Tells whether the call completed without a failure.
   *
   * @return true if {@link #get()} returns a value, false if it throws
   * @throws IllegalStateException if the call is not complete
   */
  boolean isSuccessful();

  /**
   * Cancels the call. It is complete at once, as {@link Future#cancel} says. Items that have not
   * started never start. Items that run are interrupted and, after the grace period, killed with
   * their worker; or, if {@code mayInterruptIfRunning} is false, left to end by themselves.
   *
   * @param mayInterruptIfRunning whether to stop running items too
   * @return false if the call was complete before
   */
  @Override
  boolean cancel(boolean mayInterruptIfRunning);

  /**
   * Has the value passed to a callback if the call succeeds, or succeeded before.
   *
   * <p>The callback is called once, on a thread that carries nothing else: a slow one delays no
   * task and no other result, one that throws is logged and harms nothing. It may call every method
   * of the pool. {@link Pool#join()} returns after it has.
   *
   * @param callback what to do with the value
   * @return this
   */
  AsyncResult<T> onSuccess(Consumer<? super T> callback);

  /**
   * Has the failure itself, not wrapped, passed to a callback if the call fails or is cancelled, or
   * was before. Called as {@link #onSuccess} says.
   *
   * @param callback what to do with the failure
   * @return this
   */
  AsyncResult<T> onFailure(Consumer<? super Throwable> callback);

  /**
   * Gives this result as a {@link CompletableFuture}.
   *
   * <p>Whoever completes that future before the call does gives the call up: {@code cancel}, with
   * true or false, {@code orTimeout}, {@code completeOnTimeout}, {@code complete} and the like, or
   * a coroutine's {@code await()} that is cancelled. The call is then cancelled as {@code
   * cancel(true)} does: running items are interrupted and, after the grace period, killed. A stage
   * made from the future, such as that of {@code thenApply}, counts likewise, as long as it is the
   * only one that waits: once all stages were given up, and neither a thread nor anything else
   * waits for the future, the call is cancelled.
   *
   * <p>To wait for a while without giving up, use {@link #get(Duration)} or {@link
   * #await(Duration)}.
   *
   * @return a new future, completed when this result is
   */
  CompletableFuture<T> toCompletableFuture();
}
