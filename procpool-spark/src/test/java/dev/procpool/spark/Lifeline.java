package dev.procpool.spark;

import java.io.IOException;
import java.util.Arrays;

/**
 * Runs the main class of a daemon for as long as somebody holds the other end of its standard
 * input: a test JVM that is killed leaves no daemon behind. Stands alone in the daemons' class
 * path.
 */
final class Lifeline {

  private Lifeline() {}

  /** Runs the class that the first argument names, with the others. */
  public static void main(String[] arguments) throws ReflectiveOperationException {
    Thread watch = new Thread(Lifeline::endWithTheInput, "lifeline");
    watch.setDaemon(true);
    watch.start();
    Class.forName(arguments[0])
        .getMethod("main", String[].class)
        .invoke(null, (Object) Arrays.copyOfRange(arguments, 1, arguments.length));
  }

  private static void endWithTheInput() {
    try {
      while (System.in.read() >= 0) {
        // Nobody writes; only the end matters.
      }
    } catch (IOException e) {
      // As good as its end.
    }
    ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
    Runtime.getRuntime().halt(1);
  }
}
