package dev.procpool.local.engine;

import java.security.AccessController;
import java.security.PrivilegedAction;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Makes the threads that do what the engine must not wait for. */
public final class PoolThreads {

  private static final long KEEP_SECONDS = 10;

  private PoolThreads() {}

  /**
   * Makes an executor of daemon threads, as many as there is work.
   *
   * @param onDeath is told what ended a thread's work before its time; never throws
   */
  public static ExecutorService create(String name, Consumer<Throwable> onDeath) {
    AtomicInteger count = new AtomicInteger();
    return new ThreadPoolExecutor(
        0,
        Integer.MAX_VALUE,
        KEEP_SECONDS,
        TimeUnit.SECONDS,
        new SynchronousQueue<>(),
        work -> thread(work, name + "-" + count.incrementAndGet())) {
      @Override
      protected void afterExecute(Runnable work, @Nullable Throwable error) {
        if (error != null) {
          onDeath.accept(error);
        }
      }
    };
  }

  /**
   * Makes a thread that holds nothing of whoever happens to ask for it: it may outlive a plug-in.
   */
  @SuppressWarnings("removal") // on 17 nothing else keeps the callers' classes out of a thread
  private static Thread thread(Runnable work, String name) {
    return AccessController.doPrivileged(
        (PrivilegedAction<Thread>)
            () -> {
              Thread thread = new Thread(null, work, name, 0, false);
              thread.setDaemon(true);
              thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
              return thread;
            });
  }
}
