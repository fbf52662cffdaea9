package dev.procpool.local;

import dev.procpool.codec.Codec;
import dev.procpool.function.Task1;
import dev.procpool.guard.SafeLog;
import dev.procpool.local.call.EncodedCall;
import dev.procpool.local.call.Feeder;
import dev.procpool.local.call.JobInput;
import dev.procpool.local.call.LocalJob;
import dev.procpool.local.call.TaskEncoder;
import dev.procpool.local.dispatch.Dispatcher;
import dev.procpool.local.engine.Engine;
import dev.procpool.local.engine.SerialExecutor;
import dev.procpool.local.settings.PoolSettings;
import dev.procpool.sharing.SharedUses;
import dev.procpool.spi.Submission;
import dev.procpool.time.AwakeWait;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The calls under way: encodes their tasks on the callers' threads, has them fed, hands them to the
 * {@link Dispatcher}'s thread and forgets them when they have ended. Thread-safe.
 */
final class LocalCalls {

  private static final long CANCEL_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  private final PoolSettings settings;
  private final Engine engine;
  private final Dispatcher dispatcher;
  private final ExecutorService threads;
  private final TaskEncoder taskEncoder;
  private final Codec itemCodec;
  private final Consumer<String> sharedHolder;
  private final Map<Submission<?, ?>, LocalJob> running = new ConcurrentHashMap<>();

  /**
   * Makes one without calls.
   *
   * @param sharedHolder has workers let go of a value; the same object for all calls
   */
  LocalCalls(
      PoolSettings settings,
      Engine engine,
      Dispatcher dispatcher,
      ExecutorService threads,
      TaskEncoder taskEncoder,
      Codec itemCodec,
      Consumer<String> sharedHolder) {
    this.settings = settings;
    this.engine = engine;
    this.dispatcher = dispatcher;
    this.threads = threads;
    this.taskEncoder = taskEncoder;
    this.itemCodec = itemCodec;
    this.sharedHolder = sharedHolder;
  }

  // ------------------------------------------------------------------ on callers' threads

  @SuppressWarnings("unchecked") // what goes in as a T and R comes out as the same
  void submit(Submission<?, ?> call) {
    SharedUses uses = new SharedUses(sharedHolder);
    try {
      submit((Submission<Object, Object>) call, uses);
    } catch (Throwable e) { // no memory left, say
      if (!running.containsKey(call)) {
        uses.end();
      }
      throw e;
    }
  }

  @SuppressWarnings("unchecked") // as above
  private void submit(Submission<Object, Object> submission, SharedUses uses) {
    Task1<Object, Object> task = (Task1<Object, Object>) submission.task();
    EncodedCall encoded;
    SharedUses before = uses.enter();
    try {
      encoded = taskEncoder.encode(task);
    } finally {
      SharedUses.leave(before);
    }
    long id = submission.number();
    Runnable look = () -> dispatcher.inputReady(id); // made now, as is the call's memory
    Runnable inputReady = () -> engine.execute(look);
    LocalJob job =
        new LocalJob(
            id,
            submission,
            encoded,
            settings.actions().classSource().open(encoded.loader(), encoded.reach()),
            uses,
            new JobInput(
                submission.isImmediate() && settings.spin().helps()
                    ? LocalCalls::needsNoSignal
                    : inputReady),
            inputReady,
            new SerialExecutor(threads),
            !settings.insight().isDebugging());
    Feeder feeder = new Feeder(job, itemCodec, encoded.failure(), engine.reserve());
    submission.options().label().ifPresent(label -> settings.insight().labels().put(id, label));
    running.put(submission, job);
    if (submission.isImmediate()) {
      feeder.run();
      job.feeder(null);
      if (settings.spin().helps() && submission.isAwaited()) {
        engine.help(() -> dispatcher.add(job), submission::isEnded, settings.spin().nanos());
      } else if (settings.spin().helps()) {
        engine.executeHere(() -> dispatcher.add(job));
      } else {
        engine.execute(() -> dispatcher.add(job));
      }
    } else {
      engine.execute(() -> dispatcher.add(job));
      feed(job, feeder);
    }
    if (engine.isStopped()) {
      job.abort(dispatcher.end().failure()); // the engine may not have seen it
      running.remove(submission);
      uses.end();
    }
  }

  /**
   * What is fed before the engine knows of it needs none. Where callers don't help, the signal that
   * nobody needs wakes the engine early, which spares small calls that follow each other a wait.
   */
  private static void needsNoSignal() {}

  private void feed(LocalJob job, Feeder feeder) {
    try {
      job.feeder(threads.submit(feeder));
    } catch (RejectedExecutionException e) {
      job.feeder(null); // the engine has ended just now: the call is aborted
    }
  }

  void cancel(Submission<?, ?> submission, boolean interruptRunning) {
    LocalJob job = running.get(submission);
    if (job != null) {
      job.stopFeeding();
      CompletableFuture<Void> stopped = new CompletableFuture<>();
      engine.execute(() -> dispatcher.cancel(job, interruptRunning, stopped));
      await(stopped);
    }
  }

  /**
   * Waits until workers have given back what they had not started, so that none of it starts after
   * {@code cancel} has returned. Their inboxes answer at once, whatever their tasks do; for a
   * frozen worker nobody waits longer than the limit.
   */
  private static void await(CompletableFuture<Void> stopped) {
    try {
      AwakeWait.get(stopped, CANCEL_NANOS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      // the engine has ended, or a worker is frozen: the recall stands
    }
  }

  // ------------------------------------------------------------------ their end

  /** A call has ended. */
  void ended(LocalJob job) {
    running.remove(job.submission);
    settings.actions().classSource().close(job.loaderNumber);
    endUses(job);
  }

  /** What it has sent may come back with results that are still to be decoded. */
  private static void endUses(LocalJob job) {
    if (!job.uses.isEmpty()) {
      try {
        job.decoding.execute(job.uses::end);
      } catch (RejectedExecutionException | OutOfMemoryError e) {
        job.uses.end(); // the pool ends, or there is no thread to be had
      }
    }
  }

  /** Aborts each call: the pool was terminated. */
  void abortAll(RuntimeException cause) {
    running.values().forEach(job -> job.abort(cause));
  }

  /** Aborts each call, whatever becomes of the others. Throws if there was no memory for one. */
  void abortEach(@Nullable RuntimeException failure) {
    boolean all = true;
    if (failure != null) {
      for (LocalJob job : running.values()) {
        all &= abort(job, failure);
      }
    }
    if (!all) {
      throw new OutOfMemoryError("some calls could not be ended");
    }
  }

  /** Whatever becomes of one call, the others must end too: false if there is no memory for it. */
  private static boolean abort(LocalJob job, RuntimeException failure) {
    try {
      job.abort(failure);
      return true;
    } catch (VirtualMachineError | LinkageError e) {
      return false;
    } catch (Throwable e) {
      SafeLog.log(System.Logger.Level.ERROR, "a call of a broken pool could not be ended", e);
      return true;
    }
  }

  /** Lets go of what is left, once the engine has ended. */
  void clear() {
    running.values().forEach(job -> job.uses.end());
    running.clear();
  }
}
