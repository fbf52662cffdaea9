package dev.procpool.local.dispatch;

import dev.procpool.PoolBrokenException;
import dev.procpool.WorkerExit;
import dev.procpool.channel.FrameReader;
import dev.procpool.codec.Codec;
import dev.procpool.local.call.LocalCall;
import dev.procpool.local.call.OpenCalls;
import dev.procpool.local.engine.Driver;
import dev.procpool.local.engine.Engine;
import dev.procpool.local.exit.ExitReport;
import dev.procpool.local.files.PoolDirectory;
import dev.procpool.local.fleet.Fleet;
import dev.procpool.local.fleet.Kill;
import dev.procpool.local.fleet.Worker;
import dev.procpool.local.launch.Launcher;
import dev.procpool.local.result.Delivery;
import dev.procpool.local.result.Losses;
import dev.procpool.local.result.Recorder;
import dev.procpool.local.result.Results;
import dev.procpool.local.result.ShortMemory;
import dev.procpool.local.service.ClassFetches;
import dev.procpool.local.service.LogDelivery;
import dev.procpool.local.service.LogLevels;
import dev.procpool.local.service.MemoryLimit;
import dev.procpool.local.service.Supervision;
import dev.procpool.local.service.ThreadDumps;
import dev.procpool.local.settings.LogBridges;
import dev.procpool.local.settings.PoolSettings;
import dev.procpool.local.settings.ResultLimit;
import dev.procpool.protocol.ItemRef;
import dev.procpool.protocol.ProtocolException;
import dev.procpool.protocol.ToWorker;
import dev.procpool.scheduler.Actions;
import dev.procpool.scheduler.Scheduler;
import dev.procpool.scheduler.SentChunk;
import dev.procpool.scheduler.Slice;
import dev.procpool.spi.Nanos;
import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Routes what happens: between the scheduler, which decides, the fleet, which has the workers, and
 * the calls. It decides nothing itself; see {@link Rounds} for what is done when nothing happens.
 *
 * <p>Owned by the engine's thread.
 *
 * <pre>
 *               events                         actions
 * LocalBackend ───────→            Scheduler  ─────────→ TaskSender ─→ workers
 * Fleet ── frames ────→ Dispatcher ────────→              cancelled, callEnded ─→ calls
 *                           ├── results ─→ Results, Delivery ─→ Scheduler, calls
 *                           └── gone ─→ Losses ─→ Scheduler, calls
 * Supervision (run pages, deadlines) ─→ Activity.giveUp ─→ Scheduler, then Fleet
 * </pre>
 */
public final class Dispatcher implements Actions, Fleet.Listener {

  private static final long CANCEL_SLACK_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  /** Whom the dispatcher tells; called on the engine's thread. */
  public interface Owner {

    /** A worker can be given items. */
    void workerReady();

    /** A call has ended. */
    void callGone(LocalCall call);

    /** Ends all calls, if there is a failure. Is called again if there was no memory for it. */
    void abortAll(@Nullable RuntimeException failure);

    /** Is called again if there was no memory for it. */
    void engineEnded(@Nullable RuntimeException failure);
  }

  private final Engine engine;
  private final Owner owner;
  private final long graceNanos;
  private final Fleet fleet;
  private final OpenCalls calls;
  private final Scheduler scheduler;
  private final Acceptor acceptor;
  private final TaskSender sender;
  private final Activity activity;
  private final Sizing sizing;
  private final ShortMemory shortMemory;
  private final Results results;
  private final Losses losses;
  private final ThreadDumps dumps;
  private final WorkerFrames frames;
  private final Snapshots snapshots;
  private final PoolEnd end;
  private final Rounds rounds;

  /**
   * Makes it and all that it routes between.
   *
   * @param parts is told of the fleet
   * @param starts whether the first worker is started now
   */
  public Dispatcher(
      PoolSettings settings,
      PoolDirectory directory,
      Engine engine,
      Launcher launcher,
      Executor threads,
      Codec codec,
      PoolParts parts,
      Owner owner,
      boolean starts) {
    this.engine = engine;
    this.owner = owner;
    this.graceNanos = Nanos.of(settings.limits().gracePeriod());
    Recorder recorder = new Recorder(settings.insight().observation(), engine::nanoTime);
    this.fleet =
        parts.fleet(new Fleet(settings, directory, engine, launcher, threads, codec, this));
    if (starts) { // now, as the rest takes time; what becomes of it comes by the engine's mailbox
      fleet.grow(1);
    }
    this.calls = new OpenCalls(engine::nanoTime);
    this.scheduler = new Scheduler(this);
    this.acceptor = new Acceptor(engine, fleet);
    this.sender = new TaskSender(fleet, recorder);
    MemoryLimit memory = new MemoryLimit(settings.limits().maxWorkerMemory(), fleet);
    this.activity =
        new Activity(
            engine, fleet, calls, scheduler, sender, memory, settings.limits().maxTasksPerWorker());
    this.sizing = new Sizing(fleet, scheduler, settings.limits().idleTimeout());
    ResultLimit limit = ResultLimit.of(settings.codecs().maxPayload());
    this.shortMemory = new ShortMemory(engine, fleet, calls, limit, recorder);
    Delivery delivery = new Delivery(codec, engine, scheduler, shortMemory, limit, recorder);
    this.results =
        new Results(calls, scheduler, codec, delivery, shortMemory, recorder, fleet.perWorker());
    this.losses = new Losses(calls, engine, scheduler, delivery, recorder, results);
    this.dumps = new ThreadDumps(engine, fleet);
    LogDelivery logs =
        new LogDelivery(settings.insight(), codec, engine, threads, fleet.perWorker());
    LogLevels levels = new LogLevels(settings.insight().logs(), engine, threads, fleet);
    ClassFetches fetches =
        new ClassFetches(settings.actions().classSource(), engine, threads, fleet);
    ItemLimits limits =
        new ItemLimits(calls, scheduler, recorder, activity, fleet.trust(), fleet.perWorker());
    this.frames = new WorkerFrames(engine, scheduler, limits, memory, dumps, logs, levels, fetches);
    Supervision supervision =
        new Supervision(
            fleet,
            limits,
            graceNanos,
            settings.insight().isDebugging()
                ? Nanos.MAX // a debugger may stop it for as long as it likes
                : Nanos.of(settings.limits().freezeLimit()));
    this.snapshots = new Snapshots(fleet, calls, scheduler, activity, recorder, dumps);
    this.end =
        new PoolEnd(settings, owner, calls, scheduler, activity, fleet, acceptor, logs, recorder);
    this.rounds =
        new Rounds(
            this,
            fleet,
            acceptor,
            calls,
            scheduler,
            activity,
            fetches,
            sizing,
            supervision,
            levels,
            end);
    LogBridges.find();
    threads.execute(
        () -> {
          fleet.deleteStale();
          EndClasses.initialize();
        });
  }

  Scheduler scheduler() {
    return scheduler;
  }

  /** Whether the pool is to end, and why it has. */
  public PoolEnd end() {
    return end;
  }

  /** What the engine does in its rounds. */
  public Driver rounds() {
    return rounds;
  }

  /** Takes connections; before the engine starts. */
  public void listen(ServerSocketChannel socket) throws IOException {
    acceptor.listen(socket);
  }

  // ------------------------------------------------------------------ calls

  /** Takes on a call, or ends it at once if the pool does. */
  public void add(LocalCall call) {
    RuntimeException broken = end.brokenBy();
    if (broken != null) {
      call.abort(broken);
    }
    if (broken != null || end.isTerminated()) {
      owner.callGone(call);
      return;
    }
    sizing.called();
    calls.add(call);
    scheduler.addCall(call.id, call.chunkSize, call.priority, call.paced, engine.now());
  }

  /** There are items of a call, or its source has ended. */
  public void inputReady(long call) {
    calls.fed(call);
    scheduler.inputReady(call, engine.now());
  }

  /** Cancels a call; the future completes when nothing more of it can start. */
  public void cancel(LocalCall call, boolean interruptRunning, CompletableFuture<Void> stopped) {
    if (interruptRunning) {
      call.killAfter = engine.now() + graceNanos + CANCEL_SLACK_NANOS;
    }
    scheduler.cancel(call.id, interruptRunning);
    if (scheduler.isRecalling(call.id)) {
      call.whenStopped(stopped);
    } else {
      stopped.complete(null);
    }
  }

  /** Has nothing more done for calls that were aborted for lack of memory. */
  void cancelAbandoned() {
    for (LocalCall call : shortMemory.takeAbandoned()) {
      cancel(call, true, new CompletableFuture<>());
    }
  }

  // ------------------------------------------------------------------ what the scheduler decides

  @Override
  public void dispatch(long workerId, SentChunk chunk) {
    Worker worker = worker(workerId);
    assert worker.isReady() : "items for a worker that is " + worker.state();
    activity.given(worker);
    sender.send(worker, calls.get(chunk.call()), chunk);
  }

  @Override
  public void recall(long workerId, SentChunk chunk) {
    activity.recall(worker(workerId), chunk);
  }

  @Override
  public void recalled(long callId) {
    LocalCall call = calls.look(callId);
    if (call != null) { // else it has ended, which says as much
      call.stopped();
    }
  }

  @Override
  public void interrupt(long workerId, SentChunk chunk) {
    sender.sendAbout(worker(workerId), ToWorker.INTERRUPT, chunk);
  }

  @Override
  public void cancelled(long callId, Slice items) {
    LocalCall call = calls.get(callId);
    for (int i = 0; i < items.count(); i++) {
      call.submission.settled(call.lastAttempt(items, i).cancelled());
    }
  }

  @Override
  public void callEnded(long callId) {
    LocalCall call = calls.get(callId);
    calls.remove(callId);
    call.stopped();
    sender.forget(call);
    owner.callGone(call);
  }

  @Override
  public void retired(long workerId) {
    activity.retired(worker(workerId));
  }

  // ------------------------------------------------------------------ what workers tell

  @Override
  public void ready(Worker worker) {
    shortMemory.prepare();
    activity.begun(worker);
    scheduler.workerReady(worker.id(), engine.now());
    owner.workerReady();
  }

  @Override
  public void frame(Worker worker, FrameReader frame) throws ProtocolException {
    frames.take(worker, frame);
  }

  @Override
  public void results(Worker worker, FrameReader frames) throws IOException {
    results.take(worker, frames);
    activity.reported(worker);
  }

  @Override
  public void withoutMemory(Worker worker) {
    results.withoutMemory(worker);
  }

  @Override
  public void violated(Worker worker) {
    activity.giveUp(worker, new Kill(Kill.Reason.BROKEN_CHANNEL));
  }

  @Override
  public @Nullable WorkerExit gone(Worker worker, ExitReport report, @Nullable ItemRef last) {
    dumps.end(worker);
    activity.gone(worker);
    if (!worker.wasReady()) {
      return null; // it had no items
    }
    return losses.gone(worker, report, last, activity.ran(worker));
  }

  @Override
  public void broken(PoolBrokenException cause) {
    end.broken(cause);
  }

  private Worker worker(long id) {
    Worker worker = fleet.find(id);
    if (worker == null) {
      throw new IllegalStateException("the scheduler uses worker " + id + ", which is gone");
    }
    return worker;
  }

  // ------------------------------------------------------------------ its parts

  /** Describes the workers there are, and what they are at. */
  public Snapshots snapshots() {
    return snapshots;
  }

  /** How many workers there are. */
  public Sizing sizing() {
    return sizing;
  }

  /** Tells workers what to let go of. */
  public TaskSender sender() {
    return sender;
  }
}
