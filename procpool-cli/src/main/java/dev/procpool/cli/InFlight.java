package dev.procpool.cli;

import static java.util.Objects.requireNonNull;

import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The rows between source and results, kept so that a result can say what it is the result of.
 *
 * <p>The pool's thread puts rows in while it pulls them, in the order of the items; the thread that
 * takes outcomes takes them out. The pool's look-ahead bounds their number.
 */
final class InFlight implements Iterable<Row> {

  private final Rows source;
  private final Map<Long, Row> rows = new ConcurrentHashMap<>();
  private final AtomicLong next = new AtomicLong();

  InFlight(Rows source) {
    this.source = source;
  }

  @Override
  public Iterator<Row> iterator() {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return source.hasNext();
      }

      @Override
      public Row next() {
        Row row = source.next();
        rows.put(next.getAndIncrement(), row);
        return row;
      }
    };
  }

  /** Gives up the row of an item, which has not been given up before. */
  Row take(long index) {
    return requireNonNull(rows.remove(index));
  }
}
