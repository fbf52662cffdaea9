package dev.procpool.local;

import dev.procpool.PoolTerminatedException;
import dev.procpool.Shared;
import dev.procpool.WorkerInfo;
import dev.procpool.local.classes.CallChain;
import dev.procpool.local.settings.PoolSettings;
import dev.procpool.nesting.Bootstrapping;
import dev.procpool.nesting.Nesting;
import dev.procpool.spi.Backend;
import dev.procpool.spi.BackendStats;
import dev.procpool.spi.Submission;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The backend of a pool that is made in a worker: it starts nothing until the pool is used.
 *
 * <p>A pool in a static field of a class that workers need is made in each of them, whether or not
 * they use it. Thread-safe, guarded by itself; the calls go on without the lock.
 *
 * <pre>
 *   MADE     nothing is there
 *     | the first call; a share or a prestart by a task, unless in a static initializer
 *   OPEN     all is the local backend's business
 *
 *   ENDED    from MADE, by shutdown or terminate: nothing ever was
 * </pre>
 */
final class NestedBackend implements Backend {

  private final PoolSettings settings;

  private volatile @Nullable LocalBackend opened;

  // ---- guarded by this

  private int workers;
  private boolean prestart;
  private boolean ended;

  NestedBackend(PoolSettings settings) {
    this.settings = settings;
    this.workers = settings.workers();
  }

  /**
   * Gives what does the work; null if the pool has ended before there was any.
   *
   * @param forCall whether a worker is needed at once
   */
  private @Nullable LocalBackend open(boolean forCall) {
    LocalBackend backend = opened;
    return backend == null ? openNow(forCall) : backend;
  }

  private synchronized @Nullable LocalBackend openNow(boolean forCall) {
    LocalBackend backend = opened;
    if (backend == null && !ended) {
      Nesting.refuseIfTooDeep();
      backend = LocalBackend.open(settings, forCall);
      if (workers != settings.workers()) {
        backend.resize(workers);
      }
      if (prestart) {
        backend.prestart();
      }
      opened = backend;
    }
    return backend;
  }

  private PoolTerminatedException over() {
    return new PoolTerminatedException("pool '" + settings.name() + "' has ended");
  }

  // ---------------------------------------------------------------- calls

  @Override
  public void submit(Submission<?, ?> submission) {
    if (!Bootstrapping.isTaskThread()) {
      CallChain.called(submission.task(), settings.name());
    }
    LocalBackend backend = open(true);
    if (backend == null) {
      submission.abort(over());
    } else {
      backend.submit(submission);
    }
  }

  @Override
  public void help(BooleanSupplier done) {
    LocalBackend backend = opened;
    if (backend != null) {
      backend.help(done);
    }
  }

  @Override
  public void cancel(Submission<?, ?> submission, boolean interruptRunning) {
    LocalBackend backend = opened;
    if (backend != null) {
      backend.cancel(submission, interruptRunning);
    }
  }

  // ---------------------------------------------------------------- values

  @Override
  public <T> Shared<T> share(T value) {
    if (opened == null && Bootstrapping.isUnderWay()) {
      return new DeferredShare<>(value, this);
    }
    return shareNow(value);
  }

  /** Shares a value, whoever asks for it. */
  <T> Shared<T> shareNow(T value) {
    LocalBackend backend = open(false);
    if (backend == null) {
      throw over();
    }
    return backend.share(value);
  }

  @Override
  public void dropShared(String key) {
    LocalBackend backend = opened;
    if (backend != null) {
      backend.dropShared(key);
    }
  }

  // ---------------------------------------------------------------- workers

  @Override
  public List<WorkerInfo> workers() {
    LocalBackend backend = opened;
    return backend == null ? List.of() : backend.workers();
  }

  @Override
  public BackendStats stats() {
    LocalBackend backend = opened;
    if (backend == null) {
      synchronized (this) {
        return new BackendStats(workers, List.of(), 0, 0);
      }
    }
    return backend.stats();
  }

  @Override
  public boolean isBroken() {
    LocalBackend backend = opened;
    return backend != null && backend.isBroken();
  }

  @Override
  public void resize(int number) {
    LocalBackend backend;
    synchronized (this) {
      workers = number;
      backend = opened;
    }
    if (backend != null) {
      backend.resize(number);
    }
  }

  @Override
  public void prestart() {
    if (opened == null && (!Bootstrapping.isTaskThread() || Bootstrapping.isUnderWay())) {
      synchronized (this) {
        prestart = true;
      }
      return;
    }
    LocalBackend backend = open(false);
    if (backend != null) {
      backend.prestart();
    }
  }

  // ---------------------------------------------------------------- end

  /** Notes the end: gives what is to end with it, null if nothing ever was. */
  private synchronized @Nullable LocalBackend end() {
    ended = true;
    if (opened == null) {
      settings.actions().uses().end();
    }
    return opened;
  }

  @Override
  public void shutdown() {
    LocalBackend backend = end();
    if (backend != null) {
      backend.shutdown();
    }
  }

  @Override
  public void terminate() {
    LocalBackend backend = end();
    if (backend != null) {
      backend.terminate();
    }
  }

  @Override
  public boolean awaitTermination(Duration timeout) throws InterruptedException {
    LocalBackend backend;
    synchronized (this) {
      backend = opened;
      if (backend == null) {
        return ended;
      }
    }
    return backend.awaitTermination(timeout);
  }
}
