package dev.procpool.codec;

/** The words about a value that can't be rebuilt, as it is among its own parts. */
final class Cycle {

  private Cycle() {}

  static String of(Class<?> type) {
    boolean isRecord = type.isRecord();
    return (isRecord ? "record " : "a value that comes as ")
        + type.getName()
        + " is part of a cycle: what it holds leads back to it, and it can only be made when all"
        + " that it holds is there; "
        + (isRecord ? "make it a class that is Serializable, or " : "")
        + "let what it holds refer to it in another way, such as by a number";
  }
}
