package dev.procpool.spark;

import dev.procpool.Shared;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/** A value that goes along with each task or item that refers to it. */
final class SharedValue<T extends @Nullable Object> implements Shared<T>, Serializable {

  private static final long serialVersionUID = 1;

  @SuppressWarnings("serial") // as any argument
  private final T value;

  private transient volatile boolean isClosed;

  SharedValue(T value) {
    this.value = value;
  }

  @Override
  public T get() {
    if (isClosed) {
      throw new IllegalStateException(
          "this shared value was closed; close a Shared after its last use, or share the value"
              + " again");
    }
    return value;
  }

  @Override
  public void close() {
    isClosed = true;
  }
}
