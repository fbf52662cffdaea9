package dev.procpool.spi;

import dev.procpool.Shared;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * A handle on a shared value of an {@link ItemBackend}: tasks in this JVM have the value itself; to
 * another one it goes along with each handle. Thread-safe.
 *
 * @param <T> the type of the value
 */
final class SharedReference<T extends @Nullable Object> implements Shared<T> {

  @Serial private static final long serialVersionUID = 1L;

  private static final long OPEN = Long.MAX_VALUE;

  @SuppressWarnings("serial") // fails at the value, by name, if that can't be serialized
  private final T value;

  private final transient @Nullable ItemBackend backend;

  /** The last call that may see the value. */
  private volatile long lastCall = OPEN;

  SharedReference(T value, ItemBackend backend) {
    this.value = value;
    this.backend = backend;
  }

  @Override
  public T get() {
    ItemCall<?, ?> call = ItemAttempt.currentCall();
    if (lastCall != OPEN
        && (call == null || call.backend != backend || call.submission.number() > lastCall)) {
      throw new IllegalStateException(
          "this shared value was closed; close a Shared after its last use, or share the value"
              + " again");
    }
    return value;
  }

  @Override
  public void close() {
    if (backend != null && lastCall == OPEN) {
      lastCall = backend.lastCall();
    }
  }
}
