package dev.procpool.codec;

import org.jspecify.annotations.Nullable;

/**
 * A class can't be loaded here: its loader in the process that made it keeps no class file of it.
 */
public final class ClassWithoutFile extends ClassNotFoundException {

  static final String GROOVYC =
      "compile the script with groovyc and put the classes on the class path";

  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param name the class
   * @param loader the class of its loader in the process that made it
   * @param cause why it was not found here
   */
  public ClassWithoutFile(String name, String loader, @Nullable Throwable cause) {
    super(
        "class "
            + name
            + " was made at run time by a "
            + loader
            + " of the calling program, which keeps no class file of it, so no worker can load it; "
            + advice(name, loader),
        cause);
  }

  /** Tells whether a loader's class is one that Groovy runs scripts with. */
  static boolean isOfGroovy(String loader) {
    return loader.startsWith("groovy.") || loader.startsWith("org.codehaus.groovy.");
  }

  private static String advice(String name, String loader) {
    if (isOfGroovy(loader)) {
      return GROOVYC;
    } else if (loader.startsWith("clojure.")) {
      int end = name.indexOf('$');
      String namespace = end < 0 ? "my.tasks" : name.substring(0, end).replace('_', '-');
      return "compile its namespace ahead of time, (compile '"
          + namespace
          + "), with *compile-path* on the class path";
    }
    return "put a class file of it on the class path (ProcessPool.builder().classPath(...)), or make"
        + " the class in the worker";
  }
}
