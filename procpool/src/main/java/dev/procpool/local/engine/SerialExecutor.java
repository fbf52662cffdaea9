package dev.procpool.local.engine;

import dev.procpool.guard.SafeLog;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Runs what it is given one after another, on threads of another executor. Thread-safe. */
public final class SerialExecutor implements Executor {

  private final Executor threads;

  // guarded by this
  private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
  private boolean running;

  public SerialExecutor(Executor threads) {
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
    try {
      threads.execute(this::drain);
    } catch (Throwable e) { // no thread to be had
      synchronized (this) {
        running = false;
        waiting.removeLastOccurrence(command);
      }
      throw e;
    }
  }

  private void drain() {
    for (Runnable next = next(); next != null; next = next()) {
      try {
        next.run();
      } catch (Throwable t) { // what comes after it must not wait for ever
        SafeLog.log(System.Logger.Level.ERROR, "a fault on a thread of the pool", t);
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
