package dev.procpool.local.fleet;

/**
 * Why the pool killed a worker; set before the kill, so that the worker's end is judged rightly.
 */
public enum KillReason {
  TIMED_OUT(true),
  CANCELLED(true),
  FROZEN(false),
  TERMINATED(true),
  BROKEN_CHANNEL(false),
  NOT_STOPPING(true);

  /** Whether such an end says nothing about the next one's chances. */
  final boolean isMeant;

  KillReason(boolean isMeant) {
    this.isMeant = isMeant;
  }
}
