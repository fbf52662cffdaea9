package dev.procpool.cli;

import dev.procpool.Pool;

/** Opens the pool that a run uses: the seam between the command line and the backends. */
@FunctionalInterface
interface PoolFactory {

  Pool open(PoolSettings settings);
}
