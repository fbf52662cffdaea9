package dev.procpool.local;

import dev.procpool.guard.SafeLog;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntConsumer;

/**
 * Waits for the end of workers' processes, each on a thread of the pool.
 *
 * <p>{@link Process#onExit} would take none, but its news comes on threads of the common pool, all
 * of which may be users' who wait for this very worker. And a future's time limit starts a thread
 * of the JDK's that never ends and, on Java 17, keeps the classes of whoever needed it first.
 *
 * <p>Immutable.
 */
final class ExitWatch {

  /** How long a process that has ended may keep its last words in the pipe. */
  private static final long OUTPUT_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Offspring offspring;
  private final Engine engine;

  /** Makes a watch. The engine is told of the ends. */
  ExitWatch(Offspring offspring, Engine engine) {
    this.offspring = offspring;
    this.engine = engine;
  }

  /**
   * Waits until a process has ended, what it had started, too, and its output was read. An
   * interrupt does not end the wait: it is a stranger's; or the pool has ended, and the process is
   * being killed.
   *
   * @param worker the worker's id
   * @param silent complete once the output was read
   * @param then is given the exit status, on the engine's thread; not called if that has ended
   */
  void await(long worker, Process process, CompletableFuture<Void> silent, IntConsumer then) {
    int status = exitStatus(process);
    try {
      offspring.ended(worker); // who may hold its output open
      awaitSilence(silent);
    } catch (Throwable e) { // no memory left, say
      SafeLog.log(System.Logger.Level.WARNING, "what a worker left could not be ended", e);
    } finally {
      engine.execute(() -> then.accept(status));
    }
  }

  private static int exitStatus(Process process) {
    while (true) {
      try {
        return process.waitFor();
      } catch (InterruptedException e) {
        // see above
      }
    }
  }

  private void awaitSilence(CompletableFuture<Void> silent) {
    long end = System.nanoTime() + OUTPUT_LIMIT_NANOS;
    while (!engine.isStopped()) {
      try {
        silent.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        return;
      } catch (InterruptedException e) {
        // see above
      } catch (ExecutionException | TimeoutException e) {
        return; // something else has its output: its last words are those so far
      }
    }
  }
}
