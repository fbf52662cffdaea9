package dev.procpool.local;

import dev.procpool.codec.Codec;
import dev.procpool.function.Task1;
import dev.procpool.guard.SafeLog;
import dev.procpool.local.call.CallInput;
import dev.procpool.local.call.EncodedCall;
import dev.procpool.local.call.Feeder;
import dev.procpool.local.call.LocalCall;
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
  private final Map<Submission<?, ?>, LocalCall> running = new ConcurrentHashMap<>();

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
    EncodedCall encoded;
    SharedUses before = uses.enter();
    try {
      encoded = taskEncoder.encode((Task1<Object, Object>) submission.task());
    } finally {
      SharedUses.leave(before);
    }
    LocalCall call = call(submission, encoded, uses);
    Feeder feeder = new Feeder(call, itemCodec, encoded.failure(), engine.reserve());
    submission
        .options()
        .label()
        .ifPresent(label -> settings.insight().labels().put(call.id, label));
    running.put(submission, call);
    if (submission.isImmediate()) {
      feeder.run();
      call.feeder(null);
      if (settings.spin().helps() && submission.isAwaited()) {
        engine.help(() -> dispatcher.add(call), submission::isEnded, settings.spin().nanos());
      } else if (settings.spin().helps()) {
        engine.executeHere(() -> dispatcher.add(call));
      } else {
        engine.execute(() -> dispatcher.add(call));
      }
    } else {
      engine.execute(() -> dispatcher.add(call));
      feed(call, feeder);
    }
    if (engine.isStopped()) {
      call.abort(dispatcher.end().failure()); // the engine may not have seen it
      running.remove(submission);
      uses.end();
    }
  }

  /** Makes what is kept of a call, all that it will need: now, while there is memory. */
  private LocalCall call(
      Submission<Object, Object> submission, EncodedCall encoded, SharedUses uses) {
    long id = submission.number();
    Runnable look = () -> dispatcher.inputReady(id);
    Runnable inputReady = () -> engine.execute(look);
    return new LocalCall(
        id,
        submission,
        encoded,
        settings.actions().classSource().open(encoded.loader(), encoded.reach()),
        uses,
        submission.isImmediate()
            ? CallInput.ofOne(settings.spin().helps() ? LocalCalls::needsNoSignal : inputReady)
            : new CallInput(inputReady),
        inputReady,
        new SerialExecutor(threads),
        !settings.insight().isDebugging());
  }

  /**
   * What is fed before the engine knows of it needs none. Where callers don't help, the signal that
   * nobody needs wakes the engine early, which spares small calls that follow each other a wait.
   */
  private static void needsNoSignal() {}

  private void feed(LocalCall call, Feeder feeder) {
    try {
      call.feeder(threads.submit(feeder));
    } catch (RejectedExecutionException e) {
      call.feeder(null); // the engine has ended just now: the call is aborted
    }
  }

  void cancel(Submission<?, ?> submission, boolean interruptRunning) {
    LocalCall call = running.get(submission);
    if (call != null) {
      call.stopFeeding();
      CompletableFuture<Void> stopped = new CompletableFuture<>();
      engine.execute(() -> dispatcher.cancel(call, interruptRunning, stopped));
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
  void ended(LocalCall call) {
    running.remove(call.submission);
    settings.actions().classSource().close(call.loaderNumber);
    endUses(call);
  }

  /** What it has sent may come back with results that are still to be decoded. */
  private static void endUses(LocalCall call) {
    if (!call.uses.isEmpty()) {
      try {
        call.decoding.execute(call.uses::end);
      } catch (RejectedExecutionException | OutOfMemoryError e) {
        call.uses.end(); // the pool ends, or there is no thread to be had
      }
    }
  }

  /** Aborts each call: the pool was terminated. */
  void abortAll(RuntimeException cause) {
    running.values().forEach(call -> call.abort(cause));
  }

  /** Aborts each call, whatever becomes of the others. Throws if there was no memory for one. */
  void abortEach(@Nullable RuntimeException failure) {
    boolean all = true;
    if (failure != null) {
      for (LocalCall call : running.values()) {
        all &= abort(call, failure);
      }
    }
    if (!all) {
      throw new OutOfMemoryError("some calls could not be ended");
    }
  }

  /** Whatever becomes of one call, the others must end too: false if there is no memory for it. */
  private static boolean abort(LocalCall call, RuntimeException failure) {
    try {
      call.abort(failure);
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
    running.values().forEach(call -> call.uses.end());
    running.clear();
  }
}
