package dev.procpool.spi;

import dev.procpool.PoolEvent;
import org.jspecify.annotations.Nullable;

/**
 * What a backend knows of how items ran, beside their outcome: for observers and statistics.
 * Immutable.
 *
 * @param worker the worker that ran them; null if none did, or nobody observes
 * @param waitNanos how long the first of them waited from when it was pulled until it began; -1 if
 *     that is not known, or the attempt was not the first
 * @param sentBytes how many bytes the arguments of all took; -1 if that is not known
 * @param receivedBytes how many bytes the results of all took; -1 if that is not known
 * @since 0.2.0
 */
@SuppressWarnings("exports") // JSpecify is not needed to compile against this module
public record ItemRun(
    PoolEvent.@Nullable Worker worker, long waitNanos, long sentBytes, long receivedBytes) {

  /** Nothing is known, as of items that did not run. */
  public static final ItemRun UNKNOWN = new ItemRun(null, -1, -1, -1);
}
