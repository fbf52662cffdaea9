package dev.procpool.codec;

import org.jspecify.annotations.Nullable;

/**
 * A class can't be loaded here: its loader in the process that made it keeps no class file of it.
 */
public final class ClassWithoutFile extends ClassNotFoundException {

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
            + advice(loader),
        cause);
  }

  private static String advice(String loader) {
    if (loader.startsWith("groovy.") || loader.startsWith("org.codehaus.groovy.")) {
      return "compile the script with groovyc and put the classes on the class path";
    } else if (loader.startsWith("clojure.")) {
      return "compile its namespace ahead of time, (compile 'my.tasks), with *compile-path* on the"
          + " class path";
    }
    return "put a class file of it on the class path (ProcessPool.builder().classPath(...)), or make"
        + " the class in the worker";
  }
}
