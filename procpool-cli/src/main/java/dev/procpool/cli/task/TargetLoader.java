package dev.procpool.cli.task;

/** Where the target's classes are found in a worker. Without state. */
final class TargetLoader {

  private TargetLoader() {}

  /**
   * Gives the loader of a class: that of this program, on whose class path workers of this machine
   * have the target's classes, too; else the thread's, which has each fetched from the program.
   */
  static ClassLoader of(String className) {
    ClassLoader own = TargetLoader.class.getClassLoader();
    try {
      Class.forName(className, false, own);
      return own;
    } catch (ClassNotFoundException | LinkageError e) {
      return Thread.currentThread().getContextClassLoader();
    }
  }
}
