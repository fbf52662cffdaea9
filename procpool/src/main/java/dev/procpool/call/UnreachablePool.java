package dev.procpool.call;

import dev.procpool.observe.Observation;
import dev.procpool.spi.Backend;

/** Ends what a pool leaves that nobody can reach; on the thread of an {@link Abandonment}. */
record UnreachablePool(Backend backend, Observation observation) implements Runnable {

  @Override
  public void run() {
    try {
      backend.terminate();
    } finally {
      observation.terminated(); // a backend may not tell when it has ended
    }
  }
}
