package dev.procpool.local.fleet;

import dev.procpool.guard.SafeLog;
import dev.procpool.local.engine.Engine;
import dev.procpool.local.exit.CrashFile;
import dev.procpool.local.output.OutputPump;
import dev.procpool.process.ProcessEnd;
import dev.procpool.time.AwakeWait;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

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

  /** How long the pool waits until it is known that nothing of it is there any more. */
  private static final long QUIET_LIMIT_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  /** How long it may take to read a crash file: what else lies there may never end. */
  private static final long CRASH_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Offspring offspring;
  private final Engine engine;
  private final Executor threads;

  /** Makes a watch. The engine is told of the ends. */
  ExitWatch(Offspring offspring, Engine engine, Executor threads) {
    this.offspring = offspring;
    this.engine = engine;
    this.threads = threads;
  }

  /**
   * Waits until a process has ended, what it had started, too, and its output was read. An
   * interrupt does not end the wait: it is a stranger's; or the pool has ended, and the process is
   * being killed.
   *
   * @param output reads what it prints; ends in any case
   * @param crash looks for a crash file
   * @param then is told on the engine's thread; not called if that has ended
   */
  void await(
      Worker worker,
      Process process,
      List<OutputPump> output,
      Supplier<@Nullable CrashFile> crash,
      WorkerStart.Listener then) {
    int status = exitStatus(process);
    CrashFile found = null;
    try {
      offspring.ended(worker.id()); // who may hold its output open
      await(silent(output), OUTPUT_LIMIT_NANOS);
      output.forEach(pump -> pump.endAfterProcess(QUIET_LIMIT_NANOS)); // something else has it
      found = await(CompletableFuture.supplyAsync(crash, threads), CRASH_LIMIT_NANOS);
    } catch (RejectedExecutionException e) {
      // the pool has ended: nobody asks any more
    } catch (Throwable e) { // no memory left, say
      SafeLog.log(System.Logger.Level.WARNING, "what a worker left could not be ended", e);
    } finally {
      CrashFile file = found;
      engine.execute(() -> then.exited(worker, status, file));
    }
    output.forEach(pump -> pump.endAfterProcess(Long.MAX_VALUE)); // a consumer that takes its time
  }

  private static CompletableFuture<?> silent(List<OutputPump> output) {
    return CompletableFuture.allOf(
        output.stream().map(OutputPump::ended).toArray(CompletableFuture<?>[]::new));
  }

  /**
   * Waits for a process. Once the engine has ended it may not have heard of the process in time,
   * and nobody else ends it; the JDK may never hear that it has.
   */
  private int exitStatus(Process process) {
    while (true) {
      try {
        if (engine.isStopped()) {
          ProcessEnd.force(process);
          return ProcessEnd.status(process);
        }
        return process.waitFor();
      } catch (InterruptedException | VirtualMachineError | LinkageError e) {
        // an interrupt, for whose exception there may be no memory: why, is seen above
      }
    }
  }

  /** Gives what a future gives in time; null if it does not, or the engine ends. */
  private <T> @Nullable T await(CompletableFuture<T> future, long limit) {
    while (!engine.isStopped()) {
      try {
        return AwakeWait.get(future, limit);
      } catch (InterruptedException e) {
        // see above
      } catch (ExecutionException | TimeoutException e) {
        return null;
      }
    }
    return null;
  }
}
