package dev.procpool.cli.pool;

import dev.procpool.Pool;

/** Opens the pool that a run uses: the seam between the command line and the backends. */
@FunctionalInterface
public interface PoolFactory {

  Pool open(PoolSettings settings);
}
