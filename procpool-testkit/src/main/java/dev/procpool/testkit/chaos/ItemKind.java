package dev.procpool.testkit.chaos;

/** What an item does. The weight says how often a plan has it, among a thousand items. */
enum ItemKind {
  VALUE(560),
  NAP(200),
  OWN_EXCEPTION(30),
  UNSERIALIZABLE_EXCEPTION(20),
  ERROR(20),
  STACK_OVERFLOW(20),
  UNSERIALIZABLE_RESULT(20),
  UNDECODABLE_RESULT(20),
  BIG_RESULT(6),
  EXIT(14),
  HALT(14),
  KILL(14),
  SEGFAULT(10),
  HEAP(10),
  /** Halts its worker at the first attempt and has a value at the second. */
  RECOVERS(15),
  STOP(5),
  BUSY_HANG(8),
  SLEEP_HANG(8),
  DEAF_HANG(6);

  final int weight;

  ItemKind(int weight) {
    this.weight = weight;
  }

  /** Whether it never ends by itself, so that its call needs a time limit. */
  boolean hangs() {
    return this == BUSY_HANG || this == SLEEP_HANG || this == DEAF_HANG;
  }

  /** Whether it has a value when it is left alone. */
  boolean succeeds() {
    return this == VALUE || this == NAP || this == BIG_RESULT || this == RECOVERS;
  }
}
