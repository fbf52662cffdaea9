package dev.procpool.call;

import dev.procpool.AsyncResult;
import dev.procpool.Pool;
import dev.procpool.TaskSerializationException;
import dev.procpool.function.Task1;
import dev.procpool.guard.SafeLog;
import dev.procpool.guard.SafeText;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A pool as an {@link ExecutorService}. Thread-safe; all state is the pool's.
 *
 * <p>What it gets must be serializable and must not be a future, and is refused at once otherwise.
 * Libraries that wrap their work ({@code CompletableFuture.supplyAsync}, Spring's {@code @Async},
 * Reactor) look at no future of ours, so a failure that only that tells would be lost, and they
 * wait for ever for a runnable that ran as a copy elsewhere. All of them pass on a {@link
 * RejectedExecutionException}.
 */
final class PoolExecutor implements ExecutorService {

  private final Pool pool;
  private final PoolLife life;

  PoolExecutor(Pool pool, PoolLife life) {
    this.pool = pool;
    this.life = life;
  }

  // ---------------------------------------------------------------- single tasks

  @Override
  public void execute(Runnable command) {
    submit(command)
        .onFailure(
            failure ->
                SafeLog.log(System.Logger.Level.ERROR, "an executed runnable failed", failure));
  }

  @Override
  public <T> AsyncResult<T> submit(Callable<T> task) {
    refuseUnfit(task);
    return sent(task, new CallableTask<T>(task));
  }

  @Override
  public AsyncResult<?> submit(Runnable task) {
    refuseUnfit(task);
    return sent(task, new RunnableTask(task));
  }

  @SuppressWarnings("NullAway") // A may stand for null: these tasks take no argument
  private <R> AsyncResult<R> sent(Object given, Task1<Object, R> task) {
    AsyncResult<R> result = pool.applyAsync(task, null);
    TaskSerializationException refusal = ((SingleResult<R>) result).call.refusal();
    if (refusal != null) { // found out while the call was made
      String why = String.valueOf(refusal.getMessage());
      throw refused(given, why.substring(why.indexOf(':') + 1).trim(), refusal);
    }
    return result;
  }

  /** Refuses what no worker can run: only who made the call can do anything about it. */
  private static void refuseUnfit(Object task) {
    Objects.requireNonNull(task, "task");
    if (task instanceof Future) {
      throw refused(
          task, "it is a future of this JVM, and a copy of it would not complete it", null);
    } else if (!(task instanceof Serializable)) {
      throw refused(task, "it is not Serializable, so no copy of it can be sent", null);
    }
  }

  private static RejectedExecutionException refused(
      Object task, String why, @Nullable Throwable cause) {
    String type = task instanceof Runnable ? "Runnable" : "Callable<…>";
    return new RejectedExecutionException(
        "a worker process can't run "
            + task.getClass().getName()
            + ": "
            + why
            + "; where a library wraps its tasks, call pool.applyAsync(f, a).toCompletableFuture()"
            + " in its place; a lambda of your own is Serializable if it is cast to ("
            + type
            + " & java.io.Serializable)",
        cause);
  }

  @Override
  public <T> Future<T> submit(Runnable task, T result) {
    return new FixedFuture<>(submit(task), result);
  }

  // ---------------------------------------------------------------- several tasks

  @Override
  public <T> List<Future<T>> invokeAll(Collection<? extends Callable<T>> tasks)
      throws InterruptedException {
    return invokeAll(tasks, Deadline.NEVER);
  }

  @Override
  public <T> List<Future<T>> invokeAll(
      Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
      throws InterruptedException {
    return invokeAll(tasks, Deadline.after(Duration.ofNanos(unit.toNanos(timeout))));
  }

  private <T> List<Future<T>> invokeAll(Collection<? extends Callable<T>> tasks, Deadline deadline)
      throws InterruptedException {
    List<AsyncResult<T>> results = new ArrayList<>();
    boolean done = false;
    tasks.forEach(PoolExecutor::refuseUnfit); // before any of them runs
    try {
      for (Callable<T> task : tasks) {
        results.add(submit(task));
      }
      for (AsyncResult<T> result : results) {
        if (!result.await(deadline.left())) {
          result.cancel(true);
        }
      }
      done = true;
    } finally {
      if (!done) {
        results.forEach(result -> result.cancel(true));
      }
    }
    return new ArrayList<>(results);
  }

  @Override
  public <T> T invokeAny(Collection<? extends Callable<T>> tasks)
      throws InterruptedException, ExecutionException {
    try {
      return invokeAny(tasks, Deadline.NEVER);
    } catch (TimeoutException never) {
      throw new AssertionError(never);
    }
  }

  @Override
  public <T> T invokeAny(Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    return invokeAny(tasks, Deadline.after(Duration.ofNanos(unit.toNanos(timeout))));
  }

  private <T> T invokeAny(Collection<? extends Callable<T>> tasks, Deadline deadline)
      throws InterruptedException, ExecutionException, TimeoutException {
    if (tasks.isEmpty()) {
      throw new IllegalArgumentException("tasks must not be empty");
    }
    List<AsyncResult<T>> results = new ArrayList<>();
    BlockingQueue<AsyncResult<T>> completed = new LinkedBlockingQueue<>();
    tasks.forEach(PoolExecutor::refuseUnfit); // before any of them runs
    try {
      for (Callable<T> task : tasks) {
        AsyncResult<T> result = submit(task);
        results.add(result);
        result.onSuccess(value -> completed.add(result)).onFailure(e -> completed.add(result));
      }
      ExecutionException failure = null;
      for (int i = 0; i < results.size(); i++) {
        AsyncResult<T> first = completed.poll(deadline.remaining(), TimeUnit.NANOSECONDS);
        if (first == null) {
          throw new TimeoutException("none of " + results.size() + " tasks succeeded in time");
        }
        try {
          return first.get();
        } catch (ExecutionException e) {
          failure = e;
        } catch (CancellationException e) {
          failure = new ExecutionException(SafeText.of(e), e);
        }
      }
      throw failure;
    } finally {
      results.forEach(result -> result.cancel(true));
    }
  }

  // ---------------------------------------------------------------- the end

  @Override
  public void shutdown() {
    pool.shutdown();
  }

  @Override
  public List<Runnable> shutdownNow() {
    pool.terminate();
    return List.of();
  }

  /** Overrides the method that executor services have from JDK 19, which waits without limit. */
  @SuppressWarnings("unused")
  public void close() {
    pool.close();
  }

  @Override
  public boolean isShutdown() {
    return pool.isShutdown();
  }

  @Override
  public boolean isTerminated() {
    return pool.isTerminated();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    return life.awaitTermination(Deadline.after(Duration.ofNanos(unit.toNanos(timeout))));
  }

  /** A callable as a task; its item is null. */
  private record CallableTask<R>(Callable<? extends R> callable) implements Task1<Object, R> {
    @Override
    public R call(Object ignored) throws Exception {
      return callable.call();
    }
  }

  /** A runnable as a task; its item is null. */
  private record RunnableTask(Runnable runnable) implements Task1<Object, Void> {
    @Override
    public Void call(Object ignored) {
      runnable.run();
      return null;
    }
  }

  /** A future that gives the caller's own object once a runnable has run. */
  private record FixedFuture<T>(AsyncResult<?> ran, T result) implements Future<T> {
    @Override
    public T get() throws ExecutionException, InterruptedException {
      ran.get();
      return result;
    }

    @Override
    public T get(long timeout, TimeUnit unit)
        throws ExecutionException, InterruptedException, TimeoutException {
      ran.get(timeout, unit);
      return result;
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
      return ran.cancel(mayInterruptIfRunning);
    }

    @Override
    public boolean isCancelled() {
      return ran.isCancelled();
    }

    @Override
    public boolean isDone() {
      return ran.isDone();
    }
  }
}
