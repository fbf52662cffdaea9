package dev.procpool.local;

import dev.procpool.Shared;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * A value that a static initializer shares in a worker: it is written for workers of the pool when
 * it is first sent to one, which is never, as a rule. Thread-safe.
 *
 * @param <T> the type of the value
 */
final class DeferredShare<T> implements Shared<T> {

  @Serial private static final long serialVersionUID = 1L;

  private final transient T value;
  private final transient NestedBackend backend;

  /** What is sent in its place; null until then. Guarded by this. */
  private transient @Nullable Shared<T> sent;

  /** Guarded by this. */
  private transient boolean closed;

  DeferredShare(T value, NestedBackend backend) {
    this.value = value;
    this.backend = backend;
  }

  @Override
  public synchronized T get() {
    if (closed) {
      throw closed();
    }
    return value;
  }

  @Override
  public void close() {
    Shared<T> also;
    synchronized (this) {
      closed = true;
      also = sent;
    }
    if (also != null) {
      also.close();
    }
  }

  private static IllegalStateException closed() {
    return new IllegalStateException("this shared value was closed; close it after its last use");
  }

  @Serial
  private synchronized Object writeReplace() {
    if (sent == null && closed) {
      throw closed();
    } else if (sent == null) {
      sent = backend.shareNow(value);
    }
    return sent;
  }
}
