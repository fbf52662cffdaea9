package dev.procpool.testkit;

/**
 * Tasks and actions of every arity. Each argument has a type of its own, so that no two can be
 * swapped unnoticed.
 */
final class Arities {

  private Arities() {}

  static String none() {
    return "none";
  }

  static String one(Integer a) {
    return "one " + a;
  }

  static String two(Integer a, Double b) {
    return "two " + a + " " + b;
  }

  static String three(Integer a, Double b, String c) {
    return "three " + a + " " + b + " " + c;
  }

  static String four(Integer a, Double b, String c, Boolean d) {
    return "four " + a + " " + b + " " + c + " " + d;
  }

  static String five(Integer a, Double b, String c, Boolean d, Long e) {
    return "five " + a + " " + b + " " + c + " " + d + " " + e;
  }

  static String six(Integer a, Double b, String c, Boolean d, Long e, Character f) {
    return "six " + a + " " + b + " " + c + " " + d + " " + e + " " + f;
  }

  static void log1(FileLog log) {
    log.add("1");
  }

  static void log2(FileLog log, Double b) {
    log.add("2 " + b);
  }

  static void log3(FileLog log, Double b, String c) {
    log.add("3 " + b + " " + c);
  }

  static void log4(FileLog log, Double b, String c, Boolean d) {
    log.add("4 " + b + " " + c + " " + d);
  }

  static void log5(FileLog log, Double b, String c, Boolean d, Long e) {
    log.add("5 " + b + " " + c + " " + d + " " + e);
  }

  static void log6(FileLog log, Double b, String c, Boolean d, Long e, Character f) {
    log.add("6 " + b + " " + c + " " + d + " " + e + " " + f);
  }
}
