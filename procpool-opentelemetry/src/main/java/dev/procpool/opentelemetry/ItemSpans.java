package dev.procpool.opentelemetry;

/**
 * Which spans {@link PoolSpans} makes for the items of a call.
 *
 * @since 0.2.0
 */
public enum ItemSpans {
  /** None: the call's span counts its items. */
  NONE,
  /** A child of the call's span for each. */
  CHILDREN,
  /**
   * A trace of its own for each, with a link to the call's span: for calls of so many items that no
   * trace should have them all.
   */
  LINKED
}
