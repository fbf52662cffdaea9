package dev.procpool.testkit.chaos;

/** What an item does. The weight says how often a plan has it, among a thousand items. */
enum ItemKind {
  VALUE(500),
  NAP(160),
  /** A result that may be larger than what the pool and its workers share. */
  MEDIUM_RESULT(60),
  BIG_RESULT(6),
  /** Has a value, and has started a process that never ends. */
  CHILD(10),
  /** The same with a process that has left its parents. */
  DAEMON(10),
  CHECKED_EXCEPTION(25),
  UNCHECKED_EXCEPTION(20),
  ERROR(15),
  UNSERIALIZABLE_EXCEPTION(15),
  /** Its class exists in the worker alone. */
  UNKNOWN_EXCEPTION(10),
  STACK_OVERFLOW(15),
  NATIVE_STACK_OVERFLOW(8),
  UNSERIALIZABLE_RESULT(15),
  UNDECODABLE_RESULT(15),
  /** Its class exists in the worker alone. */
  UNKNOWN_RESULT(10),
  EXIT(14),
  HALT(14),
  KILL(14),
  SEGFAULT(8),
  HEAP(10),
  /** Halts its worker at the first attempt and has a value at the second. */
  RECOVERS(15),
  STOP(5),
  BUSY_HANG(7),
  SLEEP_HANG(7),
  DEAF_HANG(5),
  DEAF_BUSY_HANG(5),
  /** Is busy in a loop in which the JVM can't even stop its thread to look at it. */
  UNPOLLED_HANG(4);

  final int weight;

  ItemKind(int weight) {
    this.weight = weight;
  }

  /** Whether it never ends by itself, so that its call needs a time limit. */
  boolean hangs() {
    return switch (this) {
      case BUSY_HANG, SLEEP_HANG, DEAF_HANG, DEAF_BUSY_HANG, UNPOLLED_HANG -> true;
      default -> false;
    };
  }

  /** Whether it moves so many bytes that it may not end within a short time limit. */
  boolean isSlow() {
    return this == BIG_RESULT || this == HEAP;
  }

  /** Whether it has a value when it is left alone. */
  boolean succeeds() {
    return switch (this) {
      case VALUE, NAP, MEDIUM_RESULT, BIG_RESULT, CHILD, DAEMON, RECOVERS -> true;
      default -> false;
    };
  }
}
