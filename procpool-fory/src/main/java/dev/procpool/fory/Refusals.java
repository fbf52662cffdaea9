package dev.procpool.fory;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The classes whose objects Fory has refused. An exception for each item would take longer than
 * Java serialization. A collection of the JDK's counts as its first element does, since it may have
 * others the next time.
 *
 * <p>Thread-safe.
 */
final class Refusals {

  private static final int MAX_DEPTH = 4;

  private static final ClassValue<AtomicBoolean> REFUSED =
      new ClassValue<>() {
        @Override
        protected AtomicBoolean computeValue(Class<?> type) {
          return new AtomicBoolean();
        }
      };

  private Refusals() {}

  static boolean has(Object graph) {
    return REFUSED.get(kind(graph, 0)).get();
  }

  static void add(Object graph) {
    REFUSED.get(kind(graph, 0)).set(true);
  }

  private static Class<?> kind(Object graph, int depth) {
    Class<?> type = graph.getClass();
    if (depth < MAX_DEPTH && type.getClassLoader() == null) {
      Object first = first(graph);
      if (first != null) {
        return kind(first, depth + 1);
      }
    }
    return type;
  }

  private static @Nullable Object first(Object graph) {
    Iterable<?> elements;
    if (graph instanceof Collection<?> collection) {
      elements = collection;
    } else if (graph instanceof Map<?, ?> map) {
      elements = map.values();
    } else if (graph instanceof Object[] array) {
      return array.length == 0 ? null : array[0];
    } else {
      return null;
    }
    var iterator = elements.iterator();
    return iterator.hasNext() ? iterator.next() : null;
  }
}
