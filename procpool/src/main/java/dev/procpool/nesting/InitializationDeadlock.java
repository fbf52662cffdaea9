package dev.procpool.nesting;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Optional;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;

/**
 * Looks whether a pool waits for a thread that waits for the pool, in a static initializer: a class
 * that one thread initializes is closed to all others, and the pool's may need it, to take an item
 * from its source or to make a result.
 *
 * <p>Only the JVM knows: the state of such a thread is RUNNABLE, and its stack shows nothing. But a
 * thread dump says "waiting on the Class initialization monitor". One takes a second the first
 * time, so it is for threads that have waited for long, and are in a static initializer.
 *
 * <p>Immutable; to be used by the thread that waits.
 */
public final class InitializationDeadlock {

  private static final String WAITING = "- waiting on the Class initialization monitor for ";

  private final String pool;
  private final List<StackTraceElement> initializers;

  private InitializationDeadlock(String pool, List<StackTraceElement> initializers) {
    this.pool = pool;
    this.initializers = initializers;
  }

  /**
   * Tells whether there may be one.
   *
   * @param pool the name of the pool that this thread waits for
   * @return what to look with; nothing if this thread initializes no class
   */
  public static Optional<InitializationDeadlock> possible(String pool) {
    List<StackTraceElement> initializers = StaticInitializer.allOfThisThread();
    return initializers.isEmpty()
        ? Optional.empty()
        : Optional.of(new InitializationDeadlock(pool, initializers));
  }

  /**
   * Looks for one.
   *
   * @param workers the classes, or beginnings of their names, in which a thread of the pool does
   *     what this one waits for
   * @return a message that names the class and says what to do; null if there is none
   */
  public @Nullable String find(List<String> workers) {
    String dump;
    try {
      dump = Threads.dump();
    } catch (RuntimeException | LinkageError e) { // not these modules
      return null;
    }
    for (String thread : dump.split("\n\n", -1)) {
      if (thread.startsWith("\"procpool-" + pool + "-")
          && workers.stream().anyMatch(name -> thread.contains("at " + name))) {
        for (StackTraceElement initializer : initializers) {
          if (thread.contains(WAITING + initializer.getClassName() + "\n")) {
            return message(thread.substring(1, thread.indexOf('"', 1)), initializer);
          }
        }
      }
    }
    return null;
  }

  private String message(String thread, StackTraceElement initializer) {
    return "thread "
        + Thread.currentThread().getName()
        + " waits for pool '"
        + pool
        + "' in the static initializer of "
        + StaticInitializer.describe(initializer)
        + ", and thread "
        + thread
        + " of the pool waits until that class is initialized, which it needs for the items, the"
        + " results or a callback: neither could ever go on. Make the call in a method, such as"
        + " main, that is called when the class is initialized";
  }

  /** Apart, since a program may not have the module whose classes this names. */
  private static final class Threads {

    private Threads() {}

    static String dump() {
      try {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        Object dump =
            server.invoke(
                new ObjectName("com.sun.management:type=DiagnosticCommand"),
                "threadPrint",
                new Object[] {new String[0]},
                new String[] {String[].class.getName()});
        return String.valueOf(dump).replace("\r\n", "\n");
      } catch (JMException e) {
        return ""; // not this JVM
      }
    }
  }
}
