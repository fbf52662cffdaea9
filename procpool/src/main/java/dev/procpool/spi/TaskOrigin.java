package dev.procpool.spi;

import dev.procpool.bytecode.CorePackages;
import dev.procpool.function.Tasks;

/**
 * Where a task comes from: the user's own object, and the class loader that has its classes.
 * Immutable.
 *
 * @param target the user's task or action, without the adapters that the pool puts around it
 * @param loader finds the classes of the task, of its items and of its results
 * @since 0.2.0
 */
public record TaskOrigin(Object target, ClassLoader loader) {

  /**
   * Finds out where a task comes from; to be called on the thread that makes the call.
   *
   * @param task the task of a call, or any other object of the user's, such as an initializer
   * @return its origin
   */
  public static TaskOrigin of(Object task) {
    Object target = Tasks.target(task);
    ClassLoader loader =
        target instanceof EncodedTask sent ? sent.classes() : loaderOf(target.getClass());
    return new TaskOrigin(target, loader);
  }

  private static ClassLoader loaderOf(Class<?> type) {
    ClassLoader loader = type.getClassLoader();
    if (loader == null || isOfClassPath(loader) || CorePackages.hasClass(type.getName())) {
      // the JDK's, the class path's, or one of ours around the user's: the caller's thread may know
      // better, and if not, these see the class path at least
      ClassLoader context = Thread.currentThread().getContextClassLoader();
      if (context != null && !isOfClassPath(context)) {
        return context;
      }
    }
    return loader == null ? TaskOrigin.class.getClassLoader() : loader;
  }

  /**
   * Tells whether a class loader is that of the class path, or above it: any JVM that was started
   * with the same class path has its classes.
   *
   * @param loader the loader
   * @return whether it is
   */
  public static boolean isOfClassPath(ClassLoader loader) {
    for (ClassLoader known = ClassLoader.getSystemClassLoader();
        known != null;
        known = known.getParent()) {
      if (known == loader) {
        return true;
      }
    }
    return false;
  }
}
