package dev.procpool.call;

import dev.procpool.OnClose;
import dev.procpool.Pool;
import dev.procpool.PoolObserver;
import dev.procpool.spi.Backend;
import dev.procpool.spi.BackendPool;
import java.util.List;

/**
 * Makes pools for backends of others. Found by name, so that {@code spi} need not know this
 * package; the backends of the core use {@link CallPool} itself. Without state.
 */
public final class CallPools extends BackendPool {

  /** For the service loader. */
  public CallPools() {}

  @Override
  protected Pool make(String name, Backend backend, OnClose onClose, PoolObserver[] observers) {
    return new CallPool(name, backend, onClose, List.of(observers));
  }
}
