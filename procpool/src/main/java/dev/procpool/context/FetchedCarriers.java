package dev.procpool.context;

import dev.procpool.nesting.Nesting;
import dev.procpool.spi.ContextCarrier;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The carriers that a worker has from the program whose task it runs, by the task's class loader:
 * the worker's own class path may have none of the program's classes, or others of that name.
 * Thread-safe.
 */
final class FetchedCarriers {

  /** The carrier of a class: one, as long as the class is there. */
  private static final ClassValue<List<ContextCarrier>> MADE =
      new ClassValue<>() {
        @Override
        protected List<ContextCarrier> computeValue(Class<?> type) {
          try {
            return List.of((ContextCarrier) type.getDeclaredConstructor().newInstance());
          } catch (Throwable e) {
            Carriers.say("carrier of context " + type.getName() + " can't be made", e);
            return List.of();
          }
        }
      };

  /** The names of the classes that a loader does not have. */
  private static final Map<ClassLoader, Set<String>> MISSING =
      Collections.synchronizedMap(new WeakHashMap<>());

  /** What a loader has of them. */
  record Found(@Nullable ClassLoader loader, List<ContextCarrier> all) {}

  private FetchedCarriers() {}

  /**
   * Gives those that the loader of the current thread's task has.
   *
   * @param classes the names of their classes
   * @param known what was found of them before, perhaps with this loader
   * @return those that were found; none outside workers, which have the program's own
   */
  static Found of(String[] classes, @Nullable Found known) {
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    if (known != null && known.loader() == loader) {
      return known;
    }
    if (classes.length == 0
        || loader == null
        || loader == ClassLoader.getSystemClassLoader()
        || !Nesting.isWorker()) {
      return new Found(loader, List.of());
    }
    List<ContextCarrier> found = new ArrayList<>();
    for (String name : classes) {
      found.addAll(find(name, loader));
    }
    return new Found(loader, found);
  }

  private static List<ContextCarrier> find(String name, ClassLoader loader) {
    Set<String> missing = MISSING.get(loader);
    if (missing != null && missing.contains(name)) {
      return List.of();
    }
    try {
      return MADE.get(Class.forName(name, true, loader));
    } catch (ClassNotFoundException | LinkageError e) {
      MISSING
          .computeIfAbsent(loader, any -> Collections.synchronizedSet(new HashSet<>()))
          .add(name);
      return List.of();
    }
  }
}
