package dev.procpool.inline;

import dev.procpool.Shared;
import dev.procpool.codec.ElementType;
import java.nio.Buffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A handle on a shared value of an inline pool: the value itself outside the pool's workers, the
 * worker's copy in one.
 *
 * @param id finds the value in this JVM, until its pool ends
 * @param <T> the type of the value
 */
record InlineShared<T>(long id) implements Shared<T> {

  private static final AtomicLong IDS = new AtomicLong();
  private static final Map<Long, Entry> VALUES = new ConcurrentHashMap<>();

  /**
   * @param bytes the encoded value; null for a buffer, of which each caller has a view
   */
  private record Entry(Object value, byte @Nullable [] bytes) {}

  static <T> InlineShared<T> of(T value) {
    Entry entry =
        value instanceof Buffer buffer
            ? new Entry(ElementType.copyOf(buffer), null)
            : new Entry(value, Copying.encode("the shared value", value));
    long id = IDS.incrementAndGet();
    VALUES.put(id, entry);
    return new InlineShared<>(id);
  }

  void forget() {
    VALUES.remove(id);
  }

  @Override
  @SuppressWarnings("unchecked") // the entry was made by of(T), the copy from its bytes
  public T get() {
    Entry entry = VALUES.get(id);
    if (entry == null) {
      throw new IllegalStateException("the pool that shared value " + id + " is gone");
    }
    byte[] bytes = entry.bytes();
    if (bytes == null) {
      return (T) ElementType.readOnly((Buffer) entry.value());
    }
    InlineWorker worker = InlineWorker.current();
    if (worker == null) {
      return (T) entry.value();
    }
    Map<Long, Object> copies = worker.sharedCopies();
    if (!copies.containsKey(id)) {
      copies.put(id, Copying.decode("the shared value", bytes, loader(entry)));
    }
    return (T) copies.get(id);
  }

  private static ClassLoader loader(Entry entry) {
    ClassLoader own = entry.value() == null ? null : entry.value().getClass().getClassLoader();
    return own != null ? own : ClassLoader.getSystemClassLoader();
  }
}
