package dev.procpool.spi;

import dev.procpool.LimitKind;
import dev.procpool.Outcome;
import dev.procpool.Progress;
import dev.procpool.TaskSerializationException;
import dev.procpool.WorkerExit;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at an item, which has ended: makes the item's outcome of it. Each backend makes
 * outcomes here, so that they say the same in the same words. Immutable.
 *
 * @param index the item's place in its call
 * @param number which attempt it was, from 1; 0 if the item never started
 * @param duration how long it ran, measured where it ran
 * @param worker where it ran
 * @param partial what there is of the item's value: see {@link Outcome#partial()}
 * @param progress how far it had come: see {@link Outcome#progress()}
 * @since 0.2.0
 */
public record Attempt(
    long index,
    int number,
    Duration duration,
    WorkerName worker,
    Optional<Object> partial,
    Optional<Progress> progress) {

  /**
   * Makes one that has published nothing.
   *
   * @param index the item's place in its call
   * @param number which attempt it was, from 1; 0 if the item never started
   * @param duration how long it ran
   * @param worker where it ran
   */
  public Attempt(long index, int number, Duration duration, WorkerName worker) {
    this(index, number, duration, worker, Optional.empty(), Optional.empty());
  }

  /**
   * Makes one.
   *
   * @param index the item's place in its call
   * @param number which attempt it was, from 1
   * @param nanos how long it ran
   * @param worker where it ran
   */
  public Attempt(long index, int number, long nanos, WorkerName worker) {
    this(index, number, Duration.ofNanos(nanos), worker);
  }

  /**
   * Stands for the attempts at an item that never started.
   *
   * @param index the item's place in its call
   * @return no attempt
   */
  public static Attempt none(long index) {
    return new Attempt(index, 0, Duration.ZERO, WorkerName.NONE);
  }

  /**
   * Gives the attempt that an outcome tells of.
   *
   * @param outcome the outcome
   * @return the attempt
   */
  public static Attempt of(Outcome<?> outcome) {
    return new Attempt(
        outcome.index(),
        outcome.attempts(),
        outcome.duration(),
        WorkerName.of(outcome.host(), outcome.workerPid()),
        outcome.partial().map(part -> part),
        outcome.progress());
  }

  /**
   * Adds what there is of an item that has no value.
   *
   * @param part the last part of its value that was published whole; null for none
   * @param last how far it had come; null if nobody said
   * @return the attempt with both
   */
  public Attempt leaving(@Nullable Object part, @Nullable Progress last) {
    return part == null && last == null
        ? this
        : new Attempt(
            index, number, duration, worker, Optional.ofNullable(part), Optional.ofNullable(last));
  }

  /**
   * The task returned.
   *
   * @param <R> the type of the value
   * @param value what it returned; may be null
   * @return the outcome
   */
  public <R extends @Nullable Object> Outcome<R> succeeded(R value) {
    return new Outcome.Success<>(index, number, duration, worker.pid(), worker.host(), value);
  }

  /**
   * The task threw, or there is another reason why there is no value.
   *
   * @param <R> the type of the value
   * @param error what it threw
   * @return the outcome
   */
  public <R extends @Nullable Object> Outcome<R> failed(Throwable error) {
    return new Outcome.Failure<>(
        index, number, duration, worker.pid(), worker.host(), error, part(), progress);
  }

  /**
   * Something could not be turned into bytes, or back. Such an item is never tried again.
   *
   * @param <R> the type of the value
   * @param message what, and why: {@code the argument can't be serialized: …}
   * @param cause what was thrown meanwhile; null if nothing was
   * @return the outcome, with a {@link TaskSerializationException} that names the item
   */
  public <R extends @Nullable Object> Outcome<R> notSerializable(
      @Nullable String message, @Nullable Throwable cause) {
    return failed(new TaskSerializationException("item " + index + ": " + message, cause));
  }

  /**
   * The item ran into its time limit.
   *
   * @param <R> the type of the value
   * @param limit the limit
   * @param stack where it was stuck, innermost call first; empty if nobody could tell
   * @param firstOfWorker whether it was the first item of its worker process
   * @return the outcome
   */
  public <R extends @Nullable Object> Outcome<R> timedOut(
      Duration limit, List<StackTraceElement> stack, boolean firstOfWorker) {
    return timedOut(LimitKind.RUN_TIME, limit, stack, firstOfWorker);
  }

  /**
   * The item ran into a limit.
   *
   * @param <R> the type of the value
   * @param kind which limit
   * @param limit the limit
   * @param stack where it was stuck, innermost call first; empty if nobody could tell
   * @param firstOfWorker whether it was the first item of its worker process
   * @return the outcome
   */
  public <R extends @Nullable Object> Outcome<R> timedOut(
      LimitKind kind, Duration limit, List<StackTraceElement> stack, boolean firstOfWorker) {
    return new Outcome.TimedOut<>(
        index,
        number,
        duration,
        worker.pid(),
        worker.host(),
        kind,
        limit,
        stack,
        firstOfWorker,
        part(),
        progress);
  }

  /**
   * The worker died while it ran the item.
   *
   * @param <R> the type of the value
   * @param exit how the process ended
   * @return the outcome
   */
  public <R extends @Nullable Object> Outcome<R> lost(WorkerExit exit) {
    return new Outcome.WorkerLost<>(index, number, duration, worker.pid(), exit, part(), progress);
  }

  /**
   * The call was cancelled.
   *
   * @param <R> the type of the value
   * @return the outcome
   */
  public <R extends @Nullable Object> Outcome<R> cancelled() {
    return new Outcome.Cancelled<>(
        index, number, duration, worker.pid(), worker.host(), part(), progress);
  }

  @SuppressWarnings("unchecked") // what the task publishes is of its result's type, as it says
  private <R extends @Nullable Object> Optional<R> part() {
    return (Optional<R>) partial;
  }
}
