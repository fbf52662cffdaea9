package dev.procpool.channel;

import java.util.function.BooleanSupplier;

/**
 * How a side waits for its ring: it looks again and again for a moment, then sleeps on a socket.
 *
 * <p>A wake-up costs the sleeper some ten microseconds and the waker a system call, so a short spin
 * pays; a long one takes the processor from those who have work. Immutable.
 */
public final class WaitStrategy {

  private static final int LOOKS_BETWEEN_CLOCKS = 8;

  /** A look takes the word's cache line from the one who writes it, which costs that one more. */
  private static final int PAUSES_BETWEEN_LOOKS = 8;

  /**
   * A yield takes longer than the quickest answer. So there is none before a round of looks has
   * begun later than this.
   */
  private static final long QUICK_NANOS = 2_500;

  private final long spinNanos;
  private final boolean yields;

  private WaitStrategy(long spinNanos, boolean yields) {
    this.spinNanos = spinNanos;
    this.yields = yields;
  }

  /**
   * Makes the strategy of one of many, such as a worker, which lets those run who have work.
   *
   * @param spinNanos how long to look before sleeping; 0 to sleep at once
   * @return the strategy
   */
  public static WaitStrategy yielding(long spinNanos) {
    return new WaitStrategy(spinNanos, true);
  }

  /**
   * Makes the strategy of one whom all others wait for, and who so keeps its processor.
   *
   * @param spinNanos how long to look before sleeping; 0 to sleep at once
   * @return the strategy
   */
  public static WaitStrategy keeping(long spinNanos) {
    return new WaitStrategy(spinNanos, false);
  }

  /**
   * Looks for something for a moment.
   *
   * @param arrived whether it is there
   * @return whether it came; if not, the caller sleeps
   */
  @SuppressWarnings("ThreadPriorityCheck") // a yield costs speed at worst, never correctness
  public boolean spin(BooleanSupplier arrived) {
    if (arrived.getAsBoolean()) {
      return true;
    }
    long begin = spinNanos == 0 ? 0 : System.nanoTime();
    for (long now = begin; now - begin < spinNanos; now = System.nanoTime()) {
      for (int i = 0; i < LOOKS_BETWEEN_CLOCKS; i++) {
        if (arrived.getAsBoolean()) {
          return true;
        }
        for (int pause = 0; pause < PAUSES_BETWEEN_LOOKS; pause++) {
          Thread.onSpinWait();
        }
      }
      if (yields && now - begin > QUICK_NANOS) {
        Thread.yield();
      }
    }
    return false;
  }
}
