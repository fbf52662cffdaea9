package dev.procpool.inline;

import dev.procpool.LimitKind;
import dev.procpool.Outcome;
import dev.procpool.TaskSerializationException;
import dev.procpool.WorkerContext;
import dev.procpool.function.Task1;
import dev.procpool.items.CallItems;
import dev.procpool.sharing.SharedUses;
import dev.procpool.spi.Attempt;
import dev.procpool.spi.Attempts;
import dev.procpool.spi.Submission;
import dev.procpool.spi.TaskOrigin;
import dev.procpool.spi.WorkerName;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.WeakHashMap;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;

/**
 * A call that the inline backend has taken on: its encoded task, the items that wait, those that
 * are out.
 *
 * <p>Where the items are is guarded by the backend's lock; encoding and running are done without
 * it, by the feeder and the workers.
 *
 * @param <T> the type of the items
 * @param <R> the type of the results
 */
final class InlineCall<T, R> {

  /** What all workers are called: the process is the caller's. */
  static final WorkerName WORKER = WorkerName.ofThisMachine(ProcessHandle.current().pid());

  final Submission<T, R> submission;

  /** What becomes of items after an attempt. */
  final Attempts<R> attempts;

  /** The shared values that it has sent to workers. */
  final SharedUses uses = new SharedUses(key -> {});

  final ClassLoader loader;

  /** The worker's own copy of the task, made once per call and worker. */
  private final Map<InlineWorker, Task1<Object, Object>> copies =
      Collections.synchronizedMap(new WeakHashMap<>());

  /** Set before the call is fed; of no use if the task can't be encoded. */
  private byte[] task = new byte[0];

  /** Why the task can't be encoded; null if it can. */
  private @Nullable TaskSerializationException taskFailure;

  /** Guarded by the backend's lock. */
  final CallItems<InlineItem, InlineRun<R>> items;

  /** To be made on the caller's thread. */
  InlineCall(Submission<T, R> submission, Condition space) {
    this.submission = submission;
    this.items = new CallItems<>(space);
    this.attempts = new Attempts<>(submission);
    this.loader = TaskOrigin.of(submission.task()).loader();
  }

  /** Has no more items pulled, and none tried again: gives those that don't run. With the lock. */
  List<InlineItem> stop() {
    attempts.stop();
    return items.stop();
  }

  // ---------------------------------------------------------------- the caller

  /** Takes the task as it is now, with what it has captured. */
  void encodeTask() {
    SharedUses before = uses.enter();
    try {
      task = Copying.encode("the task", submission.task());
    } catch (TaskSerializationException e) {
      taskFailure = e;
    } finally {
      SharedUses.leave(before);
    }
  }

  // ---------------------------------------------------------------- the feeder

  /** Fails, as each item does, if the task could not be encoded. */
  void refuseIfNotEncoded() {
    if (taskFailure != null) {
      throw taskFailure;
    }
  }

  // ---------------------------------------------------------------- a worker

  /** Runs an attempt on its worker's thread, which has the task's class loader meanwhile. */
  Outcome<R> run(InlineRun<R> run) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(loader);
    long start = System.nanoTime();
    try {
      Task1<Object, Object> body = copyOf(run.worker);
      Object argument = Copying.decode("the argument", run.item.argument(), loader);
      Thread.interrupted(); // what decoding did to its thread is not meant for the task
      if (run.stop != null || run.isOver) {
        thread.interrupt(); // this is
      }
      start = System.nanoTime();
      return run(run, body, argument, start);
    } catch (TaskSerializationException e) {
      return attempt(run, start).notSerializable(e.getMessage(), e.getCause());
    } catch (Throwable e) {
      return attempt(run, start).failed(Copying.copy(e, loader));
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  @SuppressWarnings({"unchecked", "NullAway"}) // a copy of what the task returned, null or not
  private Outcome<R> run(
      InlineRun<R> run, Task1<Object, Object> body, @Nullable Object argument, long start) {
    Object result;
    try {
      result = WorkerContext.callWith(run.context(), () -> body.call(argument));
    } catch (Throwable e) {
      return attempt(run, start).failed(Copying.copy(e, loader));
    }
    Attempt done = attempt(run, start);
    byte[] bytes = Copying.encodeResult("the result", result);
    if (result != null) {
      run.returned(bytes);
    }
    return done.succeeded((R) Copying.decode("the result", bytes, loader));
  }

  @SuppressWarnings("unchecked") // the bytes are those of a Task1
  private Task1<Object, Object> copyOf(InlineWorker worker) {
    Task1<Object, Object> copy = copies.get(worker);
    if (copy == null) {
      copy =
          Objects.requireNonNull((Task1<Object, Object>) Copying.decode("the task", task, loader));
      copies.put(worker, copy);
    }
    return copy;
  }

  /** The outcome of an attempt that could not be begun. */
  Outcome<R> failed(InlineRun<R> run, Throwable why) {
    return attempt(run, System.nanoTime()).failed(why);
  }

  private static Attempt attempt(InlineRun<?> run, long start) {
    return new Attempt(run.item.index(), run.attempt(), System.nanoTime() - start, WORKER)
        .leaving(run.part(), run.progress());
  }

  /**
   * The outcome of an attempt that was stopped.
   *
   * @param late what its task has come to all the same; null if it has not ended
   */
  Outcome<R> stopped(InlineRun<R> run, @Nullable Outcome<R> late) {
    Attempt attempt = attempt(run, run.startNanos);
    if (late instanceof Outcome.Success<R> success && success.value() != null) {
      attempt = attempt.leaving(success.value(), run.progress());
    }
    if (run.stop == InlineRun.Stop.CANCELLED) {
      return attempt.cancelled();
    }
    Duration limit =
        run.limit == LimitKind.RUN_TIME
            ? run.item.limit()
            : run.limit.of(submission.options()).orElse(null);
    return attempt.timedOut(
        run.limit, Objects.requireNonNullElse(limit, Duration.ZERO), run.stack, false);
  }
}
