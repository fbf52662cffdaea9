package dev.procpool;

import dev.procpool.guard.SafeText;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How one item of a call fared.
 *
 * <p>Immutable. The cases are records, to be told apart with {@code instanceof} or, from Java 21
 * on, a pattern {@code switch}. Match their types, as in {@code case Outcome.Success<R> success},
 * and ask them: a record may get more components, which a pattern that lists them all has to
 * follow.
 *
 * @param <R> the type of the value
 */
public sealed interface Outcome<R extends @Nullable Object> {

  /**
   * Gives the item's place in its call.
   *
   * @return the index, from 0
   */
  long index();

  /**
   * Tells how often the item was started.
   *
   * @return 0 if it never started, more than 1 only under a retry policy
   */
  int attempts();

  /**
   * Tells how long the item's last attempt ran, measured where it ran.
   *
   * @return the time; zero if it never started
   */
  Duration duration();

  /**
   * Tells which process ran the item's last attempt.
   *
   * @return the process identifier on its {@linkplain #host() host}; 0 if it never started
   */
  long workerPid();

  /**
   * Tells which machine ran the item's last attempt.
   *
   * @return the machine's name, as it calls itself; empty if the item never started, or where
   *     nobody said
   * @since 0.2.0
   */
  String host();

  /**
   * Tells whether the item has a value.
   *
   * @return whether this is a {@link Success}
   */
  default boolean isSuccess() {
    return this instanceof Success;
  }

  /**
   * Gives what {@link #valueOrThrow()} would report.
   *
   * @return the failure; empty for {@link Success} and {@link Pending}
   */
  Optional<Throwable> failure();

  /**
   * Gives what there is of the value of an item that has none: the last part that the task {@link
   * WorkerContext#publish published} whole, or what it returned after it had run into its limit or
   * was cancelled, within the pool's grace period. Of an item that was tried again it is the last
   * part of the last attempt that published one. An item that runs when its pool is terminated has
   * none.
   *
   * @return the part; empty for {@link Success} and {@link Pending}, and if there is none
   * @since 0.2.0
   */
  default Optional<R> partial() {
    return Optional.empty();
  }

  /**
   * Tells how far an item has come that has no value, as its task {@linkplain
   * WorkerContext#progress(double, String) said} last in the last attempt.
   *
   * @return how far; empty for {@link Success} and {@link Pending}, and if nobody said
   * @since 0.2.0
   */
  default Optional<Progress> progress() {
    return Optional.empty();
  }

  /**
   * Gives the value.
   *
   * @return the value; may be null
   * @throws CompletionException if the item failed; its cause is the item's failure, as {@link
   *     java.util.concurrent.CompletableFuture#join()} has it
   * @throws CancellationException if the item was cancelled
   * @throws IllegalStateException if the item has not finished
   */
  default R valueOrThrow() {
    Throwable failure = failure().orElseThrow();
    throw new CompletionException(SafeText.of(failure), failure);
  }

  /**
   * Gives the value, or another in its place.
   *
   * @param other what to give if there is no value; may be null
   * @return the value of a {@link Success}, which may be null; else {@code other}
   * @since 0.2.0
   */
  default R orElse(R other) {
    return this instanceof Success<R> success ? success.value() : other;
  }

  /**
   * Gives what one of two functions makes of the outcome.
   *
   * <pre>{@code
   * String line = outcome.fold(value -> "ok " + value, failure -> "failed: " + failure);
   * }</pre>
   *
   * @param ifSuccess is given the value of a {@link Success}
   * @param ifNot is given the failure, as {@link #failure()} has it
   * @param <T> the type of what they make
   * @return what one of them returned
   * @throws IllegalStateException if the item has not finished
   * @since 0.2.0
   */
  default <T extends @Nullable Object> T fold(
      Function<? super R, ? extends T> ifSuccess, Function<? super Throwable, ? extends T> ifNot) {
    Objects.requireNonNull(ifSuccess, "ifSuccess");
    Objects.requireNonNull(ifNot, "ifNot");
    return this instanceof Success<R> success
        ? ifSuccess.apply(success.value())
        : ifNot.apply(
            failure()
                .orElseThrow(
                    () -> new IllegalStateException("item " + index() + " has not finished")));
  }

  /**
   * The item has a value.
   *
   * @param index the item's index
   * @param attempts how often it was started
   * @param duration how long the last attempt ran
   * @param workerPid the process that ran it
   * @param host the machine that ran it; since 0.2.0
   * @param value what the task returned; may be null
   * @param <R> the type of the value
   */
  record Success<R extends @Nullable Object>(
      long index, int attempts, Duration duration, long workerPid, String host, R value)
      implements Outcome<R> {

    /**
     * Makes the outcome of an item that has a value, on a machine that nobody names.
     *
     * @param index the item's index
     * @param attempts how often it was started
     * @param duration how long the last attempt ran
     * @param workerPid the process that ran it
     * @param value what the task returned; may be null
     */
    public Success(long index, int attempts, Duration duration, long workerPid, R value) {
      this(index, attempts, duration, workerPid, "", value);
    }

    @Override
    public Optional<Throwable> failure() {
      return Optional.empty();
    }

    @Override
    public R valueOrThrow() {
      return value;
    }
  }

  /**
   * The task threw, or something could not be serialized.
   *
   * @param index the item's index
   * @param attempts how often it was started
   * @param duration how long the last attempt ran
   * @param workerPid the process that ran it
   * @param host the machine that ran it; since 0.2.0
   * @param error the task's own exception, or {@link RemoteTaskException}, {@link
   *     TaskSerializationException}, {@link PoolBrokenException}
   * @param partial what there is of its value; since 0.2.0
   * @param progress how far it had come; since 0.2.0
   * @param <R> the type of the value
   */
  record Failure<R extends @Nullable Object>(
      long index,
      int attempts,
      Duration duration,
      long workerPid,
      String host,
      Throwable error,
      Optional<R> partial,
      Optional<Progress> progress)
      implements Outcome<R> {

    /**
     * Makes the outcome of an item that failed, on a machine that nobody names.
     *
     * @param index the item's index
     * @param attempts how often it was started
     * @param duration how long the last attempt ran
     * @param workerPid the process that ran it
     * @param error why
     */
    public Failure(long index, int attempts, Duration duration, long workerPid, Throwable error) {
      this(index, attempts, duration, workerPid, "", error, Optional.empty(), Optional.empty());
    }

    @Override
    public Optional<Throwable> failure() {
      return Optional.of(error);
    }
  }

  /**
   * The item ran into a limit and was stopped: that of {@link TaskOptions#timeout(Duration)},
   * {@link TaskOptions#stallTimeout} or {@link TaskOptions#cpuTimeout}.
   *
   * @param index the item's index
   * @param attempts how often it was started
   * @param duration how long the last attempt ran
   * @param workerPid the process that ran it
   * @param host the machine that ran it; since 0.2.0
   * @param kind which limit it ran into; since 0.2.0
   * @param limit the limit
   * @param stack where the item was stuck, innermost call first; empty if the worker could not tell
   * @param firstOfWorker whether it was the first item of its worker process, so that loading
   *     classes counted against its limit; since 0.2.0
   * @param partial what there is of its value; since 0.2.0
   * @param progress how far it had come; since 0.2.0
   * @param <R> the type of the value
   */
  record TimedOut<R extends @Nullable Object>(
      long index,
      int attempts,
      Duration duration,
      long workerPid,
      String host,
      LimitKind kind,
      Duration limit,
      List<StackTraceElement> stack,
      boolean firstOfWorker,
      Optional<R> partial,
      Optional<Progress> progress)
      implements Outcome<R> {

    /** Copies the stack. */
    public TimedOut {
      stack = List.copyOf(stack);
    }

    /**
     * Makes the outcome of an item that ran too long, on a machine that nobody names.
     *
     * @param index the item's index
     * @param attempts how often it was started
     * @param duration how long the last attempt ran
     * @param workerPid the process that ran it
     * @param limit the time limit
     * @param stack where the item was stuck, innermost call first; empty if nobody could tell
     * @param firstOfWorker whether it was the first item of its worker process
     */
    public TimedOut(
        long index,
        int attempts,
        Duration duration,
        long workerPid,
        Duration limit,
        List<StackTraceElement> stack,
        boolean firstOfWorker) {
      this(
          index,
          attempts,
          duration,
          workerPid,
          "",
          LimitKind.RUN_TIME,
          limit,
          stack,
          firstOfWorker,
          Optional.empty(),
          Optional.empty());
    }

    /**
     * Makes the outcome of an item that was not the first of its worker.
     *
     * @param index the item's index
     * @param attempts how often it was started
     * @param duration how long the last attempt ran
     * @param workerPid the process that ran it
     * @param limit the time limit
     * @param stack where the item was stuck, innermost call first; empty if nobody could tell
     */
    public TimedOut(
        long index,
        int attempts,
        Duration duration,
        long workerPid,
        Duration limit,
        List<StackTraceElement> stack) {
      this(index, attempts, duration, workerPid, limit, stack, false);
    }

    @Override
    public Optional<Throwable> failure() {
      return Optional.of(new TaskTimeoutException(index, kind, limit, stack, firstOfWorker));
    }
  }

  /**
   * The worker died while it ran the item.
   *
   * @param index the item's index
   * @param attempts how often it was started
   * @param duration how long the last attempt ran
   * @param workerPid the process that ran it
   * @param exit how the process ended
   * @param partial what there is of its value; since 0.2.0
   * @param progress how far it had come; since 0.2.0
   * @param <R> the type of the value
   */
  record WorkerLost<R extends @Nullable Object>(
      long index,
      int attempts,
      Duration duration,
      long workerPid,
      WorkerExit exit,
      Optional<R> partial,
      Optional<Progress> progress)
      implements Outcome<R> {

    /**
     * Makes the outcome of an item that published nothing.
     *
     * @param index the item's index
     * @param attempts how often it was started
     * @param duration how long the last attempt ran
     * @param workerPid the process that ran it
     * @param exit how the process ended
     */
    public WorkerLost(
        long index, int attempts, Duration duration, long workerPid, WorkerExit exit) {
      this(index, attempts, duration, workerPid, exit, Optional.empty(), Optional.empty());
    }

    @Override
    public String host() {
      return exit.host();
    }

    @Override
    public Optional<Throwable> failure() {
      return Optional.of(new WorkerLostException(index, exit));
    }
  }

  /**
   * The call was cancelled, or its pool terminated, before the item had finished.
   *
   * @param index the item's index
   * @param attempts how often it was started
   * @param duration how long the last attempt ran
   * @param workerPid the process that ran it
   * @param host the machine that ran it; since 0.2.0
   * @param partial what there is of its value; since 0.2.0
   * @param progress how far it had come; since 0.2.0
   * @param <R> the type of the value
   */
  record Cancelled<R extends @Nullable Object>(
      long index,
      int attempts,
      Duration duration,
      long workerPid,
      String host,
      Optional<R> partial,
      Optional<Progress> progress)
      implements Outcome<R> {

    /**
     * Makes the outcome of an item that was cancelled, on a machine that nobody names.
     *
     * @param index the item's index
     * @param attempts how often it was started
     * @param duration how long the last attempt ran
     * @param workerPid the process that ran it
     */
    public Cancelled(long index, int attempts, Duration duration, long workerPid) {
      this(index, attempts, duration, workerPid, "", Optional.empty(), Optional.empty());
    }

    @Override
    public Optional<Throwable> failure() {
      return Optional.of(cancellation());
    }

    @Override
    public R valueOrThrow() {
      throw cancellation();
    }

    private CancellationException cancellation() {
      return new CancellationException("item " + index + " was cancelled");
    }
  }

  /**
   * The item has not finished; only {@link MapResult#outcomes(Duration)} gives it.
   *
   * @param index the item's index
   * @param <R> the type of the value
   */
  record Pending<R extends @Nullable Object>(long index) implements Outcome<R> {
    @Override
    public int attempts() {
      return 0;
    }

    @Override
    public Duration duration() {
      return Duration.ZERO;
    }

    @Override
    public long workerPid() {
      return 0;
    }

    @Override
    public String host() {
      return "";
    }

    @Override
    public Optional<Throwable> failure() {
      return Optional.empty();
    }

    @Override
    public R valueOrThrow() {
      throw new IllegalStateException("item " + index + " has not finished");
    }
  }
}
