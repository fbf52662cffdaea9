package dev.procpool;

/**
 * The kinds of outcomes that an item may end with, for counting.
 *
 * @since 0.2.0
 */
public enum OutcomeKind {
  /** {@link Outcome.Success}. */
  SUCCESS,
  /** {@link Outcome.Failure}. */
  FAILURE,
  /** {@link Outcome.TimedOut}. */
  TIMED_OUT,
  /** {@link Outcome.WorkerLost}. */
  WORKER_LOST,
  /** {@link Outcome.Cancelled}. */
  CANCELLED;

  /**
   * Tells an outcome's kind.
   *
   * @param outcome the outcome; not {@link Outcome.Pending}, which is none yet
   * @return its kind
   * @throws IllegalArgumentException if it is pending
   */
  public static OutcomeKind of(Outcome<?> outcome) {
    if (outcome instanceof Outcome.Success) {
      return SUCCESS;
    } else if (outcome instanceof Outcome.Failure) {
      return FAILURE;
    } else if (outcome instanceof Outcome.TimedOut) {
      return TIMED_OUT;
    } else if (outcome instanceof Outcome.WorkerLost) {
      return WORKER_LOST;
    } else if (outcome instanceof Outcome.Cancelled) {
      return CANCELLED;
    }
    throw new IllegalArgumentException("a pending item has not ended: " + outcome);
  }
}
