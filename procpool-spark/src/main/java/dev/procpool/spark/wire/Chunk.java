package dev.procpool.spark.wire;

import dev.procpool.spi.EncodedItem;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Items of one call that a slot is given at a time. Immutable.
 *
 * @param worker the number of the worker that is to run them
 * @param call the call's number
 * @param askAt at how many items left the slot asks for more
 * @param items the items
 */
public record Chunk(int worker, long call, int askAt, List<Item> items) {

  /**
   * An item.
   *
   * @param item what the worker gets
   * @param limit its own time limit; null for none
   * @param shared the keys of the shared values that it uses
   */
  public record Item(EncodedItem item, @Nullable Duration limit, Set<String> shared) {}

  /** Copies the list. */
  public Chunk {
    items = List.copyOf(items);
  }

  /** Writes it. */
  public void write(DataOutputStream out) throws IOException {
    out.writeInt(worker);
    out.writeLong(call);
    out.writeInt(askAt);
    out.writeInt(items.size());
    for (Item each : items) {
      out.writeLong(each.item.index());
      out.writeInt(each.item.attempts());
      Wire.writeBytes(each.item.bytes(), out);
      Wire.writeBytes(each.item.published(), out);
      Wire.writeDuration(each.limit, out);
      Wire.writeTexts(each.shared, out);
    }
  }

  /** Reads one. */
  public static Chunk read(DataInputStream in) throws IOException {
    int worker = in.readInt();
    long call = in.readLong();
    int askAt = in.readInt();
    int count = in.readInt();
    List<Item> items = new ArrayList<>(Math.min(count, 1024));
    for (int i = 0; i < count; i++) {
      EncodedItem item =
          new EncodedItem(in.readLong(), in.readInt(), Wire.bytes(in), Wire.readBytes(in));
      items.add(new Item(item, Wire.readDuration(in), Wire.readTexts(in)));
    }
    return new Chunk(worker, call, askAt, items);
  }
}
