package dev.procpool.local.dispatch;

import dev.procpool.Outcome;
import dev.procpool.PoolBrokenException;
import dev.procpool.PoolStats;
import dev.procpool.PoolTerminatedException;
import dev.procpool.ResultTooLargeException;
import dev.procpool.WorkerExit;
import dev.procpool.WorkerInfo;
import dev.procpool.channel.FrameReader;
import dev.procpool.channel.RunPage;
import dev.procpool.codec.ByteOutput;
import dev.procpool.codec.Codec;
import dev.procpool.guard.SafeLog;
import dev.procpool.local.call.Block;
import dev.procpool.local.call.LocalJob;
import dev.procpool.local.engine.Engine;
import dev.procpool.local.exit.ExitReport;
import dev.procpool.local.files.PoolDirectory;
import dev.procpool.local.fleet.Fleet;
import dev.procpool.local.fleet.PerWorker;
import dev.procpool.local.fleet.PoolFault;
import dev.procpool.local.fleet.Worker;
import dev.procpool.local.fleet.Worker.KillReason;
import dev.procpool.local.launch.Launcher;
import dev.procpool.local.result.Delivery;
import dev.procpool.local.result.Recorder;
import dev.procpool.local.result.Results;
import dev.procpool.local.service.ClassFetches;
import dev.procpool.local.service.LogDelivery;
import dev.procpool.local.service.LogLevels;
import dev.procpool.local.service.MemoryLimit;
import dev.procpool.local.service.Supervision;
import dev.procpool.local.service.ThreadDumps;
import dev.procpool.local.settings.LogBridges;
import dev.procpool.local.settings.PoolSettings;
import dev.procpool.local.settings.ResultLimit;
import dev.procpool.protocol.ChunkHeader;
import dev.procpool.protocol.FetchMessage;
import dev.procpool.protocol.ItemRef;
import dev.procpool.protocol.ProtocolException;
import dev.procpool.protocol.TaskMessage;
import dev.procpool.protocol.ToParent;
import dev.procpool.protocol.ToWorker;
import dev.procpool.scheduler.Actions;
import dev.procpool.scheduler.Item;
import dev.procpool.scheduler.Scheduler;
import dev.procpool.scheduler.SentChunk;
import dev.procpool.scheduler.Slice;
import dev.procpool.spi.BackendStats;
import dev.procpool.spi.ItemRun;
import dev.procpool.spi.Nanos;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The engine's work: carries events between the scheduler, which decides, the fleet, which has the
 * workers, and the calls.
 *
 * <p>Owned by the engine's thread, but for {@link #awaitEnd} and {@link #failure}.
 *
 * <pre>
 *               events                         actions
 * LocalBackend ───────→            Scheduler  ─────────→ dispatch, recall, interrupt ─→ Fleet ─→ workers
 * Fleet ── frames ────→ Dispatcher ────────→              cancelled, jobEnded ─→ calls
 *    ↑                      └── results ─→ Delivery ─→ calls
 *    └── Supervision (run pages, deadlines)
 * </pre>
 */
public final class Dispatcher
    implements Engine.Driver,
        Actions,
        Fleet.Listener,
        Delivery.Verdict,
        Results.Calls,
        Supervision.Limits {

  /** How long the last log records of workers may take: a logging library may have to begin. */
  private static final long LAST_LOGS_MILLIS = 10_000;

  private static final int MOST_ACCEPTED = 64;
  private static final long ACCEPT_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final int END_STEPS = 5;

  /** There is memory for so little, unless an object takes far more than its bytes. */
  private static final int TINY_BYTES = 4096;

  /** How many tiny results a call may lose for lack of memory before it fails. */
  private static final int MOST_LOST = 3;

  private static final long CANCEL_SLACK_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  /** Whom the dispatcher tells; called on the engine's thread. */
  public interface Owner {

    void workerReady();

    void jobEnded(LocalJob job);

    /** Ends all calls, if there is a failure. Is called again if there was no memory for it. */
    void abortAll(@Nullable RuntimeException failure);

    /** Is called again if there was no memory for it. */
    void engineEnded(@Nullable RuntimeException failure);
  }

  private final PoolSettings settings;
  private final Engine engine;
  private @Nullable ServerSocketChannel server;
  private final Fleet fleet;
  private final Delivery delivery;
  private final ResultLimit resultLimit;
  private final Supervision supervision;
  private final MemoryLimit memory;
  private final Recorder recorder;
  private final ThreadDumps dumps;
  private final LogDelivery logs;
  private final LogLevels levels;
  private final Owner owner;
  private final CountDownLatch end = new CountDownLatch(1);
  private final Map<Long, LocalJob> jobs = new HashMap<>();

  /** Spares a look into the map for each item. */
  private @Nullable LocalJob lastFound;

  /** Workers that have finished items and were not given more yet. */
  private final ArrayDeque<Worker> progressed = new ArrayDeque<>();

  private final Recalls recalls;
  private final ClassFetches fetches;
  private final Results results;
  private final ByteOutput message;

  private Scheduler scheduler;
  private long tickAt = Long.MAX_VALUE;

  /** When connections are taken again; {@code Long.MAX_VALUE} if they are. */
  private long acceptAt = Long.MAX_VALUE;

  /** Whether there was a call. */
  private boolean used;

  /** Whether there are calls that were aborted for lack of memory. */
  private boolean hasAbandoned;

  private boolean shutdown;
  private boolean terminated;
  private volatile @Nullable RuntimeException failure;

  /** Made early, as is {@link #noRoom}: then there is memory for it, and for loading its class. */
  private final PoolBrokenException withoutMemory;

  private volatile @Nullable ResultTooLargeException noRoom;

  private final long askAfterBytes;

  /** What has come since the room in the heap was looked at. */
  private long unaskedBytes;

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
    this.settings = settings;
    this.engine = engine;
    this.owner = owner;
    this.recorder = new Recorder(settings.insight().observation());
    this.fleet =
        parts.fleet(new Fleet(settings, directory, engine, launcher, threads, codec, this));
    if (starts) { // now, as the rest takes time; what becomes of it comes by the engine's mailbox
      fleet.grow(1);
    }
    this.scheduler = new Scheduler(this);
    this.message = new ByteOutput(64, Long.MAX_VALUE);
    this.recalls = new Recalls();
    this.withoutMemory = PoolFault.withoutMemory(settings);
    this.askAfterBytes = engine.reserve().askAfterBytes();
    this.dumps = new ThreadDumps(engine, fleet);
    this.logs =
        new LogDelivery(
            settings.insight(),
            codec,
            engine,
            threads,
            new PerWorker<>(fleet.newIndex()),
            fleet::send);
    this.levels = new LogLevels(settings.insight().logs(), engine, threads, fleet);
    this.memory = new MemoryLimit(settings.maxWorkerMemory(), fleet);
    this.resultLimit = ResultLimit.of(settings.maxPayload());
    this.delivery = new Delivery(codec, engine, this, resultLimit, recorder);
    this.results = new Results(this, codec, delivery, recorder, new PerWorker<>(fleet.newIndex()));
    this.fetches = new ClassFetches(settings.classSource(), engine, threads, fleet);
    this.supervision =
        new Supervision(
            fleet,
            this,
            Nanos.of(settings.gracePeriod()),
            settings.insight().isDebugging()
                ? Nanos.MAX // a debugger may stop it for as long as it likes
                : Nanos.of(settings.freezeLimit()));
    LogBridges.find();
    threads.execute(fleet::deleteStale);
  }

  /** Takes connections; before the engine starts. */
  public void listen(ServerSocketChannel socket) throws IOException {
    server = socket;
    socket.register(engine.selector(), SelectionKey.OP_ACCEPT);
  }

  // ------------------------------------------------------------------ calls

  public void add(LocalJob job) {
    RuntimeException broken = failure;
    if (broken != null) {
      job.abort(broken);
    }
    if (broken != null || terminated) {
      owner.jobEnded(job);
      return;
    }
    if (!used) {
      used = true;
      fleet.outgrown().forEach(this::retire); // others take their place
    }
    jobs.put(job.id, job);
    scheduler.addCall(job.id, job.chunkSize, job.paced, engine.now());
  }

  public void inputReady(long job) {
    scheduler.inputReady(job, engine.now());
  }

  /** Cancels a call; the future completes when nothing more of it can start. */
  public void cancel(LocalJob job, boolean interruptRunning, CompletableFuture<Void> stopped) {
    if (interruptRunning) {
      job.killAfter = engine.now() + Nanos.of(settings.gracePeriod()) + CANCEL_SLACK_NANOS;
    }
    scheduler.cancel(job.id, interruptRunning);
    recalls.whenAnswered(job, stopped);
  }

  private void retire(Worker worker) {
    if (worker.isReady()) {
      scheduler.retire(worker.id);
    } else {
      fleet.stop(worker);
    }
  }

  @Override
  public void settled(LocalJob job) {
    scheduler.settled(job.id, 1);
    if (job.paced.mayGoOn()) {
      inputReady(job.id);
    }
  }

  @Override
  public void retry(LocalJob job, Item item, Worker worker, Outcome<?> outcome, Duration delay) {
    recorder.retry(worker, job, item, outcome, delay);
    long now = engine.now();
    scheduler.retry(item, now + Nanos.of(delay), now);
  }

  // ------------------------------------------------------------------ no memory for results

  /**
   * An item fails for whose result there is no memory. Its call does if that is one of many: the
   * heap is full of their results, and to find that again with each takes for ever.
   */
  @Override
  public void withoutMemory(
      LocalJob job,
      Item item,
      Worker worker,
      long nanos,
      long bytes,
      @Nullable OutOfMemoryError error) {
    engine.reserve().release();
    try {
      if (!job.submission.isEnded()
          && (resultLimit.isLarge(bytes)
              || (bytes <= TINY_BYTES && ++job.lostResults <= MOST_LOST))) {
        job.submission.settled(
            new Outcome.Failure<>(
                item.index(),
                item.attempt(),
                Duration.ofNanos(nanos),
                worker.pid(),
                resultLimit.withoutMemory(item.index(), bytes, error)));
      } else {
        withoutMemory(job);
      }
    } catch (OutOfMemoryError e) {
      withoutMemory(job);
    }
    settled(job);
  }

  @Override
  public void withoutMemory(LocalJob job) {
    drop(job);
    job.isAbandoned = true;
    hasAbandoned = true; // not now: the scheduler is being told of its results
  }

  /**
   * Lets go of a call's results before they leave no room for the engine's own work: in the middle
   * of that it could not go on.
   */
  private void makeRoom(@Nullable LocalJob job) {
    if (job != null && !job.submission.isEnded() && !engine.reserve().hasRoom()) {
      withoutMemory(job);
    }
  }

  @Override
  public void withoutMemory(Worker worker) {
    LocalJob job = results.job(worker);
    job = job == null ? lastFound : job;
    if (job != null) {
      withoutMemory(job);
    }
  }

  @Override
  public void drop(LocalJob job) {
    engine.reserve().release();
    ResultTooLargeException cause = noRoom;
    job.drop(cause == null ? resultLimit.together() : cause);
  }

  /** Has nothing more done for calls that were aborted. */
  private void cancelAbandoned() {
    hasAbandoned = false;
    for (LocalJob job : List.copyOf(jobs.values())) {
      if (job.isAbandoned) {
        job.isAbandoned = false;
        cancel(job, true, new CompletableFuture<>());
      }
    }
  }

  // ------------------------------------------------------------------ what the scheduler decides

  @Override
  public void dispatch(long workerId, SentChunk chunk) {
    Worker worker = worker(workerId);
    assert worker.isReady() : "items for a worker that is " + worker.state;
    LocalJob job = job(chunk.call());
    if (worker.lastTask != job.id && worker.tasks.add(job.id)) {
      message.reset();
      new TaskMessage(
              job.id,
              job.loaderNumber,
              job.timeoutNanos(),
              job.isStateless,
              job.variables,
              job.task)
          .writeHead(message);
      fleet.sendTask(
          worker, ToWorker.TASK, message.array(), message.size(), job.task, 0, job.task.length);
    }
    worker.lastTask = job.id;
    if (worker.activeSince == 0) {
      worker.activeSince = System.nanoTime();
    }
    Slice items = chunk.slice();
    Block block = (Block) items.items();
    recorder.chunk(worker, job, items, block.size(items.from(), items.count()));
    for (byte[] body : block.bodies()) {
      fleet.sendTask(worker, ToWorker.BODY, body, 0, body, 0, body.length);
    }
    message.reset();
    new ChunkHeader(chunk.id(), job.id, items.firstIndex(), items.attempt(), items.count())
        .write(message);
    int start = block.start(items.from());
    int length = block.length(items.from(), items.count());
    if (job.borrowsBodies && !block.bodies().isEmpty()) {
      fleet.sendBorrowing(
          worker, job, message.array(), message.size(), block.array(), start, length);
    } else {
      fleet.sendTask(
          worker, ToWorker.CHUNK, message.array(), message.size(), block.array(), start, length);
    }
  }

  @Override
  public void recall(long workerId, SentChunk chunk) {
    recalls.sent(job(chunk.call()), workerId, chunk.id());
    send(worker(workerId), ToWorker.RECALL, chunk);
  }

  @Override
  public void interrupt(long workerId, SentChunk chunk) {
    send(worker(workerId), ToWorker.INTERRUPT, chunk);
  }

  private void send(Worker worker, int type, SentChunk chunk) {
    message.reset();
    new ItemRef(chunk.id(), 0).write(message);
    fleet.send(worker, type, message.array(), message.size());
  }

  @Override
  public void cancelled(long jobId, Slice items) {
    LocalJob job = job(jobId);
    for (int i = 0; i < items.count(); i++) {
      job.submission.settled(
          new Outcome.Cancelled<>(items.firstIndex() + i, items.attempt() - 1, Duration.ZERO, 0));
    }
  }

  @Override
  public void callEnded(long jobId) {
    LocalJob job = job(jobId);
    jobs.remove(jobId);
    lastFound = null;
    message.reset();
    message.putLong(jobId);
    for (Worker worker : fleet.workers()) {
      if (worker.tasks.remove(jobId)) {
        worker.lastTask = 0;
        fleet.sendTask(
            worker, ToWorker.FORGET, message.array(), message.size(), message.array(), 0, 0);
      }
    }
    owner.jobEnded(job);
  }

  @Override
  public void retired(long workerId) {
    fleet.stop(worker(workerId));
  }

  // ------------------------------------------------------------------ what workers tell

  @Override
  public void ready(Worker worker) {
    noRoom = noRoom == null ? resultLimit.together() : noRoom;
    scheduler.workerReady(worker.id, engine.now());
    owner.workerReady();
  }

  @Override
  public void frame(Worker worker, FrameReader frame) throws ProtocolException {
    ByteBuffer in = ByteBuffer.wrap(frame.array(), frame.offset(), frame.length());
    switch (frame.type()) {
      case ToParent.RETURNED -> {
        ItemRef from = ItemRef.read(in);
        ProtocolException.check(
            recalls.answered(worker.id, from.chunk()), "an answer to a recall that was not sent");
        ProtocolException.check(
            scheduler.returned(worker.id, from.chunk(), from.offset(), engine.now()),
            "an item given back that was finished");
      }
      case ToParent.COLLECTED -> {
        ProtocolException.checkLength(in, Long.BYTES);
        if (memory.collected(worker, in.getLong())) {
          scheduler.retire(worker.id);
        }
      }
      case ToParent.LOG -> logs.take(worker, in);
      case ToParent.LEVEL -> levels.asked(worker, in);
      case ToParent.THREADS ->
          ProtocolException.check(
              dumps.answered(worker, in), "an answer to a thread dump that was not asked for");
      case ToParent.FETCH -> fetches.ask(worker, FetchMessage.read(in));
      case ToParent.STUCK -> stuck(worker, in);
      default -> throw new ProtocolException("unknown frame type " + frame.type());
    }
  }

  private void stuck(Worker worker, ByteBuffer in) throws ProtocolException {
    RunPage page = worker.page;
    long word = page == null ? 0 : page.running();
    if (!fleet.isSound(worker)) {
      return;
    }
    LocalJob job = jobOf(worker, ItemRef.ofWord(word));
    ProtocolException.check(
        job != null && job.timeout != null, "an item over its time limit, which has none");
    byte[] stack = new byte[in.remaining()];
    in.get(stack);
    worker.stuckStack = Delivery.stack(stack);
    fleet.kill(worker, KillReason.TIMED_OUT);
  }

  @Override
  public void results(Worker worker, FrameReader frames) throws IOException {
    long received = frames.received() - worker.receivedBytes;
    unaskedBytes += received;
    recorder.received(received);
    worker.receivedBytes = frames.received();
    LocalJob job = results.job(worker);
    if (unaskedBytes > askAfterBytes || (job != null && job.paced.hasUndecoded())) {
      unaskedBytes = 0;
      makeRoom(job);
    }
    results.take(worker, frames);
    if (!worker.progressed) {
      worker.progressed = true;
      progressed.add(worker);
    }
  }

  /** Has workers let go of a loader that no call names any more. */
  public void releaseLoader(long number) {
    message.reset();
    message.putLong(number);
    for (Worker worker : fleet.workers()) {
      fleet.sendTask(
          worker, ToWorker.RELEASE, message.array(), message.size(), message.array(), 0, 0);
    }
  }

  /** A shared value was released: workers let go of their copies, whatever they do. */
  public void dropShared(String key) {
    byte[] name = key.getBytes(StandardCharsets.UTF_8);
    for (Worker worker : fleet.workers()) {
      if (worker.isAlive() && worker.state != Worker.State.STARTING) { // else it has none
        fleet.send(worker, ToWorker.DROP_SHARED, name, name.length);
      }
    }
  }

  @Override
  public void condemned(Worker worker) {
    scheduler.retire(worker.id); // it gets nothing more, and what it can it gives back
  }

  @Override
  public @Nullable WorkerExit gone(Worker worker, ExitReport report) {
    dumps.end(worker);
    if (!worker.wasReady) {
      return null; // it had no items
    }
    recalls.gone(worker.id);
    long now = engine.now();
    List<Item> begun = begun(worker, now);
    boolean isFirst = worker.itemsDone() + results.unaccounted(worker) == 0;
    Item running = begun.size() == 1 ? begun.get(0) : null; // of several nobody knows which
    WorkerExit exit = report.exit(running);
    for (Item item : begun) {
      LocalJob job = jobs.get(item.call());
      if (job != null) {
        Duration ran = Duration.ofNanos(System.nanoTime() - worker.activeSince); // as workers tell
        Outcome<Object> outcome = outcomeOfLoss(worker, exit, job, item, ran, isFirst);
        if (outcome instanceof Outcome.TimedOut) {
          recorder.timeout(worker, job, item, Nanos.of(ran));
        }
        ItemRun run = recorder.run(worker, item.slice(), 0, Nanos.of(ran), 0);
        delivery.conclude(job, item, worker, outcome, run);
      }
      isFirst = false;
    }
    return begun.isEmpty() ? null : exit;
  }

  /** What a worker that is gone had begun: what its page names, or all if nobody knows. */
  private List<Item> begun(Worker worker, long now) {
    RunPage page = worker.page;
    long word = 0;
    try {
      word = page == null ? 0 : page.running();
    } catch (InternalError e) { // it has taken its memory away in its last moment
    }
    fleet.isSound(worker);
    if (worker.isMemoryLost) {
      return scheduler.workerLost(worker.id, now);
    }
    ItemRef running = ItemRef.ofWord(word == 0 ? worker.violatedItem : word);
    return scheduler.workerGone(worker.id, running.chunk(), running.offset(), now);
  }

  private static Outcome<Object> outcomeOfLoss(
      Worker worker, WorkerExit exit, LocalJob job, Item item, Duration ran, boolean isFirst) {
    KillReason reason = worker.killReason;
    if (reason == KillReason.TIMED_OUT && job.timeout != null) {
      return Delivery.timedOut(job, item, exit.pid(), ran, worker.stuckStack, isFirst);
    }
    if (reason == KillReason.CANCELLED || reason == KillReason.TERMINATED) {
      return new Outcome.Cancelled<>(item.index(), item.attempt(), ran, exit.pid());
    }
    return new Outcome.WorkerLost<>(item.index(), item.attempt(), ran, exit.pid(), exit);
  }

  @Override
  public void broken(PoolBrokenException cause) {
    if (failure == null && !terminated) {
      failure = cause;
      recorder.broken(cause);
      abandon(cause);
    }
  }

  /** Ends every call and worker. */
  private void abandon(RuntimeException cause) {
    fleet.close();
    List<LocalJob> open = List.copyOf(jobs.values());
    jobs.clear();
    lastFound = null;
    recalls.clear();
    scheduler = new Scheduler(this); // the old one's calls and workers are of no interest any more
    for (LocalJob job : open) {
      job.abort(cause);
      owner.jobEnded(job);
    }
    List.copyOf(fleet.workers()).forEach(worker -> fleet.kill(worker, KillReason.TERMINATED));
  }

  // ------------------------------------------------------------------ supervision asks

  @Override
  public long limitNanos(Worker worker, ItemRef item) {
    LocalJob job = jobOf(worker, item);
    return job == null ? 0 : job.timeoutNanos();
  }

  @Override
  public long killAfter(Worker worker, ItemRef item) {
    LocalJob job = jobOf(worker, item);
    return job == null ? 0 : job.killAfter;
  }

  @Override
  public @Nullable ItemRef next(Worker worker) {
    SentChunk chunk = scheduler.workers().next(worker.id);
    return chunk == null ? null : new ItemRef(chunk.id(), chunk.begin());
  }

  private @Nullable LocalJob jobOf(Worker worker, ItemRef item) {
    SentChunk chunk = scheduler.workers().chunk(worker.id, item.chunk());
    return chunk == null ? null : jobs.get(chunk.call());
  }

  // ------------------------------------------------------------------ the engine's rounds

  @Override
  public boolean poll() {
    return fleet.poll();
  }

  @Override
  public boolean hasInput() {
    return fleet.hasInput();
  }

  @Override
  public boolean survives(InternalError error) {
    return fleet.giveUpUnsound();
  }

  @Override
  public boolean sleep() {
    return fleet.sleep();
  }

  @Override
  public void awake() {
    fleet.awake();
  }

  @Override
  public void ready(SelectionKey key) {
    if (!key.isAcceptable()) {
      fleet.ready(key);
      return;
    }
    ServerSocketChannel accepting = Objects.requireNonNull(server);
    try {
      for (int i = 0; i < MOST_ACCEPTED; i++) { // the rest in the next round
        SocketChannel socket = accepting.accept();
        if (socket == null) {
          return;
        }
        fleet.accepted(socket);
      }
    } catch (IOException e) { // no descriptor left; who has called waits
      key.interestOps(0);
      acceptAt = engine.now() + ACCEPT_PAUSE_NANOS;
    }
  }

  /** Takes connections again after a pause; tells when to look again. */
  private long acceptAgain(long now) {
    if (acceptAt != Long.MAX_VALUE && acceptAt - now <= 0) {
      acceptAt = Long.MAX_VALUE;
      SelectionKey key = Objects.requireNonNull(server).keyFor(engine.selector());
      if (key != null && key.isValid()) {
        key.interestOps(SelectionKey.OP_ACCEPT);
      }
    }
    return acceptAt;
  }

  @Override
  public long round(long now) {
    if (hasAbandoned) {
      cancelAbandoned();
    }
    for (Worker worker = progressed.poll(); worker != null; worker = progressed.poll()) {
      worker.progressed = false;
      scheduler.progressed(worker.id, now);
      boolean idle = scheduler.workers().isIdle(worker.id);
      worker.activeSince = idle ? 0 : System.nanoTime();
      memory.progressed(worker, idle, now);
      if (settings.maxTasksPerWorker() > 0 && worker.itemsDone() >= settings.maxTasksPerWorker()) {
        scheduler.retire(worker.id);
      }
    }
    long next = tick(now);
    fetches.resume();
    fleet.flush(); // first what workers wait for
    boolean over = terminated || (shutdown && jobs.isEmpty());
    if (over) {
      fleet.close();
      List.copyOf(fleet.workers()).forEach(fleet::stop);
    } else {
      fleet.grow(scheduler.demand(fleet.target()));
      fleet.surplus(this::use).forEach(this::release);
      next = Math.min(next, releaseIdle(now));
    }
    next = Math.min(next, supervision.round(now, !jobs.isEmpty()));
    next = Math.min(next, fleet.round(now));
    next = Math.min(next, levels.round(now));
    next = Math.min(next, acceptAgain(now));
    fleet.flush();
    return next;
  }

  private long tick(long now) {
    if (tickAt != Long.MAX_VALUE && tickAt - now <= 0) {
      tickAt = Long.MAX_VALUE;
      scheduler.tick(now);
    }
    long wanted = scheduler.nextTick(now);
    if (wanted == Long.MAX_VALUE || tickAt == Long.MAX_VALUE || wanted - tickAt < 0) {
      tickAt = wanted;
    }
    return tickAt;
  }

  /** Of how much use a worker is: those that are ending already first, then those without work. */
  private int use(Worker worker) {
    return scheduler.workers().isRetiring(worker.id)
        ? 0
        : scheduler.workers().isIdle(worker.id) ? 1 : 2;
  }

  /** Lets a worker go that is one too many. */
  private void release(Worker worker) {
    if (worker.isReady()) {
      scheduler.retire(worker.id);
    } else {
      fleet.stop(worker);
    }
  }

  /** Lets workers go that have had nothing to do for the idle time-out. */
  private long releaseIdle(long now) {
    if (settings.idleTimeout() == null) {
      return Long.MAX_VALUE;
    }
    long idleNanos = Nanos.of(settings.idleTimeout());
    long next = Long.MAX_VALUE;
    for (Worker worker : new ArrayList<>(fleet.workers())) {
      if (!worker.isReady() || !scheduler.workers().isIdle(worker.id)) {
        worker.idleSince = 0;
      } else if (worker.idleSince == 0) {
        worker.idleSince = now;
        next = Math.min(next, now + idleNanos);
      } else if (now - worker.idleSince >= idleNanos) {
        fleet.shrink();
        scheduler.retire(worker.id);
      } else {
        next = Math.min(next, worker.idleSince + idleNanos);
      }
    }
    return next;
  }

  @Override
  public boolean isDone() {
    return (terminated || (shutdown && jobs.isEmpty())) && fleet.isEmpty();
  }

  @Override
  public void died(Throwable error) {
    failure = withoutMemory; // in case that there is none for a better one
    LocalJob last = lastFound;
    if (error instanceof OutOfMemoryError && last != null) {
      last.drop(withoutMemory); // its results are what fills the heap, if any are
    }
    try {
      RuntimeException cause = PoolFault.engineDied(settings, error);
      failure = cause;
      recorder.broken(cause);
    } catch (OutOfMemoryError e) {
      // that it is, then
    }
    SafeLog.log(System.Logger.Level.ERROR, "the pool is broken", error);
  }

  @Override
  public boolean ended(boolean isLast) {
    boolean all = true;
    try {
      for (int step = 0; step < END_STEPS; step++) {
        all &= tryEnd(step);
      }
    } finally {
      if (all || isLast) {
        end.countDown();
      }
    }
    return all;
  }

  /** Does a part, of which others don't depend: false if there is no memory for it. */
  private boolean tryEnd(int step) {
    try {
      end(step);
    } catch (VirtualMachineError | LinkageError e) {
      return false;
    } catch (Throwable e) {
      SafeLog.log(System.Logger.Level.ERROR, "a fault at the end of a pool", e);
    }
    return true;
  }

  /** Does a part of what is to be done at the end; nothing that was done. No lambda for each. */
  private void end(int step) throws IOException {
    switch (step) {
      case 0 -> owner.abortAll(failure); // gives back most memory
      case 1 -> fleet.destroyAll();
      case 2 -> logs.awaitDelivered(LAST_LOGS_MILLIS);
      case 3 -> Objects.requireNonNull(server).close();
      default -> owner.engineEnded(failure);
    }
  }

  // ------------------------------------------------------------------ the pool's own methods

  public List<WorkerInfo> workers() {
    return fleet.workers().stream()
        .filter(worker -> worker.state != Worker.State.GONE)
        .map(this::info)
        .sorted(Comparator.comparingInt(WorkerInfo::number))
        .collect(Collectors.toList());
  }

  /** What is told of this in the pool's statistics. */
  public BackendStats stats() {
    List<PoolStats.Worker> described =
        fleet.workers().stream()
            .filter(worker -> worker.state != Worker.State.GONE)
            .sorted(Comparator.comparingInt(worker -> worker.number))
            .map(worker -> new PoolStats.Worker(info(worker), running(worker)))
            .toList();
    return stats(described);
  }

  /** The same after the engine's end; from any thread. */
  public BackendStats lastStats() {
    return stats(List.of());
  }

  private BackendStats stats(List<PoolStats.Worker> described) {
    return new BackendStats(
        fleet.target(), described, recorder.sentBytes(), recorder.receivedBytes());
  }

  private WorkerInfo info(Worker worker) {
    return worker.info(scheduler.workers().isIdle(worker.id), () -> dumps.of(worker));
  }

  /** The item that a worker is at. */
  private Optional<PoolStats.Item> running(Worker worker) {
    SentChunk chunk = scheduler.workers().next(worker.id);
    LocalJob job = chunk == null ? null : jobs.get(chunk.call());
    if (chunk == null || job == null || worker.activeSince == 0) {
      return Optional.empty();
    }
    Item item = chunk.item(chunk.begin());
    Duration running = Duration.ofNanos(System.nanoTime() - worker.activeSince);
    return Optional.of(
        new PoolStats.Item(Recorder.named(job), item.index(), item.attempt(), running));
  }

  /** Whether the pool can't go on; from any thread. */
  public boolean isBroken() {
    return failure != null;
  }

  public void resize(int workers) {
    fleet.resize(workers);
  }

  /** Starts all workers. */
  public void prestart() {
    fleet.grow(fleet.target());
  }

  public void shutdown() {
    shutdown = true;
  }

  public void terminate(RuntimeException cause) {
    if (!terminated) {
      terminated = true;
      abandon(cause);
    }
  }

  /** Waits for the end of the engine and of every worker; from any thread. */
  public boolean awaitEnd(Duration timeout) throws InterruptedException {
    return end.await(Nanos.of(timeout), TimeUnit.NANOSECONDS);
  }

  /** Why calls can't be taken on; from any thread, once the engine has ended. */
  public RuntimeException failure() {
    RuntimeException cause = failure;
    return cause == null
        ? new PoolTerminatedException("pool '" + settings.name() + "' has ended")
        : cause;
  }

  /** From any thread. */
  public void refuseIfBroken() {
    if (failure != null) {
      throw failure();
    }
  }

  private Worker worker(long id) {
    Worker worker = fleet.find(id);
    if (worker == null) {
      throw new IllegalStateException("the scheduler uses worker " + id + ", which is gone");
    }
    return worker;
  }

  @Override
  public Scheduler scheduler() {
    return scheduler;
  }

  @Override
  public @Nullable LocalJob find(long id) {
    LocalJob job = lastFound;
    if (job == null || job.id != id) {
      job = jobs.get(id);
      lastFound = job;
    }
    return job;
  }

  private LocalJob job(long id) {
    LocalJob job = find(id);
    if (job == null) {
      throw new IllegalStateException("the scheduler uses call " + id + ", which has ended");
    }
    return job;
  }
}
