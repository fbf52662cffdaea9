package dev.procpool.spark;

import dev.procpool.spi.EncodedItem;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Items of one call that a slot is given at a time. Thread-safe. */
final class Chunk {

  /**
   * An item.
   *
   * @param item what the worker gets
   * @param limit its own time limit; null for none
   */
  record Item(EncodedItem item, @Nullable Duration limit) {}

  private final int worker;
  private final long call;
  private final List<Item> items;
  private final CountDownLatch left;

  /**
   * Makes a chunk.
   *
   * @param worker the number of the worker that is to run it
   * @param call the call's number
   */
  Chunk(int worker, long call, List<Item> items) {
    this.worker = worker;
    this.call = call;
    this.items = List.copyOf(items);
    this.left = new CountDownLatch(items.size());
  }

  int worker() {
    return worker;
  }

  long call() {
    return call;
  }

  List<Item> items() {
    return items;
  }

  /** One of its items has its outcome. */
  void ended() {
    left.countDown();
  }

  /** Waits until all have. */
  boolean await(long millis) throws InterruptedException {
    return left.await(millis, TimeUnit.MILLISECONDS);
  }

  void write(DataOutputStream out) throws IOException {
    out.writeInt(worker);
    out.writeLong(call);
    out.writeInt(items.size());
    for (Item each : items) {
      out.writeLong(each.item.index());
      out.writeInt(each.item.attempts());
      Wire.writeBytes(each.item.bytes(), out);
      Wire.writeBytes(each.item.published(), out);
      Wire.writeDuration(each.limit, out);
    }
  }

  static Chunk read(DataInputStream in) throws IOException {
    int worker = in.readInt();
    long call = in.readLong();
    int count = in.readInt();
    List<Item> items = new ArrayList<>(Math.min(count, 1024));
    for (int i = 0; i < count; i++) {
      EncodedItem item = item(in.readLong(), in.readInt(), Wire.bytes(in), Wire.readBytes(in));
      items.add(new Item(item, Wire.readDuration(in)));
    }
    return new Chunk(worker, call, items);
  }

  @SuppressWarnings("NullAway") // it does not see in class files that an array may be null
  static EncodedItem item(long index, int attempts, byte[] bytes, byte @Nullable [] published) {
    return new EncodedItem(index, attempts, bytes, published);
  }
}
