package dev.procpool.spark.wire;

import static java.util.Objects.requireNonNull;

import dev.procpool.PoolEvent;
import dev.procpool.PoolObserver;
import dev.procpool.codec.ByteOutput;
import dev.procpool.codec.Codec;
import dev.procpool.codec.CodecException;
import dev.procpool.codec.DepthFilter;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.function.UnaryOperator;

/** What happens to workers as bytes: events, and records of our own classes. Without state. */
public final class Events {

  private static final Codec CODEC = new Codec(new DepthFilter(1000), Integer.MAX_VALUE - 1024);

  private Events() {}

  /**
   * Writes an event, or another object of procpool's or the JDK's.
   *
   * @throws IllegalArgumentException if something in it has no bytes
   */
  public static byte[] encode(Object event) {
    ByteOutput bytes = new ByteOutput(256, Long.MAX_VALUE);
    try {
      CODEC.encode(event, bytes);
    } catch (CodecException e) {
      throw new IllegalArgumentException(e);
    }
    return bytes.toByteArray();
  }

  /** Reads what {@link #encode} wrote, of a type. */
  public static <E> E read(Class<E> type, DataInputStream in) throws IOException {
    byte[] bytes = Wire.bytes(in);
    try {
      return type.cast(
          requireNonNull(CODEC.decode(bytes, 0, bytes.length, Events.class.getClassLoader())));
    } catch (CodecException | ClassCastException | NullPointerException e) {
      throw new IOException("no " + type.getSimpleName(), e);
    }
  }

  /**
   * Tells an event as one of the driver's pool. Time-outs are told by what items come to.
   *
   * @param named gives a call with its label
   */
  public static void tell(
      PoolEvent event, String pool, PoolObserver observer, UnaryOperator<PoolEvent.Call> named) {
    if (event instanceof PoolEvent.WorkerStart e) {
      observer.workerStarted(new PoolEvent.WorkerStart(pool, e.at(), e.worker()));
    } else if (event instanceof PoolEvent.WorkerReady e) {
      observer.workerReady(new PoolEvent.WorkerReady(pool, e.at(), e.worker(), e.took()));
    } else if (event instanceof PoolEvent.WorkerGone e) {
      observer.workerEnded(
          new PoolEvent.WorkerGone(
              pool, e.at(), e.worker(), e.why(), e.exit(), e.items(), e.lived()));
    } else if (event instanceof PoolEvent.ItemProgress e) {
      observer.itemProgressed(
          new PoolEvent.ItemProgress(
              pool,
              e.at(),
              e.worker(),
              named.apply(e.call()),
              e.index(),
              e.attempt(),
              e.progress()));
    }
  }
}
