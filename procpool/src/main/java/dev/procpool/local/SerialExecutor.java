package dev.procpool.local;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Runs what it is given one after another, on threads of another executor. Thread-safe. */
final class SerialExecutor implements Executor {

  private final Executor threads;

  // guarded by this
  private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
  private boolean running;

  SerialExecutor(Executor threads) {
    this.threads = threads;
  }

  @Override
  public void execute(Runnable command) {
    synchronized (this) {
      waiting.add(command);
      if (running) {
        return;
      }
      running = true;
    }
    threads.execute(this::drain);
  }

  private void drain() {
    for (Runnable next = next(); next != null; next = next()) {
      try {
        next.run();
      } catch (Throwable t) {
        Thread thread = Thread.currentThread();
        thread.getUncaughtExceptionHandler().uncaughtException(thread, t);
      }
      Thread.interrupted(); // what users' code did to the thread is not meant for what is next
    }
  }

  private synchronized @Nullable Runnable next() {
    Runnable next = waiting.poll();
    running = next != null;
    return next;
  }
}
