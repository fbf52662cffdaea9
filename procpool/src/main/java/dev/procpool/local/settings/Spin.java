package dev.procpool.local.settings;

import dev.procpool.spi.Nanos;
import java.time.Duration;

/**
 * How long who has nothing to do looks for more before it sleeps.
 *
 * @param nanos how long
 * @param helps whether a caller who waits does the engine's work meanwhile
 */
public record Spin(long nanos, boolean helps) {

  private static final long DEFAULT_NANOS = 20_000;

  /** A little, where that takes the processor from nobody. */
  public static Spin byDefault() {
    return new Spin(Runtime.getRuntime().availableProcessors() > 1 ? DEFAULT_NANOS : 0, false);
  }

  /** What a user asks for. */
  public static Spin of(Duration wait) {
    return new Spin(Nanos.of(wait), !wait.isZero());
  }
}
