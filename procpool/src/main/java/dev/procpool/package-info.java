/**
 * The contract: a {@link dev.procpool.Pool} of worker processes, the results it gives and the
 * exceptions it throws. Pools are made by {@code dev.procpool.local.ProcessPool}.
 */
@NullMarked
package dev.procpool;

import org.jspecify.annotations.NullMarked;
