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
  public record Item(EncodedItem item, @Nullable Duration limit, Set<String> shared) {

    // What an item may have beside its bytes; most have nothing.
    private static final int ATTEMPTS = 1;
    private static final int PUBLISHED = 2;
    private static final int LIMIT = 4;
    private static final int SHARED = 8;

    private void write(long before, DataOutputStream out) throws IOException {
      out.writeByte(
          (item.attempts() > 0 ? ATTEMPTS : 0)
              | (item.published() != null ? PUBLISHED : 0)
              | (limit != null ? LIMIT : 0)
              | (shared.isEmpty() ? 0 : SHARED));
      Wire.writeNumber(item.index() - before - 1, out);
      Wire.writeNumber(item.bytes().length, out);
      out.write(item.bytes());
      if (item.attempts() > 0) {
        out.writeInt(item.attempts());
      }
      if (item.published() != null) {
        Wire.writeBytes(item.published(), out);
      }
      if (limit != null) {
        Wire.writeDuration(limit, out);
      }
      if (!shared.isEmpty()) {
        Wire.writeTexts(shared, out);
      }
    }

    private static Item read(long before, DataInputStream in) throws IOException {
      int has = in.readByte();
      long index = before + 1 + Wire.readNumber(in);
      byte[] bytes = new byte[Wire.readLength(in)];
      in.readFully(bytes);
      int attempts = (has & ATTEMPTS) != 0 ? in.readInt() : 0;
      byte[] published = (has & PUBLISHED) != 0 ? Wire.bytes(in) : null;
      Duration limit = (has & LIMIT) != 0 ? Wire.readDuration(in) : null;
      Set<String> shared = (has & SHARED) != 0 ? Wire.readTexts(in) : Set.of();
      return new Item(new EncodedItem(index, attempts, bytes, published), limit, shared);
    }
  }

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
    long before = -1;
    for (Item each : items) {
      each.write(before, out);
      before = each.item.index();
    }
  }

  /** Reads one. */
  public static Chunk read(DataInputStream in) throws IOException {
    int worker = in.readInt();
    long call = in.readLong();
    int askAt = in.readInt();
    int count = in.readInt();
    List<Item> items = new ArrayList<>(Math.min(count, 1024));
    long before = -1;
    for (int i = 0; i < count; i++) {
      Item item = Item.read(before, in);
      items.add(item);
      before = item.item.index();
    }
    return new Chunk(worker, call, askAt, items);
  }
}
