package dev.procpool.cli.message;

/** How many there are of something: {@code 1 item}, {@code 2 items}. Stateless. */
public final class Counted {

  private Counted() {}

  public static String of(long number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }
}
