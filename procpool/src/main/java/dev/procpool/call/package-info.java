/**
 * The engine-neutral half of a pool: everything between the typed calls and the {@link
 * dev.procpool.spi.Backend} seam. Hands out items, collects outcomes, keeps order, completes
 * results, runs callbacks, knows nothing of where tasks run.
 */
@NullMarked
package dev.procpool.call;

import org.jspecify.annotations.NullMarked;
