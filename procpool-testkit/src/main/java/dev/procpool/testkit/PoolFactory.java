package dev.procpool.testkit;

import dev.procpool.Pool;
import dev.procpool.PoolObserver;
import java.util.List;
import java.util.Optional;

/** Makes the pools that the contract is tested on, and says what their backend can't do. */
@FunctionalInterface
public interface PoolFactory {

  /**
   * Makes a pool with the backend's defaults.
   *
   * @param workers the number of workers
   * @return a new pool; the test ends it
   */
  Pool create(int workers);

  /**
   * Makes a pool that tells an observer. Where a backend's makers can't, the tests of that are
   * skipped.
   *
   * @param workers the number of workers
   * @param observers whom to tell
   * @return a new pool; the test ends it; empty unless overridden
   */
  default Optional<Pool> create(int workers, List<PoolObserver> observers) {
    return Optional.empty();
  }

  /**
   * Tells whether tasks, arguments and results cross to the worker as bytes. Where they do not, the
   * tests of what can't be serialized are skipped.
   *
   * @return true unless overridden
   */
  default boolean serializes() {
    return true;
  }

  /**
   * Tells whether each worker is a process of its own. Where it is not, the tests that need workers
   * with different process identifiers are skipped.
   *
   * @return true unless overridden
   */
  default boolean isolatesProcesses() {
    return true;
  }

  /**
   * Tells whether an item that is stopped may yet end by itself. Where its worker is given up at
   * once, the tests of what comes of such items are skipped.
   *
   * @return true unless overridden
   */
  default boolean letsItemsEnd() {
    return true;
  }
}
