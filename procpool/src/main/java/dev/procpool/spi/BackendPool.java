package dev.procpool.spi;

import dev.procpool.OnClose;
import dev.procpool.Pool;
import dev.procpool.PoolObserver;
import java.util.Objects;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/**
 * Makes a {@link Pool} of a {@link Backend}: all calls, results, streams and callbacks are the
 * pool's, the backend only runs items.
 *
 * <pre>{@code
 * Pool pool = BackendPool.of("render", new RenderFarm(hosts), OnClose.JOIN);
 * }</pre>
 *
 * <p>Thread-safe.
 *
 * @since 0.2.0
 */
public abstract class BackendPool {

  /** For procpool's own use: what makes the pools is found by {@link ServiceLoader}. */
  protected BackendPool() {}

  /**
   * Makes a pool that owns a backend. The pool ends the backend: when it is closed, and when nobody
   * can reach it any more. So the backend must not refer to the pool.
   *
   * <p>If no pool can be made, the backend is terminated.
   *
   * @param name the pool's name, for threads and messages; should be unlike those of other pools
   * @param backend where items run; belongs to this pool from now on
   * @param onClose what {@link Pool#close()} does
   * @param observers whom to tell what happens in the pool; none, as a rule
   * @return the pool
   * @throws IllegalStateException if the jar that has procpool was repacked without its file {@code
   *     META-INF/services/dev.procpool.spi.BackendPool}
   */
  public static Pool of(String name, Backend backend, OnClose onClose, PoolObserver... observers) {
    Objects.requireNonNull(backend, "backend");
    BackendPool pools;
    try {
      pools = find();
    } catch (Throwable e) { // nobody could end it any more
      backend.terminate();
      throw e;
    }
    return pools.make(name, backend, onClose, observers);
  }

  /** Of the loader that has this class: the caller's threads may know another procpool, or none. */
  private static BackendPool find() {
    ServiceConfigurationError fault = null;
    try {
      for (BackendPool found :
          ServiceLoader.load(BackendPool.class, BackendPool.class.getClassLoader())) {
        return found;
      }
    } catch (ServiceConfigurationError e) {
      fault = e;
    }
    throw new IllegalStateException(
        "no pool can be made of a backend: the jar that has procpool was repacked without its file"
            + " META-INF/services/"
            + BackendPool.class.getName()
            + "; have your build keep the files of META-INF/services (of the Shade plugin:"
            + " ServicesResourceTransformer)",
        fault);
  }

  /**
   * Makes the pool.
   *
   * @param name the pool's name
   * @param backend where items run; is terminated if this throws
   * @param onClose what {@link Pool#close()} does
   * @param observers whom to tell what happens in the pool
   * @return the pool
   */
  protected abstract Pool make(
      String name, Backend backend, OnClose onClose, PoolObserver[] observers);
}
