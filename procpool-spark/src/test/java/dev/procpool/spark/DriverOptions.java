package dev.procpool.spark;

/** Prints the options that a driver's JVM needs where Spark's own scripts don't start it. */
final class DriverOptions {

  private DriverOptions() {}

  public static void main(String[] arguments) {
    System.out.println(String.join(" ", SparkDaemon.moduleOptions()));
  }
}
