package dev.procpool.cli.stop;

/** Whether this JVM is ending, as after Ctrl-C: then failures are its consequence and not told. */
public final class Shutdown {

  private Shutdown() {}

  public static boolean isUnderway() {
    Thread probe = new Thread(() -> {});
    try {
      Runtime runtime = Runtime.getRuntime();
      runtime.addShutdownHook(probe);
      runtime.removeShutdownHook(probe);
      return false;
    } catch (IllegalStateException underway) {
      return true;
    }
  }
}
