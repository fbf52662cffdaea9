package dev.procpool.local;

import dev.procpool.Shared;
import dev.procpool.call.SharedValues;
import dev.procpool.codec.Codec;
import dev.procpool.sharing.SharedFile;
import dev.procpool.sharing.SharedLife;
import dev.procpool.sharing.SharedUses;
import dev.procpool.spi.SharedStore;
import java.io.OutputStream;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The values that a {@link CallEncoder} has shared. Thread-safe. */
final class EncodedShares {

  /** Of an encoder that shares none. */
  static final SharedStore NOWHERE =
      new SharedStore() {
        @Override
        public OutputStream open(String key) {
          throw new IllegalStateException(
              "this CallEncoder shares no values: make it with a SharedStore");
        }

        @Override
        public void drop(String key) {}
      };

  private final SharedStore store;
  private final SharedValues values = new SharedValues();

  /** Begins each key, so that those of several programs are apart in a worker that serves them. */
  private final String prefix = "shared-" + UUID.randomUUID() + "-";

  private final AtomicLong last = new AtomicLong();

  /** The store is told of a release before; one object, which calls hold weakly. */
  private final Consumer<String> holder = EncodedShares::released;

  EncodedShares(SharedStore store) {
    this.store = store;
  }

  <T extends @Nullable Object> Shared<T> share(T value, Codec codec) {
    SharedLife life = new SharedLife(prefix + last.incrementAndGet());
    SharedFile<T> handle = SharedFile.create(value, codec, holder, life, store);
    if (!values.keep(handle, life)) {
      throw new IllegalStateException("this CallEncoder was closed: it shares no more values");
    }
    return handle;
  }

  /** Begins what a call uses. */
  SharedUses uses() {
    return new SharedUses(holder);
  }

  /** The keys of what was sent that are of this encoder; a pool of this machine has others. */
  Set<String> own(SharedUses sent) {
    Set<String> keys = sent.keys();
    return keys.isEmpty()
        ? keys
        : keys.stream()
            .filter(key -> key.startsWith(prefix))
            .collect(Collectors.toUnmodifiableSet());
  }

  /** There is nothing more to do: the store was told. */
  private static void released(String key) {}

  /** Drops all values, and those that come later. */
  void end() {
    values.end();
  }
}
