package dev.procpool;

/**
 * Why a worker ended, for counting.
 *
 * @since 0.2.0
 */
public enum WorkerEnd {
  /** The pool stopped it: it was replaced, idle, one too many, or the pool ended. */
  STOPPED,
  /** The pool killed it, since its item did not end at its time limit. */
  TIMED_OUT,
  /** The pool killed it, since its item was cancelled and did not end. */
  CANCELLED,
  /** {@link WorkerExit.Reason#EXITED}. */
  EXITED,
  /** {@link WorkerExit.Reason#KILLED}. */
  KILLED,
  /** {@link WorkerExit.Reason#OUT_OF_MEMORY}. */
  OUT_OF_MEMORY,
  /** {@link WorkerExit.Reason#NATIVE_CRASH}. */
  NATIVE_CRASH,
  /** {@link WorkerExit.Reason#FROZEN}. */
  FROZEN,
  /** {@link WorkerExit.Reason#START_FAILED}. */
  START_FAILED;

  /**
   * Tells why a worker ended that the pool had not told to.
   *
   * @param exit how it ended
   * @return the value of the same name as the exit's reason
   */
  public static WorkerEnd of(WorkerExit exit) {
    return switch (exit.reason()) {
      case EXITED -> EXITED;
      case KILLED -> KILLED;
      case OUT_OF_MEMORY -> OUT_OF_MEMORY;
      case NATIVE_CRASH -> NATIVE_CRASH;
      case FROZEN -> FROZEN;
      case START_FAILED -> START_FAILED;
    };
  }
}
