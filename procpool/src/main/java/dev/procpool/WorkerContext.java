package dev.procpool;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * What a task can know about the worker that runs it.
 *
 * <p>An object of this kind belongs to the thread that runs the task; only {@link #isCancelled()}
 * and {@code progress} may be called from other threads.
 */
public interface WorkerContext {

  /**
   * Gives the context of the task that the current thread runs, or of the initializer.
   *
   * @return the context
   * @throws IllegalStateException if the current thread runs no task of a pool
   */
  static WorkerContext current() {
    WorkerContext context = CurrentContext.HOLDER.get();
    if (context == null) {
      throw new IllegalStateException(
          "WorkerContext.current() was called outside a task: thread "
              + Thread.currentThread().getName()
              + " runs no task of a pool");
    }
    return context;
  }

  /**
   * Runs a body with a context as the current one; for backends.
   *
   * @param <R> the type of the result
   * @param context what {@link #current()} gives meanwhile
   * @param body what to run
   * @return the body's result
   * @throws Exception whatever the body throws
   */
  static <R extends @Nullable Object> R callWith(WorkerContext context, Callable<R> body)
      throws Exception {
    WorkerContext outer = CurrentContext.HOLDER.get();
    CurrentContext.HOLDER.set(context);
    try {
      return body.call();
    } finally {
      CurrentContext.HOLDER.set(outer);
    }
  }

  /**
   * Runs something whose {@link #context()} is what a call takes along: for procpool itself and for
   * those who write backends.
   *
   * @param pairs what {@code context()} is to give; not copied
   * @param body what to run
   * @param <R> the type of its result
   * @return its result
   * @throws Exception what it throws
   * @since 0.2.0
   */
  static <R extends @Nullable Object> R callWith(Map<String, String> pairs, Callable<R> body)
      throws Exception {
    Map<String, String> outer = CurrentContext.PAIRS.get();
    CurrentContext.PAIRS.set(pairs);
    try {
      return body.call();
    } finally {
      if (outer == null) {
        CurrentContext.PAIRS.remove();
      } else {
        CurrentContext.PAIRS.set(outer);
      }
    }
  }

  /**
   * Gives the worker's number.
   *
   * @return the number in its pool, from 0
   */
  int workerNumber();

  /**
   * Gives the item's index in its call.
   *
   * @return the index, from 0; -1 in the initializer
   */
  long itemIndex();

  /**
   * Tells how often the item has been started.
   *
   * @return 1 the first time; 0 in the initializer
   */
  int attempt();

  /**
   * Tells whether the item was cancelled or has run into a limit, so that a task that can't be
   * interrupted may stop by itself. What it returns within the pool's grace period is the outcome's
   * {@link Outcome#partial()}.
   *
   * @return whether nobody waits for the result any more
   */
  boolean isCancelled();

  /**
   * Says that the item gets on, for {@link TaskOptions#stallTimeout}: each call of this starts its
   * clock anew. Takes some nanoseconds. From any thread, while the item runs; does nothing in the
   * initializer.
   *
   * @since 0.2.0
   */
  void progress();

  /**
   * Says that the item gets on, and how far it has come. The last word of it is in {@link
   * WorkerInfo#progress()}, in {@link PoolStats}, and in the outcome of an item that has no value;
   * observers are told of it, up to four times a second. From any thread, while the item runs; does
   * nothing in the initializer.
   *
   * <pre>{@code
   * WorkerContext.current().progress(page / (double) pages, "page " + page);
   * }</pre>
   *
   * @param fraction how much of the item is done, from 0 to 1
   * @param note what the task is at; may be empty
   * @throws IllegalArgumentException if {@code fraction} is not from 0 to 1
   * @since 0.2.0
   */
  void progress(double fraction, String note);

  /**
   * Keeps a part of the item's result with the caller, in place of an earlier part. If the item
   * runs into a limit, fails, is cancelled, or is lost with its worker, its outcome has the last
   * part that was published whole: {@link Outcome#partial()}. Says that the item gets on, too. To
   * be called on the thread that runs the task. Costs about what a result of that size does.
   *
   * <pre>{@code
   * StringBuilder text = new StringBuilder();
   * for (Page page : document) {
   *   text.append(page.text());
   *   WorkerContext.current().publish(text.toString());
   * }
   * return text.toString();
   * }</pre>
   *
   * @param part of the type of the task's result
   * @throws TaskSerializationException if the part can't be serialized, or is larger than a result
   *     may be; an earlier part is kept
   * @throws IllegalStateException on another thread, or in the initializer
   * @since 0.2.0
   */
  void publish(Object part);

  /**
   * Gives what the last attempt at the item that published something has published last, so that
   * this attempt can go on from there: for tasks that are {@linkplain TaskOptions#retry retried}.
   *
   * @return the part; empty if there is none, as in the first attempt
   * @throws TaskSerializationException if the part can't be deserialized
   * @since 0.2.0
   */
  Optional<Object> published();

  /**
   * Gives what the item's call takes along: what {@link TaskOptions#context(java.util.Map)} says,
   * over what the task or callback had that made the call.
   *
   * @return names and values; none if nobody said any
   * @since 0.2.0
   */
  default Map<String, String> context() {
    Map<String, String> pairs = CurrentContext.PAIRS.get();
    return pairs == null ? Map.of() : pairs;
  }

  /**
   * Gives an object that the initializer or an earlier task left in this worker.
   *
   * @param <T> the type of the object
   * @param type the class it was left under
   * @return the object
   * @throws IllegalStateException if nothing was left under this class
   */
  <T> T state(Class<T> type);

  /**
   * Leaves an object in this worker for the tasks that follow, in place of any left under the same
   * class before.
   *
   * @param <T> the type of the object
   * @param type the class to leave it under
   * @param value the object
   */
  <T> void setState(Class<T> type, T value);

  /**
   * Asks for a fresh worker process after this item, for a task that knows or fears that it has
   * left its process in a bad state: a native library that failed, a leak, a thread that can't be
   * stopped. The item goes on and keeps its result. The process runs nothing after it: what else it
   * was to run other workers do, and it ends in good order, as with {@code maxTasksPerWorker}. This
   * counts neither as a failure nor as an attempt. Asking twice is asking once.
   *
   * <p>Does nothing where tasks run in the caller's own process, as in {@link
   * dev.procpool.inline.InlinePool}: there is none to replace.
   *
   * @throws IllegalStateException in an initializer, which runs for no item: to refuse a process
   *     there, throw an exception
   * @since 0.2.0
   */
  default void replaceWorker() {}
}
