package dev.procpool.examples;

// region worker
import dev.procpool.OnClose;
import dev.procpool.Pool;
import dev.procpool.PoolObserver;
import dev.procpool.spi.BackendPool;
import dev.procpool.spi.ItemAttempt;
import dev.procpool.spi.ItemBackend;
import dev.procpool.spi.ItemWorker;
import dev.procpool.spi.WorkerName;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Runs its items on a thread of this JVM: to show the seam, since InlinePool does it better. */
public final class ThreadWorker implements ItemWorker {
  private static final WorkerName HERE = WorkerName.ofThisMachine(ProcessHandle.current().pid());

  private final ExecutorService thread;

  private ThreadWorker(String threadName) {
    thread =
        Executors.newSingleThreadExecutor(
            body -> {
              Thread made = new Thread(body, threadName);
              made.setDaemon(true);
              return made;
            });
  }

  @Override
  public WorkerName name() {
    return HERE;
  }

  @Override
  public void start(ItemAttempt<Object, Object> attempt) {
    thread.execute(attempt::run);
  }

  @Override
  public void end() {
    thread.shutdownNow(); // interrupts the task, if one runs
  }

  // endregion

  // region pool
  public static Pool pool(String name, int workers, PoolObserver... observers) {
    ItemBackend backend =
        new ItemBackend(name, workers, number -> new ThreadWorker(name + "-worker-" + number));
    return BackendPool.of(name, backend, OnClose.JOIN, observers);
  }

  public static void main(String[] args) throws Exception {
    try (Pool pool = pool("threads", 2)) {
      System.out.println(pool.map(x -> x * x, List.of(1, 2, 3)));
    }
  }
  // endregion
}
