package dev.procpool.cli.pool;

import dev.procpool.Pool;
import dev.procpool.cli.message.UsageException;
import dev.procpool.view.PoolView;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Opens pools, and a live page for each if {@code --view} was given. Used by one thread. */
public final class ViewedPools implements PoolFactory, AutoCloseable {

  private final PoolFactory pools;
  private final @Nullable Integer port;
  private final PrintStream out;
  private @Nullable PoolView view;

  /** With the port, 0 for any; null for no page. */
  public ViewedPools(PoolFactory pools, @Nullable Integer port, PrintStream out) {
    this.pools = pools;
    this.port = port;
    this.out = out;
    if (port != null && (port < 0 || port > 65_535)) {
      throw new UsageException("--view must be a port from 0 to 65535, was " + port);
    }
  }

  @Override
  public Pool open(PoolSettings settings) {
    Pool pool = pools.open(settings);
    if (port != null) {
      try {
        view = PoolView.builder().pools(pool).port(port).allowActions(true).open();
      } catch (UncheckedIOException e) {
        pool.terminate();
        throw new UsageException(
            "--view=" + port + ": " + Objects.requireNonNull(e.getCause()).getMessage(), e);
      }
      out.println("procpool: watch it at " + view.url());
    }
    return pool;
  }

  @Override
  public void close() {
    if (view != null) {
      view.close();
    }
  }
}
