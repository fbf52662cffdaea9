package dev.procpool.testkit;

/**
 * Null where a type says that there is none: what a task returns that has no result, and what
 * callers pass who have no analyser.
 */
final class Nothing {

  private Nothing() {}

  /** Gives null. */
  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"}) // that is what it is for
  static <T> T nothing() {
    return null;
  }
}
