package dev.procpool.spark.driver;

import dev.procpool.spi.SharedStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.jspecify.annotations.Nullable;

/**
 * Keeps shared values as Spark's broadcasts: each executor gets a value once, in parts, from those
 * that have it already. Thread-safe.
 */
final class Broadcasts implements SharedStore {

  private final JavaSparkContext context;
  private final Executor threads;
  private final Consumer<String> dropped;
  private final Map<String, Broadcast<byte[]>> all = new ConcurrentHashMap<>();

  /**
   * Makes one.
   *
   * @param dropped is told of a value that nobody needs
   */
  Broadcasts(JavaSparkContext context, Executor threads, Consumer<String> dropped) {
    this.context = context;
    this.threads = threads;
    this.dropped = dropped;
  }

  @Override
  public OutputStream open(String key) {
    return new ByteArrayOutputStream() {

      private boolean isClosed;

      @Override
      public void close() throws IOException {
        if (!isClosed) {
          isClosed = true;
          boolean interrupted = Thread.interrupted(); // Spark waits; the caller does not for it
          try {
            all.put(key, context.broadcast(toByteArray()));
          } catch (IllegalStateException e) { // the context was stopped
            throw new IOException("Spark does not take it: " + e.getMessage(), e);
          } finally {
            if (interrupted) {
              Thread.currentThread().interrupt();
            }
          }
          buf = new byte[0];
        }
      }
    };
  }

  @Override
  public void drop(String key) {
    Broadcast<byte[]> known = all.remove(key);
    if (known != null) {
      threads.execute( // it asks executors, and its caller may hold a lock
          () -> {
            if (!context.sc().isStopped()) {
              known.destroy();
            }
          });
      dropped.accept(key);
    }
  }

  /** Gives a value's broadcast as an executor reads it; null if it was dropped. */
  byte @Nullable [] get(String key) throws IOException {
    Broadcast<byte[]> known = all.get(key);
    if (known == null) {
      return null;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(known);
    }
    return bytes.toByteArray();
  }
}
