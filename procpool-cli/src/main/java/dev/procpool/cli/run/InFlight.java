package dev.procpool.cli.run;

import dev.procpool.cli.journal.Journal;
import dev.procpool.cli.journal.RowKey;
import dev.procpool.cli.journal.RowKeys;
import dev.procpool.cli.options.RunOptions;
import dev.procpool.cli.output.Result;
import dev.procpool.cli.reply.Status;
import dev.procpool.cli.row.Row;
import dev.procpool.cli.row.RowForm;
import dev.procpool.cli.row.Rows;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The rows between source and results, kept so that a result can say what it is the result of. Rows
 * that have a result in the journal are passed over. The pool gets rows in the form in which they
 * cross to the workers.
 *
 * <p>The pool's thread puts rows in while it pulls them, in the order of the items; the thread that
 * takes outcomes takes them out. The pool's look-ahead bounds their number.
 */
final class InFlight implements Iterable<String>, AutoCloseable {

  private static final int SLOTS = RunOptions.ROWS_AHEAD << 1;

  private static final int LAST = 1024;

  private record Taken(long number, Row row) {}

  private final Rows source;
  private final @Nullable RowKeys keys;
  private final @Nullable Journal journal;
  private final Set<Status> again;
  private final LargeRows large;

  /** Each item in the slot of its number. */
  private final AtomicReferenceArray<Result.Item> slots = new AtomicReferenceArray<>(SLOTS);

  /** The number of the item in a slot; written before it. */
  private final long[] numbers = new long[SLOTS];

  /** Items whose slot was taken: by one that takes long, while many others came and went. */
  private final Map<Long, Result.Item> others = new ConcurrentHashMap<>();

  /**
   * Those that were taken last: what they have printed may come later than their results. Null
   * where nobody asks.
   */
  private volatile @Nullable AtomicReferenceArray<Taken> taken;

  // ---- of the thread that pulls

  private final RowForm form = new RowForm();
  private long read;
  private long handedOut;
  private Result.@Nullable Item next;

  /**
   * Makes it.
   *
   * @param source the rows
   * @param keys names their contents; null without a journal
   * @param journal has results already; null without one
   * @param again the kinds of results in it that don't count
   * @param mostLarge how many large rows may be out
   */
  InFlight(
      Rows source,
      @Nullable RowKeys keys,
      @Nullable Journal journal,
      Set<Status> again,
      int mostLarge) {
    this.large = new LargeRows(mostLarge);
    this.source = source;
    this.keys = keys;
    this.journal = journal;
    this.again = again;
  }

  @Override
  public Iterator<String> iterator() {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return advance();
      }

      @Override
      public String next() {
        if (!advance()) {
          throw new NoSuchElementException();
        }
        Result.Item item = Objects.requireNonNull(next);
        next = null;
        large.put(item.row());
        put(handedOut++, item);
        return form.write(item.row());
      }
    };
  }

  private boolean advance() {
    while (next == null && source.hasNext()) {
      Row row = source.next();
      long index = read++;
      RowKey key = keys == null ? null : keys.of(row);
      int attempt = journal == null || key == null ? 1 : journal.claim(key, index, again);
      if (attempt > 0) {
        next = new Result.Item(row, index, key, attempt);
      }
    }
    return next != null;
  }

  private void put(long number, Result.Item item) {
    int slot = slot(number);
    if (slots.getAcquire(slot) == null) {
      numbers[slot] = number;
      slots.setRelease(slot, item);
    } else {
      others.put(number, item);
    }
  }

  /** Gives up the item that the pool knows by this number. */
  Result.Item take(long number) {
    Result.Item item = remove(number);
    large.taken(item.row());
    AtomicReferenceArray<Taken> kept = taken;
    if (kept != null) {
      kept.set((int) (number % LAST), new Taken(number, item.row()));
    }
    return item;
  }

  /** Keeps rows for a while after they were taken, for {@link #where} and {@link #describe}. */
  void keepLast() {
    taken = new AtomicReferenceArray<>(LAST);
  }

  private Result.Item remove(long number) {
    int slot = slot(number);
    Result.Item item = slots.getAcquire(slot);
    if (item == null || numbers[slot] != number) {
      return Objects.requireNonNull(others.remove(number));
    }
    slots.setRelease(slot, null);
    return item;
  }

  private static int slot(long number) {
    return (int) number & (SLOTS - 1);
  }

  /** Holds back no rows any more. */
  @Override
  public void close() {
    large.close();
  }

  /** Says where the item came from that the pool knows by this number. Any thread. */
  String where(long number) {
    Row row = row(number);
    return row == null ? "item " + number : row.where();
  }

  /** Says that and what it is. Any thread. */
  String describe(long number) {
    Row row = row(number);
    String where = where(number);
    return row == null || row.kind() == Row.Kind.FILE || row.kind() == Row.Kind.BATCH
        ? where
        : where + ": " + String.join(", ", row.fields());
  }

  private @Nullable Row row(long number) {
    int slot = slot(number);
    Result.Item item = slots.getAcquire(slot);
    if (item != null && numbers[slot] == number) {
      return item.row();
    }
    item = others.get(number);
    if (item != null) {
      return item.row();
    }
    AtomicReferenceArray<Taken> kept = taken;
    Taken last = kept == null ? null : kept.get((int) (number % LAST));
    return last == null || last.number() != number ? null : last.row();
  }
}
