package dev.procpool.cli.input;

import dev.procpool.cli.row.Row;
import dev.procpool.cli.row.Rows;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Some of the rows, each as likely as any other, in the input's order; the input is read to its end
 * when the first is asked for. Used by one thread at a time.
 */
final class SampledRows implements Rows {

  private final Rows rows;
  private final int most;
  private final SplittableRandom random;
  private @Nullable Iterator<Row> sample;
  private int size;

  SampledRows(Rows rows, int most, long seed) {
    this.rows = rows;
    this.most = most;
    this.random = new SplittableRandom(seed);
  }

  private record Numbered(long number, Row row) {}

  private Iterator<Row> sample() {
    Iterator<Row> rest = sample;
    if (rest == null) {
      List<Numbered> taken = new ArrayList<>();
      for (long number = 0; rows.hasNext(); number++) { // Vitter's algorithm R
        Numbered next = new Numbered(number, rows.next());
        long place = random.nextLong(number + 1);
        if (taken.size() < most) {
          taken.add(next);
        } else if (place < most) {
          taken.set((int) place, next);
        }
      }
      taken.sort(Comparator.comparingLong(Numbered::number));
      size = taken.size();
      rest = taken.stream().map(Numbered::row).iterator();
      sample = rest;
    }
    return rest;
  }

  @Override
  public List<String> header() {
    return rows.header();
  }

  @Override
  public int added() {
    return rows.added();
  }

  @Override
  public OptionalLong size() {
    sample();
    return OptionalLong.of(size);
  }

  @Override
  public boolean hasNext() {
    return sample().hasNext();
  }

  @Override
  public Row next() {
    return sample().next();
  }

  @Override
  public void close() {
    rows.close();
  }
}
