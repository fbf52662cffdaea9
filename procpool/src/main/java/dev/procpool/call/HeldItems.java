package dev.procpool.call;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A call's items, kept from when they are read until their outcomes are consumed. Thread-safe.
 *
 * @param <T> the type of the items
 */
final class HeldItems<T> {

  /** In the place of null, which the map can't hold. */
  private static final Object NULL = new Object();

  private final Map<Long, Object> items = new ConcurrentHashMap<>();

  void put(long index, @Nullable T item) {
    items.put(index, item == null ? NULL : item);
  }

  /** Gives an item and lets go of it. */
  @SuppressWarnings({"unchecked", "NullAway"}) // only items were put; T may stand for null
  T take(long index) {
    Object item = items.remove(index);
    return item == NULL ? null : (T) item;
  }
}
