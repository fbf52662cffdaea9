package dev.procpool.codec;

import java.io.ObjectInputFilter;

/**
 * Lets no graph take more of the stack than there may be, and leaves all else to others. The same
 * as the pattern {@code maxdepth=…}, without setting up what reads patterns, which takes a pool
 * longer than most else that it does to be made.
 *
 * @param most how deep objects may be nested
 */
public record DepthFilter(long most) implements ObjectInputFilter {

  @Override
  public Status checkInput(FilterInfo info) {
    return info.depth() > most ? Status.REJECTED : Status.UNDECIDED;
  }
}
