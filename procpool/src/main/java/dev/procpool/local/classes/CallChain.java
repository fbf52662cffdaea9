package dev.procpool.local.classes;

import dev.procpool.bytecode.CorePackages;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.Serial;
import java.lang.invoke.SerializedLambda;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tasks that were called in this worker, and in those above it, by threads that run no task.
 *
 * <p>A static initializer may hand a call to another thread and not wait for it, as {@code static
 * final CompletableFuture<?> F = supplyAsync(() -> POOL.map(…))} does. Each worker that needs the
 * class makes that call again, when the initializer is over, and nothing on the thread's stack
 * tells. So the same call by such a thread, in a worker and again in one of its own workers, is
 * taken for the beginning of a chain without end. What tasks call themselves is not meant.
 *
 * <p>Thread-safe, guarded by its class.
 */
public final class CallChain {

  private static final String PROPERTY = "procpool.callChain";

  /** No name in a class file has it. */
  private static final String SEPARATOR = ";";

  private static final int MOST = 64;

  private static final Set<String> ABOVE =
      Set.copyOf(List.of(System.getProperty(PROPERTY, "").split(SEPARATOR, -1)));

  /** Guarded by the class. */
  private static final Set<String> HERE = new LinkedHashSet<>(ABOVE);

  private CallChain() {}

  /**
   * Notes a call by a thread that runs no task.
   *
   * @throws IllegalStateException if it was called so in a worker above, too
   */
  public static void called(Object task, String pool) {
    String name = Name.of(task);
    if (ABOVE.contains(name)) {
      throw new IllegalStateException(
          "thread "
              + Thread.currentThread().getName()
              + " calls pool '"
              + pool
              + "' for the task "
              + name
              + " in a worker of a pool that was called in the same way in a worker above, and so"
              + " on without end, as when a static initializer hands a call to another thread. Make"
              + " the call in a method that only the parent calls, such as main, or in the task"
              + " itself");
    }
    synchronized (CallChain.class) {
      if (HERE.size() < MOST) {
        HERE.add(name);
      }
    }
  }

  /** The option that tells the workers of this process's pools. */
  public static synchronized String option() {
    return "-D" + PROPERTY + "=" + String.join(SEPARATOR, HERE);
  }

  /**
   * Finds the name of a task that is the same in each process: of a lambda its method's, which its
   * serialized form has; else its class's.
   */
  private static final class Name extends ObjectOutputStream {

    private @Nullable String found;

    private Name() throws IOException {
      super(OutputStream.nullOutputStream());
      enableReplaceObject(true);
    }

    static String of(Object task) {
      String found = null;
      try {
        Name name = new Name();
        try {
          name.writeObject(task);
        } catch (Found e) {
          found = name.found;
        }
      } catch (IOException | RuntimeException e) {
        // not serializable, which is told elsewhere
      }
      return found == null ? task.getClass().getName() : found;
    }

    @Override
    protected Object replaceObject(Object object) throws IOException {
      String name = object.getClass().getName();
      if (object instanceof SerializedLambda lambda) {
        name = lambda.getImplClass().replace('/', '.') + "." + lambda.getImplMethodName();
      } else if (CorePackages.hasClass(name)) { // an adapter
        return object;
      }
      if (found == null) { // else the stream is writing that it has failed
        found = name;
      }
      throw new Found();
    }
  }

  /** Ends the search. */
  private static final class Found extends IOException {
    @Serial private static final long serialVersionUID = 1L;
  }
}
