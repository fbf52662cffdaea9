package dev.procpool;

import java.util.Objects;

/**
 * How far an item has come, as its task said last: see {@link WorkerContext#progress(double,
 * String)}. Immutable.
 *
 * @param fraction how much of the item is done, from 0 to 1
 * @param note what the task is at; may be empty. Of a note that a worker process leaves, at most
 *     1,024 bytes of UTF-8 are kept, in one line
 * @since 0.2.0
 */
public record Progress(double fraction, String note) {

  /**
   * Checks both.
   *
   * @throws IllegalArgumentException if {@code fraction} is not from 0 to 1
   */
  public Progress {
    if (!(fraction >= 0 && fraction <= 1)) { // which NaN is not, either
      throw new IllegalArgumentException("fraction must be from 0 to 1, was " + fraction);
    }
    Objects.requireNonNull(note, "note");
  }

  /** Gives both in one line: {@code 40 %: page 4 of 10}. */
  @Override
  public String toString() {
    return (int) (fraction * 100 + 1e-9) + " %" + (note.isEmpty() ? "" : ": " + note);
  }
}
