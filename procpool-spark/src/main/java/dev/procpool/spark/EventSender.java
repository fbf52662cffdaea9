package dev.procpool.spark;

import dev.procpool.PoolEvent;
import dev.procpool.PoolObserver;
import dev.procpool.codec.ByteOutput;
import dev.procpool.codec.Codec;
import dev.procpool.codec.CodecException;
import dev.procpool.codec.DepthFilter;
import dev.procpool.guard.SafeLog;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Sends the driver what happens to an executor's workers; and reads it there. */
final class EventSender implements PoolObserver {

  private static final Codec CODEC = new Codec(new DepthFilter(100), Integer.MAX_VALUE - 1024);

  private final Consumer<byte[]> driver;

  EventSender(Consumer<byte[]> driver) {
    this.driver = driver;
  }

  private void send(PoolEvent event) {
    try {
      ByteOutput bytes = new ByteOutput(256, Long.MAX_VALUE);
      CODEC.encode(event, bytes);
      byte[] written = bytes.toByteArray();
      driver.accept(Wire.message(Wire.EVENT, out -> out.write(written)));
    } catch (CodecException | RuntimeException e) { // the driver is gone, say
      SafeLog.log(System.Logger.Level.DEBUG, "an event can't be sent to the driver", e);
    }
  }

  /**
   * Reads an event, and tells it as one of the driver's pool.
   *
   * @param named gives a call with its label
   */
  static void tell(
      DataInputStream in, String pool, PoolObserver observer, UnaryOperator<PoolEvent.Call> named)
      throws IOException {
    byte[] bytes = in.readAllBytes();
    Object event;
    try {
      event = CODEC.decode(bytes, 0, bytes.length, EventSender.class.getClassLoader());
    } catch (CodecException e) {
      throw new IOException(e);
    }
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
    } else if (event instanceof PoolEvent.ItemTimeout e) {
      observer.itemTimedOut(
          new PoolEvent.ItemTimeout(
              pool,
              e.at(),
              e.worker(),
              named.apply(e.call()),
              e.index(),
              e.attempt(),
              e.kind(),
              e.limit(),
              e.ran()));
    }
  }

  @Override
  public void workerStarted(PoolEvent.WorkerStart event) {
    send(event);
  }

  @Override
  public void workerReady(PoolEvent.WorkerReady event) {
    send(event);
  }

  @Override
  public void workerEnded(PoolEvent.WorkerGone event) {
    send(event);
  }

  @Override
  public void itemProgressed(PoolEvent.ItemProgress event) {
    send(event);
  }

  @Override
  public void itemTimedOut(PoolEvent.ItemTimeout event) {
    send(event);
  }
}
