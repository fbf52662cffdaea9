package dev.procpool.cli.run;

import dev.procpool.Outcome;
import dev.procpool.PoolBrokenException;
import dev.procpool.cli.limit.MedianLimit;
import dev.procpool.cli.message.StackText;
import dev.procpool.cli.reply.Reply;
import dev.procpool.cli.reply.ReplyForm;
import dev.procpool.cli.reply.Status;
import dev.procpool.cli.reply.UserFrame;
import dev.procpool.cli.task.TargetFailedException;
import dev.procpool.guard.SafeText;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes what the results say of an item out of what the pool says. Immutable. */
final class Replies {

  private final boolean withStacks;
  private final @Nullable MedianLimit median;

  /**
   * Makes it.
   *
   * @param withStacks whether stack traces are wanted
   * @param median the limit by the median; null if there is none
   */
  Replies(boolean withStacks, @Nullable MedianLimit median) {
    this.withStacks = withStacks;
    this.median = median;
  }

  /**
   * Gives the reply of the worker, or one in its place.
   *
   * @throws TargetFailedException if the target can't be made ready: then no item can run
   * @throws PoolBrokenException if the pool is broken
   */
  Reply of(Outcome<String> outcome) {
    if (median != null) {
      median.ended(outcome);
      Optional<Duration> limit = median.overdue(outcome.index());
      if (limit.isPresent() && outcome instanceof Outcome.WorkerLost) {
        return Reply.overdue(limit.get());
      }
    }
    if (outcome instanceof Outcome.Success<String> success) {
      return ReplyForm.read(success.value());
    }
    Throwable failure = outcome.failure().orElseThrow();
    if (failure instanceof TargetFailedException targetFailed) {
      throw targetFailed; // in this JVM: it fails for every item
    }
    if (failure instanceof PoolBrokenException broken) { // nothing runs any more
      throw broken.getCause() instanceof TargetFailedException targetFailed ? targetFailed : broken;
    }
    Status status =
        outcome instanceof Outcome.TimedOut
            ? Status.TIMED_OUT
            : outcome instanceof Outcome.WorkerLost
                ? Status.WORKER_LOST
                : outcome instanceof Outcome.Cancelled ? Status.CANCELLED : Status.FAILED;
    return new Reply(
        status,
        null,
        failure.getClass().getName(),
        SafeText.message(failure),
        outcome instanceof Outcome.TimedOut<String> late
            ? UserFrame.of(late.stack().toArray(StackTraceElement[]::new))
            : null,
        stack(outcome, failure),
        outcome.partial().map(ReplyForm::read).map(Reply::printed).orElse(null));
  }

  /** The task's own stack, where there is one. */
  private @Nullable String stack(Outcome<String> outcome, Throwable failure) {
    boolean isOfTask =
        outcome instanceof Outcome.TimedOut<String> late
            ? !late.stack().isEmpty()
            : outcome instanceof Outcome.Failure;
    return withStacks && isOfTask ? StackText.of(failure) : null;
  }
}
