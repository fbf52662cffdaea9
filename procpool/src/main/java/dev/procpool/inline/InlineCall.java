package dev.procpool.inline;

import dev.procpool.Outcome;
import dev.procpool.TaskSerializationException;
import dev.procpool.WorkerContext;
import dev.procpool.function.Task1;
import dev.procpool.sharing.SharedUses;
import dev.procpool.spi.Nanos;
import dev.procpool.spi.Submission;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.locks.Condition;

/**
 * A call that the inline backend has taken on: its encoded task, the items that wait, those that
 * are out.
 *
 * <p>The collections and flags are guarded by the backend's lock; encoding and running are done
 * without it, by the feeder and the workers.
 *
 * @param <T> the type of the items
 * @param <R> the type of the results
 */
final class InlineCall<T, R> {

  private static final long PID = ProcessHandle.current().pid();

  final Submission<T, R> submission;

  /** The shared values that it has sent to workers. */
  final SharedUses uses = new SharedUses(key -> {});

  private final ClassLoader loader;

  /** The worker's own copy of the task, made once per call and worker. */
  private final Map<InlineWorker, Task1<Object, Object>> copies =
      Collections.synchronizedMap(new WeakHashMap<>());

  /** Set before the call is fed; null if the task can't be encoded. */
  private byte[] task;

  /** Why the task can't be encoded; null if it can. */
  private TaskSerializationException taskFailure;

  /** Belongs to the feeder. */
  private long nextIndex;

  // ---- guarded by the backend's lock

  final Deque<InlineItem> waiting = new ArrayDeque<>();
  final Set<InlineItem> delayed = new HashSet<>();
  final Set<InlineRun<R>> running = new HashSet<>();
  final Condition space;
  Thread feeder;
  boolean fed;
  boolean cancelled;

  /** Outcomes that are known and not reported yet. */
  int reporting;

  InlineCall(Submission<T, R> submission, Condition space) {
    this.submission = submission;
    this.space = space;
    ClassLoader own = submission.task().getClass().getClassLoader();
    this.loader = own != null ? own : ClassLoader.getSystemClassLoader();
  }

  // ---------------------------------------------------------------- guarded by the backend's lock

  /**
   * Tells whether nothing of the call is left to do. A cancelled call does not wait for its source.
   */
  boolean isOver() {
    return (fed || cancelled)
        && waiting.isEmpty()
        && delayed.isEmpty()
        && running.isEmpty()
        && reporting == 0;
  }

  /** Takes away the items that have not started, or wait to be started again. */
  List<InlineItem> removeWaiting() {
    List<InlineItem> removed = new ArrayList<>(waiting);
    removed.addAll(delayed);
    waiting.clear();
    delayed.clear();
    return removed;
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

  /** Encodes the next item that can be: null at the end. Others are settled here. */
  InlineItem pull() throws InterruptedException {
    SharedUses before = uses.enter();
    try {
      return pullNow();
    } finally {
      SharedUses.leave(before);
    }
  }

  private InlineItem pullNow() throws InterruptedException {
    while (submission.advance()) {
      long index = nextIndex++;
      try {
        if (taskFailure != null) {
          throw new TaskSerializationException(
              "item " + index + ": " + taskFailure.getMessage(), taskFailure.getCause());
        }
        byte[] argument = Copying.encode("item " + index + ": the argument", submission.item());
        return new InlineItem(index, argument, 0);
      } catch (TaskSerializationException e) {
        submission.settled(new Outcome.Failure<>(index, 0, Duration.ZERO, 0, e));
      }
    }
    return null;
  }

  void settleCancelled(InlineItem item) {
    submission.settled(
        new Outcome.Cancelled<>(
            item.index(), item.attempts(), Duration.ZERO, item.attempts() == 0 ? 0 : PID));
  }

  // ---------------------------------------------------------------- a worker

  /** Runs an attempt on its worker's thread. */
  Outcome<R> run(InlineRun<R> run) {
    String item = "item " + run.item.index();
    long start = System.nanoTime();
    try {
      Task1<Object, Object> copy = copies.get(run.worker);
      if (copy == null) {
        copy = decodeTask(item);
        copies.put(run.worker, copy);
      }
      Object argument = Copying.decode(item + ": the argument", run.item.argument(), loader);
      Task1<Object, Object> body = copy;
      Thread.interrupted(); // what decoding did to its thread is not meant for the task
      if (run.stop != null || run.isOver) {
        Thread.currentThread().interrupt(); // this is
      }
      start = System.nanoTime();
      Object result = WorkerContext.callWith(run, () -> body.call(argument));
      long nanos = System.nanoTime() - start;
      byte[] bytes = Copying.encodeResult(item + ": the result", result);
      return success(run, nanos, Copying.decode(item + ": the result", bytes, loader));
    } catch (TaskSerializationException e) {
      return failure(run, System.nanoTime() - start, e);
    } catch (Throwable e) {
      return failure(run, System.nanoTime() - start, Copying.copy(e, loader));
    }
  }

  @SuppressWarnings("unchecked") // the bytes are those of a Task1
  private Task1<Object, Object> decodeTask(String item) {
    return (Task1<Object, Object>) Copying.decode(item + ": the task", task, loader);
  }

  @SuppressWarnings("unchecked") // a copy of what this call's task returned
  private Outcome<R> success(InlineRun<R> run, long nanos, Object value) {
    return new Outcome.Success<>(
        run.item.index(), run.item.attempts(), Duration.ofNanos(nanos), PID, (R) value);
  }

  private Outcome<R> failure(InlineRun<R> run, long nanos, Throwable error) {
    return new Outcome.Failure<>(
        run.item.index(), run.item.attempts(), Duration.ofNanos(nanos), PID, error);
  }

  /** The outcome of an attempt that was stopped. */
  Outcome<R> stopped(InlineRun<R> run) {
    Duration ran = Duration.ofNanos(System.nanoTime() - run.startNanos);
    InlineItem item = run.item;
    if (run.stop == InlineRun.Stop.CANCELLED) {
      return new Outcome.Cancelled<>(item.index(), item.attempts(), ran, PID);
    }
    Duration limit = submission.options().timeout().orElseThrow();
    return new Outcome.TimedOut<>(item.index(), item.attempts(), ran, PID, limit, run.stack);
  }

  void report(Outcome<R> outcome) {
    if (outcome instanceof Outcome.Success<R> success) {
      submission.succeeded(
          success.index(),
          success.value(),
          success.attempts(),
          Nanos.of(success.duration()),
          success.workerPid());
    } else {
      submission.settled(outcome);
    }
  }
}
