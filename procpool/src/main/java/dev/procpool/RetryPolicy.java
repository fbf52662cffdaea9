package dev.procpool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Which failed items are started again, how often and when. Immutable: each method gives a changed
 * copy.
 *
 * <p>If none of the {@code on…} methods is called, every failure is tried again: lost workers, time
 * limits and all exceptions. Cancelled items and items that can't be serialized never are.
 *
 * <pre>{@code
 * RetryPolicy.attempts(3).onWorkerLost().on(IOException.class)
 *     .backoff(Duration.ofMillis(100), Duration.ofSeconds(5))
 * }</pre>
 */
public final class RetryPolicy {

  private final int attempts;
  private final boolean workerLost;
  private final boolean timeout;
  private final List<Class<? extends Throwable>> types;
  private final Duration first;
  private final Duration max;

  private RetryPolicy(
      int attempts,
      boolean workerLost,
      boolean timeout,
      List<Class<? extends Throwable>> types,
      Duration first,
      Duration max) {
    this.attempts = attempts;
    this.workerLost = workerLost;
    this.timeout = timeout;
    this.types = types;
    this.first = first;
    this.max = max;
  }

  /**
   * Makes a policy that starts an item so often at most, the first time included, without waiting
   * between attempts.
   *
   * @param attempts at least 1
   * @return the policy
   * @throws IllegalArgumentException if {@code attempts} is not positive
   */
  public static RetryPolicy attempts(int attempts) {
    if (attempts < 1) {
      throw new IllegalArgumentException("attempts must be at least 1, was " + attempts);
    }
    return new RetryPolicy(attempts, false, false, List.of(), Duration.ZERO, Duration.ZERO);
  }

  /**
   * Tries items again whose worker died.
   *
   * @return changed policy
   */
  public RetryPolicy onWorkerLost() {
    return new RetryPolicy(attempts, true, timeout, types, first, max);
  }

  /**
   * Tries items again that ran into a limit: of time, of time without progress, or of processor
   * time.
   *
   * @return changed policy
   */
  public RetryPolicy onTimeout() {
    return new RetryPolicy(attempts, workerLost, true, types, first, max);
  }

  /**
   * Tries items again whose task threw an exception of this class or a subclass.
   *
   * @param type the class
   * @return changed policy
   */
  public RetryPolicy on(Class<? extends Throwable> type) {
    List<Class<? extends Throwable>> more = new ArrayList<>(types);
    more.add(type);
    return new RetryPolicy(attempts, workerLost, timeout, List.copyOf(more), first, max);
  }

  /**
   * Waits between the attempts of an item: the first time so long, then twice as long each time.
   *
   * @param first the wait before the second attempt; zero or more
   * @param max the longest wait; at least {@code first}
   * @return changed policy
   * @throws IllegalArgumentException if {@code first} is negative or {@code max} is less
   */
  public RetryPolicy backoff(Duration first, Duration max) {
    if (first.isNegative() || max.compareTo(first) < 0) {
      throw new IllegalArgumentException(
          "backoff must have 0 <= first <= max, was first=" + first + ", max=" + max);
    }
    return new RetryPolicy(attempts, workerLost, timeout, types, first, max);
  }

  /**
   * Gives the greatest number of attempts.
   *
   * @return the number, the first attempt included
   */
  public int maxAttempts() {
    return attempts;
  }

  /**
   * Tells whether an item with this outcome is to be started again.
   *
   * @param outcome how the last attempt ended
   * @return whether the policy names the outcome and attempts are left
   */
  public boolean retries(Outcome<?> outcome) {
    if (outcome.attempts() >= attempts) {
      return false;
    }
    boolean all = !workerLost && !timeout && types.isEmpty();
    if (outcome instanceof Outcome.WorkerLost) {
      return all || workerLost;
    }
    if (outcome instanceof Outcome.TimedOut) {
      return all || timeout;
    }
    if (outcome instanceof Outcome.Failure<?> failure) {
      Throwable error = failure.error();
      return !(error instanceof TaskSerializationException)
          && !(error instanceof PoolBrokenException)
          && (all || types.stream().anyMatch(type -> type.isInstance(error)));
    }
    return false;
  }

  /**
   * Gives the wait before the next attempt.
   *
   * @param attemptsSoFar how often the item was started, at least once
   * @return the wait; zero unless {@link #backoff} was called
   */
  public Duration delay(int attemptsSoFar) {
    Duration delay = first;
    for (int i = 1; i < attemptsSoFar && !delay.isZero(); i++) {
      if (delay.compareTo(max.minus(delay)) >= 0) { // twice as long may be more than there is
        return max;
      }
      delay = delay.plus(delay);
    }
    return delay;
  }

  @Override
  public String toString() {
    return "RetryPolicy[attempts="
        + attempts
        + ", workerLost="
        + workerLost
        + ", timeout="
        + timeout
        + ", on="
        + types
        + ", backoff="
        + first
        + ".."
        + max
        + "]";
  }
}
