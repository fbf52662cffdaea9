package dev.procpool.local.fleet;

import dev.procpool.PoolBrokenException;
import dev.procpool.RunningItem;
import dev.procpool.WorkerExit;
import dev.procpool.WorkerOutput;
import dev.procpool.channel.Bell;
import dev.procpool.channel.Channel;
import dev.procpool.channel.FrameReader;
import dev.procpool.channel.RingChannel;
import dev.procpool.channel.RunPage;
import dev.procpool.codec.ByteOutput;
import dev.procpool.codec.Codec;
import dev.procpool.guard.SafeText;
import dev.procpool.local.call.LocalJob;
import dev.procpool.local.engine.Engine;
import dev.procpool.local.exit.CrashFile;
import dev.procpool.local.exit.ExitReport;
import dev.procpool.local.files.MemoryFiles;
import dev.procpool.local.files.PoolDirectory;
import dev.procpool.local.fleet.Worker.KillReason;
import dev.procpool.local.fleet.Worker.State;
import dev.procpool.local.launch.Launched;
import dev.procpool.local.launch.Launcher;
import dev.procpool.local.launch.WorkerCommand;
import dev.procpool.local.launch.WorkerProperties;
import dev.procpool.local.output.CallLabels;
import dev.procpool.local.output.OutputPump;
import dev.procpool.local.output.OutputStreams;
import dev.procpool.local.output.OutputTail;
import dev.procpool.local.settings.LogBridges;
import dev.procpool.local.settings.PoolSettings;
import dev.procpool.local.settings.ResultLimit;
import dev.procpool.protocol.Hello;
import dev.procpool.protocol.OutputMark;
import dev.procpool.protocol.ProtocolException;
import dev.procpool.protocol.SystemRandom;
import dev.procpool.protocol.ToParent;
import dev.procpool.protocol.ToWorker;
import dev.procpool.protocol.WorkerConfig;
import dev.procpool.spi.Nanos;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The pool's worker processes: how many there are to be, their start, their handshake, their end.
 *
 * <p>Owned by the engine's thread. Whatever blocks (starting and destroying processes, reading
 * their output) is done on threads of its own and comes back as an event.
 */
public final class Fleet {

  private static final long STOP_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** How long one may take that writes an archive at its end. */
  private static final long RECORDING_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(60);

  /** How often, and how long between, a kill is tried while nobody watches the process. */
  private static final int MOST_KILLS = 100;

  private static final long KILL_MILLIS = 200;

  /** A hello, and nobody who has not said it may have us take in more. */
  private static final int MAX_HELLO_BYTES = 1024;

  /** Room for a stack or log record, the largest that a worker sends on its socket. */
  private static final int MAX_CONTROL_BYTES = 5 * 1024 * 1024;

  /** Connections that have not said hello, beyond two for each worker. */
  private static final int MOST_STRANGERS = 64;

  private static final byte[] NOTHING = new byte[0];

  /** How often one worker's ring is read before others have their turn. */
  private static final int MAX_READS = 16;

  /** What the fleet tells its owner. */
  public interface Listener {

    public void ready(Worker worker);

    /** A worker is about to be killed: it gets nothing more. */
    void condemned(Worker worker);

    /** A frame has come on the socket. */
    void frame(Worker worker, FrameReader frame) throws ProtocolException;

    /** Frames have come through the ring; takes all that are complete. */
    void results(Worker worker, FrameReader frames) throws IOException;

    /** There is no memory for reading what a worker has sent. */
    void withoutMemory(Worker worker);

    /**
     * A worker is gone, ready or not.
     *
     * @return how it ended for the item that this cost; null if it cost none
     */
    @Nullable WorkerExit gone(Worker worker, ExitReport report);

    void broken(PoolBrokenException failure);
  }

  private final PoolSettings settings;
  private final PoolDirectory directory;
  private final Engine engine;
  private final Launcher launcher;
  private final Executor threads;
  private final Codec codec;
  private final WorkerNews news;
  private final Listener listener;
  private final RestartIntensity failures;
  private final StartBackoff backoff = new StartBackoff();
  private final MemoryFiles memoryFiles;
  private final Offspring offspring;
  private final ExitWatch exits;
  private final Map<Long, Worker> workers = new LinkedHashMap<>();
  private final List<Channel> strangers = new ArrayList<>();

  /** Spares a look into the map for each chunk. */
  private @Nullable Worker lastFound;

  /** Whether what workers print is to name its item. */
  private final boolean wantsItems;

  private final ResultLimit resultLimit;

  private long lastId;
  private int indexes;

  /** How many workers there may be. */
  private int target;

  /** How many there are to be now: grows with demand, shrinks when they are idle for long. */
  private int size;

  private boolean everReady;
  private boolean closed;

  public Fleet(
      PoolSettings settings,
      PoolDirectory directory,
      Engine engine,
      Launcher launcher,
      Executor threads,
      Codec codec,
      Listener listener) {
    this.settings = settings;
    this.directory = directory;
    this.engine = engine;
    this.launcher = launcher;
    this.threads = threads;
    this.codec = codec;
    this.news = new WorkerNews(settings.insight().observation());
    this.listener = listener;
    this.memoryFiles = new MemoryFiles(directory);
    this.offspring =
        new Offspring(settings.keepsChildren(), threads, () -> engine.execute(() -> {}));
    this.exits = new ExitWatch(offspring, engine, threads);
    this.wantsItems = settings.output().wantsItems();
    this.resultLimit = ResultLimit.of(settings.maxPayload());
    this.target = settings.workers();
    this.failures = new RestartIntensity(settings.restarts(), Nanos.of(settings.restartWindow()));
  }

  /** Removes what other pools left. Takes time. */
  public void deleteStale() {
    directory.deleteStale();
    memoryFiles.deleteStale();
    launcher.deleteStale();
  }

  /** Gives an index for a {@link PerWorker}. */
  public int newIndex() {
    return indexes++;
  }

  public Collection<Worker> workers() {
    return workers.values();
  }

  public @Nullable Worker find(long id) {
    Worker worker = lastFound;
    if (worker == null || worker.id != id) {
      worker = workers.get(id);
      lastFound = worker;
    }
    return worker;
  }

  public int target() {
    return target;
  }

  /** Whether no worker is left, nor a process that one has started. */
  public boolean isEmpty() {
    return workers.isEmpty() && offspring.isIdle();
  }

  /** Changes how many workers there may be. */
  public void resize(int workersWanted) {
    target = workersWanted;
    size = Math.min(size, target);
  }

  /**
   * Gives the workers that are too many, those that are of least use first.
   *
   * @param use of how much use a worker is that is ready
   */
  public List<Worker> surplus(ToIntFunction<Worker> use) {
    int surplus = alive() - size;
    if (surplus <= 0) {
      return List.of();
    }
    List<Worker> alive = new ArrayList<>(workers.values());
    alive.removeIf(worker -> !worker.isAlive());
    alive.sort(
        Comparator.comparingInt((Worker worker) -> worker.isReady() ? use.applyAsInt(worker) : -1)
            .thenComparingInt(worker -> -worker.number));
    return alive.subList(0, surplus);
  }

  private int alive() {
    int alive = 0;
    for (Worker worker : workers.values()) {
      alive += worker.isAlive() ? 1 : 0;
    }
    return alive;
  }

  /** One worker fewer is needed. */
  public void shrink() {
    size = Math.max(0, size - 1);
  }

  /** Starts workers until there are as many as could be busy, or were. */
  public void grow(int demand) {
    if (closed) {
      return;
    }
    size = Math.max(size, Math.min(target, demand));
    // a debugger's port is free again only when the one that had it is gone
    int counted = settings.insight().isDebugging() ? workers.size() : alive();
    for (int i = counted; i < size && backoff.left(engine.now()) == 0; i++) {
      start();
    }
  }

  /**
   * Gives the workers that have done nothing yet and have too much of the machine, since other
   * pools were made after them.
   */
  public List<Worker> outgrown() {
    return workers.values().stream()
        .filter(
            worker ->
                worker.isAlive() && worker.itemsDone() == 0 && launcher.hasTooMuch(worker.sharers))
        .collect(Collectors.toList());
  }

  /** Starts no more workers. */
  public void close() {
    closed = true;
  }

  // ------------------------------------------------------------------ start

  private void start() {
    BitSet taken = new BitSet();
    for (Worker other : workers.values()) { // the first stream and lambda of a JVM take long
      if (other.isAlive()) {
        taken.set(other.number);
      }
    }
    Worker worker =
        new Worker(
            ++lastId,
            taken.nextClearBit(0),
            SystemRandom.word(),
            offspring.mark(lastId),
            OutputMark.newKey(),
            Nanos.of(settings.freezeLimit()));
    workers.put(worker.id, worker);
    worker.isSandboxed = settings.isSandboxed();
    worker.endDeadline = worker.clock.look(0, 0, engine.now()) + Nanos.of(settings.startLimit());
    try {
      threads.execute(() -> launch(worker));
    } catch (OutOfMemoryError e) { // no thread to be had
      launchFailed(worker, e, SafeText.of(e));
    }
  }

  /** Off the engine's thread. */
  private void launch(Worker worker) {
    MemoryFiles.Named made = null;
    Process started = null;
    List<OutputPump> output;
    try {
      if (settings.isSandboxed()) { // which has to be told of it
        made = memoryFiles.create(worker.id);
      }
      // else first: it takes longest, and waits for the rest
      Launched launched =
          launcher.launch(
              worker.id, worker.number, worker.childMark, made == null ? null : made.file());
      Process process = launched.process();
      started = process;
      tell(process, directory.socket(), memoryFiles.first(worker.id));
      directory.handOver();
      offspring.noteStrangers();
      MemoryFiles.Named memory = made == null ? memoryFiles.create(worker.id) : made;
      made = memory;
      output = List.of(pump(worker, process, false), pump(worker, process, true));
      engine.execute(() -> launched(worker, launched, memory));
      if (engine.isStopped()) { // it may not have seen this
        process.destroyForcibly();
        memory.unlink();
      }
      directory.awaitListening();
      greet(worker, process, memory.file());
      news.prepare(); // while the process starts
    } catch (Throwable e) { // no thread or memory left, say: nobody else would tell
      if (started != null) {
        destroySurely(started);
      }
      if (made != null) {
        made.unlink();
      }
      launcher.ended(worker.id);
      String text = SafeText.of(e); // here: a sandbox is users' code, and so is what it throws
      engine.execute(() -> launchFailed(worker, e, text));
      return;
    }
    // on this thread, to its end
    Process process = started;
    exits.await(
        worker.id,
        process,
        output,
        () -> launcher.crash(worker.id, process.pid(), worker.startedAt),
        (status, crash) -> exited(worker, status, crash));
  }

  /** Kills a process that nobody else knows of, and waits for its end, through interrupts. */
  private static void destroySurely(Process process) {
    boolean isInterrupted = false;
    boolean hasEnded = false;
    for (int i = 0; i < MOST_KILLS && !hasEnded; i++) {
      process.destroyForcibly();
      try {
        hasEnded = process.waitFor(KILL_MILLIS, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        isInterrupted = true;
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Tells the process how to connect; it has been told what to remove if we end before this. */
  private void greet(Worker worker, Process process, Path memory) {
    tell(process, memory, settings.spin().nanos(), worker.id, worker.token);
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      // it has ended already
    }
  }

  /** Writes a line each to the process; what goes wrong here shows in its exit. */
  private static void tell(Process process, Object... words) {
    StringBuilder lines = new StringBuilder();
    for (Object word : words) {
      lines.append(word).append('\n');
    }
    try {
      OutputStream in = process.getOutputStream();
      in.write(lines.toString().getBytes(StandardCharsets.UTF_8));
      in.flush();
    } catch (IOException e) {
      // it has ended already
    }
  }

  private OutputPump pump(Worker worker, Process process, boolean isError) {
    OutputTail tail = isError ? worker.stderr : worker.stdout;
    WorkerOutput output = settings.output();
    long pid = process.pid();
    CallLabels labels = settings.insight().labels();
    OutputPump pump =
        new OutputPump(
            isError ? OutputStreams.error(process) : OutputStreams.output(process),
            isError || wantsItems ? worker.outputKey : NOTHING,
            tail,
            (line, mark) -> {
              Optional<RunningItem> item = wantsItems ? labels.describe(mark) : Optional.empty();
              output.accept(new WorkerOutput.Line(worker.number, pid, isError, line, item));
            });
    threads.execute(pump);
    return pump;
  }

  private void launched(Worker worker, Launched launched, MemoryFiles.Named memory) {
    Process process = launched.process();
    worker.process = process;
    worker.sharers = launched.sharers();
    worker.usesArchive = launched.usesArchive();
    worker.memory = memory;
    worker.page = memory.memory().page();
    news.started(worker);
    backoff.succeeded();
    introduce(worker);
    if (worker.state == State.STOPPING) {
      offspring.destroy(process);
    }
  }

  private void launchFailed(Worker worker, Throwable e, String text) {
    workers.remove(worker.id);
    lastFound = null;
    worker.state = State.GONE;
    boolean isTooMuch;
    if (StartBackoff.isShortage(e, text)) {
      backoff.failed(engine.now());
      isTooMuch = backoff.isExhausted();
    } else {
      isTooMuch = failures.exceededBy(engine.now());
    }
    if (!PoolFault.mayPass(settings) || isTooMuch) {
      listener.broken(PoolFault.notLaunched(settings, e, text));
    }
  }

  // ------------------------------------------------------------------ channel

  /** Takes a connection; whose it is, its first frame must tell. */
  public void accepted(SocketChannel socket) {
    try {
      Connection connection = new Connection();
      connection.channel = new Channel(socket, engine.selector(), connection, MAX_HELLO_BYTES);
      strangers.add(connection.channel);
      if (strangers.size() > MOST_STRANGERS + 2 * workers.size()) {
        strangers.remove(0).close(); // a worker says hello at once
      }
    } catch (IOException e) {
      // gone before it said a word; its process's end will be seen
    }
  }

  /** Handles a connection that can be read or written. */
  public void ready(SelectionKey key) {
    Connection connection = (Connection) key.attachment();
    if (connection.bell != null) {
      if (!connection.bell.hear()) {
        key.cancel(); // it is dying; its end will be seen
      }
      return; // what it rang for is found in the rings
    }
    Channel channel = connection.channel();
    Worker worker = connection.worker;
    try {
      if (key.isWritable()) {
        channel.flush();
      }
      if (key.isReadable()) {
        receive(connection, channel);
      }
    } catch (IOException e) {
      // what it sent makes no sense, or it is dying: its end will be seen, or is made
      channel.close();
      strangers.remove(channel);
      worker = connection.worker;
      if (worker != null) {
        broke(worker, e);
      }
    }
  }

  /** Gives up a worker that does not keep to what was agreed. Nothing more of it is believed. */
  public void broke(Worker worker, Throwable cause) {
    if (isSound(worker)) {
      giveUp(worker, "the channel of worker " + worker.number + " broke: " + cause);
    }
  }

  private void giveUp(Worker worker, String violation) {
    if (worker.violation == null) {
      worker.violation = "procpool: " + violation;
    }
    worker.rings = null;
    if (worker.channel != null) {
      worker.channel.close();
    }
    kill(worker, KillReason.BROKEN_CHANNEL);
  }

  /**
   * Looks, after accesses to a worker's memory and before anything is made of them, whether they
   * went well; if not, gives the worker up.
   */
  public boolean isSound(Worker worker) {
    if (worker.hasWholeMemory()) {
      return true;
    }
    worker.isMemoryLost = true;
    worker.page = null;
    giveUp(worker, "worker " + worker.number + " has cut off the memory that it shares with us");
    return false;
  }

  /** Gives up the workers that have taken away their memory: false if there is none. */
  public boolean giveUpUnsound() {
    boolean some = false;
    for (Worker worker : List.copyOf(workers.values())) {
      some |= !isSound(worker);
    }
    return some;
  }

  private void receive(Connection connection, Channel channel) throws IOException {
    boolean received = channel.receive();
    Worker worker = connection.worker;
    if (channel.isEnded()) {
      if (worker != null) {
        worker.ending.begin(engine.now());
      } else if (!received) { // one that only looked who listens
        channel.close();
        strangers.remove(channel);
      }
    }
    if (!received) {
      return;
    }
    if (worker != null) {
      takeInAll(worker); // what it said on the socket may refer to results before
    }
    while (connection.bell == null && !channel.isEnded() && channel.frames().next()) {
      FrameReader frame = channel.frames();
      worker = connection.worker;
      if (worker == null) {
        handshake(connection, channel, frame);
      } else {
        handle(worker, frame);
      }
    }
  }

  private void handshake(Connection connection, Channel channel, FrameReader frame)
      throws ProtocolException {
    strangers.remove(channel);
    boolean isBell = frame.type() == ToParent.HELLO_BELL;
    if (frame.type() != ToParent.HELLO && !isBell) {
      throw new ProtocolException("a stranger's first frame is of type " + frame.type());
    }
    Hello hello = Hello.read(ByteBuffer.wrap(frame.array(), frame.offset(), frame.length()));
    Worker worker = workers.get(hello.launch());
    if (worker == null
        || worker.state != State.STARTING
        || (isBell ? worker.bell != null : worker.channel != null)
        || !hello.proves(worker.token)) {
      throw new ProtocolException("a stranger has no valid token");
    }
    if (hello.version() != Hello.VERSION) {
      worker.stderr.add("procpool: the worker runs another version of procpool than its pool");
      throw new ProtocolException("a worker of protocol version " + hello.version());
    }
    if (isBell) {
      connection.bell = channel.toBell();
      worker.bell = connection.bell;
    } else {
      connection.worker = worker;
      worker.channel = channel;
      channel.frames().limit(MAX_CONTROL_BYTES);
    }
    introduce(worker);
  }

  /** Once a worker has both its connections, tells it what it needs to begin. */
  private void introduce(Worker worker) {
    Channel channel = worker.channel;
    Bell bell = worker.bell;
    MemoryFiles.Named memory = worker.memory;
    if (channel == null || bell == null || memory == null || worker.state != State.STARTING) {
      return;
    }
    CompletableFuture<LogBridges> bridges = settings.insight().logs().bridges();
    if (!bridges.isDone()) { // rare: it takes less time than a JVM to start
      bridges.thenRun(() -> engine.execute(() -> introduce(worker)));
      return;
    }
    memory.unlink();
    worker.rings = new RingChannel(memory.memory(), bell, resultLimit.bytes() + 1024 * 1024);
    worker.state = State.INITIALIZING;
    worker.endDeadline = 0;
    ByteOutput out = new ByteOutput(256, Long.MAX_VALUE);
    new WorkerConfig(
            worker.number,
            Nanos.of(settings.gracePeriod()),
            settings.maxTasksPerWorker(),
            resultLimit.bytes(),
            settings.actionsLoader(),
            settings.itemCodec(),
            worker.outputKey,
            wantsItems,
            settings.insight().logs().forwards(),
            WorkerProperties.of(settings, worker.number),
            settings.initializer(),
            settings.finalizer())
        .write(out);
    send(worker, ToWorker.CONFIG, out.array(), out.size());
  }

  private void handle(Worker worker, FrameReader frame) throws ProtocolException {
    switch (frame.type()) {
      case ToParent.READY -> {
        checkStarting(worker);
        worker.saidReady = true;
        if (worker.state == State.INITIALIZING) {
          worker.state = State.READY;
          worker.wasReady = true;
          everReady = true;
          news.ready(worker);
          listener.ready(worker);
        }
      }
      case ToParent.START_FAILED -> {
        checkStarting(worker);
        worker.startFailure = frame.copy(0);
      }
      default -> listener.frame(worker, frame);
    }
  }

  private static void checkStarting(Worker worker) throws ProtocolException {
    ProtocolException.check(
        !worker.saidReady && worker.startFailure == null, "the end of a start that has ended");
  }

  // ------------------------------------------------------------------ end

  /** Lets a worker end in good order. It must have nothing to do. */
  public void stop(Worker worker) {
    if (!worker.isAlive()) {
      return;
    }
    if (!worker.isReady()) {
      kill(worker, KillReason.TERMINATED);
      return;
    }
    worker.state = State.STOPPING;
    boolean records = settings.archive().target() != null;
    worker.endDeadline =
        lookAt(worker, engine.now()) + (records ? RECORDING_LIMIT_NANOS : STOP_LIMIT_NANOS);
    send(worker, ToWorker.STOP, NOTHING, 0);
  }

  /** Destroys a worker's process and what its tasks have started. The first reason given counts. */
  public void kill(Worker worker, KillReason reason) {
    if (worker.state == State.GONE) {
      return;
    }
    if (worker.killReason == null) {
      worker.killReason = reason;
    }
    worker.state = State.STOPPING;
    worker.endDeadline = 0;
    worker.ending.begin(engine.now());
    listener.condemned(worker);
    Process process = worker.process;
    if (process != null) {
      offspring.destroy(process);
    } // else when it has been launched
  }

  /** A process has ended and its output was read. Takes what it sent before it ended. */
  private void exited(Worker worker, int status, @Nullable CrashFile crash) {
    if (worker.state == State.GONE) {
      return; // that was known
    }
    threads.execute(() -> launcher.ended(worker.id));
    drain(worker);
    workers.remove(worker.id);
    lastFound = null;
    worker.state = State.GONE;
    if (worker.memory != null) {
      worker.memory.unlink();
    }
    boolean frozen = worker.killReason == KillReason.FROZEN;
    if (worker.violation != null) {
      worker.stderr.add(worker.violation); // last, so that no flood of its own words hides it
    }
    ExitReport report =
        new ExitReport(
            worker.pid(),
            status,
            worker.wasReady,
            frozen,
            WorkerCommand.movesJvmsWords(settings)
                ? List.of(worker.stderr, worker.stdout)
                : List.of(worker.stderr),
            worker.stderr,
            crash);
    WorkerExit cost = listener.gone(worker, report);
    WorkerExit exit = cost == null ? report.exit(null) : cost;
    boolean isMeant = isMeant(worker);
    news.ended(worker, exit, isMeant);
    if (!isMeant && cost == null && !closed) {
      failed(worker, exit);
    }
  }

  /** Whether a worker's end says nothing about the next one's chances. */
  private static boolean isMeant(Worker worker) {
    KillReason reason = worker.killReason;
    if (reason == null) {
      return worker.endDeadline != 0 && worker.wasReady; // it was told to stop
    }
    return reason.isMeant;
  }

  /** Takes in what a dead worker has left, and closes its connections. */
  private void drain(Worker worker) {
    try {
      takeInAll(worker);
      Channel channel = worker.channel;
      while (channel != null && channel.receive()) {
        while (!channel.isEnded() && channel.frames().next()) {
          handle(worker, channel.frames());
        }
      }
    } catch (IOException | InternalError e) {
      if (isSound(worker) && worker.violation == null) {
        worker.violation = "procpool: what the worker sent last makes no sense: " + e;
      }
    } finally {
      isSound(worker); // told before its exit is described
      if (worker.channel != null) {
        worker.channel.close();
      }
      if (worker.bell != null) {
        worker.bell.close();
      }
    }
  }

  /** A worker failed to start, or died with nothing to do: trying again may not help. */
  private void failed(Worker worker, WorkerExit exit) {
    if (worker.usesArchive && worker.channel == null && !worker.isLate) {
      launcher.distrustArchive();
      return; // the next one starts without it
    }
    boolean isJvmRefused = worker.channel == null && exit.exitCode().orElse(0) == 1;
    boolean noneReady = workers.values().stream().noneMatch(Worker::isReady);
    boolean hopeless = worker.isLate ? noneReady : isJvmRefused && !everReady;
    if (!failures.exceededBy(engine.now()) && !hopeless) {
      return;
    }
    PoolFault fault = new PoolFault(settings, worker, exit, isJvmRefused, hopeless);
    byte[] failure = worker.startFailure;
    if (failure == null) {
      listener.broken(fault.toException());
    } else {
      ClassLoader loader = Thread.currentThread().getContextClassLoader();
      StartFailure.read(
          codec,
          failure,
          loader,
          threads,
          why -> engine.execute(() -> listener.broken(fault.toException(why.error(), why.text()))));
    }
  }

  /**
   * Kills the workers that don't end, or don't say hello, in time.
   *
   * @return when to look again
   */
  public long round(long now) {
    long next = Long.MAX_VALUE;
    Worker lost = null;
    for (Worker worker : workers.values()) { // a kill takes no worker out of the map
      if (worker.endDeadline != 0) {
        long left = worker.endDeadline - lookAt(worker, now);
        if (left <= 0) {
          worker.isLate = !worker.wasReady;
          worker.stderr.add("procpool: worker " + worker.number + " did not answer in time");
          kill(worker, worker.isLate ? KillReason.FROZEN : KillReason.NOT_STOPPING);
        } else {
          next = Math.min(next, now + left);
        }
      }
      lost = seeToEnd(worker, now) ? worker : lost;
      next = Math.min(next, worker.ending.lookAt());
    }
    if (lost != null && lost.process != null) {
      exited(lost, lost.process.exitValue(), null); // others with the next round
    }
    long pause = backoff.left(now);
    return pause == 0 ? next : Math.min(next, now + pause);
  }

  /** Looks whether a worker's process is stopped, and gives the worker's time. */
  public long lookAt(Worker worker, long now) {
    RunPage page = worker.page;
    long beat = 0;
    try {
      beat = page == null ? 0 : page.heartbeat();
    } catch (InternalError e) {
      broke(worker, e);
    }
    return worker.clock.look(isSound(worker) ? beat : 0, worker.jvmPid(), now);
  }

  /** Kills a worker again that has not ended: true if it has, and nobody has told. */
  private boolean seeToEnd(Worker worker, long now) {
    Process process = worker.process;
    Ending.Step step = worker.ending.look(process, worker.killReason != null, now);
    if (step == Ending.Step.KILL_AGAIN && process != null) {
      offspring.destroy(process);
    }
    return step == Ending.Step.TAKE_AS_ENDED;
  }

  /**
   * Ends everything at once, when there is no engine any more to see it end. May be called again
   * where it throws, for want of memory.
   */
  public void destroyAll() {
    for (Worker worker : workers.values()) {
      try {
        if (worker.process != null) {
          offspring.destroyHere(worker.process);
        }
      } catch (RuntimeException | Error e) {
        // the process is tried again below, what it has started once it has ended
      }
    }
    while (!strangers.isEmpty()) {
      strangers.remove(strangers.size() - 1).close();
    }
    for (Worker worker : workers.values()) {
      if (worker.memory != null) {
        worker.memory.unlink();
      }
      if (worker.channel != null) {
        worker.channel.close();
      }
      if (worker.bell != null) {
        worker.bell.close();
      }
    }
    for (Worker worker : workers.values()) {
      if (worker.process != null) {
        destroySurely(worker.process);
      }
    }
  }

  // ------------------------------------------------------------------ frames out

  /** Queues a frame for a worker; it goes out with the next {@link #flush}. */
  public void send(Worker worker, int type, byte[] payload, int length) {
    send(worker, type, payload, length, NOTHING, 0, 0);
  }

  /** Queues a frame of two parts, the second by reference. */
  public void send(
      Worker worker, int type, byte[] head, int headLength, byte[] body, int offset, int length) {
    Channel channel = worker.channel;
    if (channel != null) {
      channel.send(type, head, headLength, body, offset, length);
      worker.unflushed = true;
    }
  }

  /** Queues a frame for a worker's ring, in two parts, the second by reference. */
  public void sendTask(
      Worker worker, int type, byte[] head, int headLength, byte[] body, int offset, int length) {
    RingChannel rings = worker.rings;
    if (rings != null) {
      rings.send(type, head, headLength, body, offset, length);
      worker.mustWake |= type == ToWorker.CHUNK; // for nothing else needs it be woken
    }
  }

  /**
   * Queues a chunk whose bodies, which were queued before it, are the caller's own: once they are
   * in the ring it is decided whether they were right.
   */
  public void sendBorrowing(
      Worker worker,
      LocalJob job,
      byte[] head,
      int headLength,
      byte[] body,
      int offset,
      int length) {
    RingChannel rings = worker.rings;
    if (rings != null) {
      rings.send(
          () -> job.submission.isAwaited() ? ToWorker.CHUNK : ToWorker.WITHDRAWN,
          head,
          headLength,
          body,
          offset,
          length);
      worker.mustWake = true;
    }
  }

  /** Sends what was queued. */
  public void flush() {
    for (Worker worker : workers.values()) {
      RingChannel rings = worker.rings;
      if (rings != null && (worker.mustWake || rings.queuedBytes() > 0)) {
        flush(worker, rings);
      }
      Channel channel = worker.channel;
      if (worker.unflushed && channel != null) {
        worker.unflushed = false;
        try {
          channel.flush();
        } catch (IOException e) {
          // it is dying; its end will be seen
        }
      }
    }
  }

  private void flush(Worker worker, RingChannel rings) {
    try {
      rings.flush(worker.mustWake);
      worker.mustWake &= rings.queuedBytes() > 0;
      isSound(worker);
    } catch (IOException | InternalError e) {
      broke(worker, e);
    }
  }

  // ------------------------------------------------------------------ rings

  /**
   * Takes in what the workers have put in their rings.
   *
   * @return whether there was anything
   */
  public boolean poll() {
    for (Worker worker : workers.values()) { // all, before anything is made of what one has sent
      RingChannel rings = worker.rings;
      worker.hasInput = rings != null && looksReady(rings) && isSound(worker);
    }
    boolean some = false;
    for (Worker worker : workers.values()) {
      if (worker.hasInput) {
        try {
          some |= takeIn(worker);
        } catch (IOException | InternalError e) {
          broke(worker, e);
        }
      }
    }
    return some;
  }

  /** Takes in what is there, within bounds, so that one worker holds up no other. */
  private boolean takeIn(Worker worker) throws IOException {
    RingChannel rings = worker.rings;
    boolean some = false;
    for (int i = 0; i < MAX_READS && rings != null && receive(worker, rings); i++) {
      some = true;
      worker.received++;
      listener.results(worker, rings.frames());
      rings = worker.rings;
    }
    return some;
  }

  private boolean receive(Worker worker, RingChannel rings) throws IOException {
    boolean received = true;
    try {
      received = rings.receive();
    } catch (OutOfMemoryError e) { // for a large frame
      engine.reserve().release();
      if (!rings.skipFrame()) {
        listener.withoutMemory(worker); // what has come stays in the ring until the next look
        return false;
      }
    }
    return isSound(worker) && received;
  }

  /** Takes in all that is there. */
  private void takeInAll(Worker worker) throws IOException {
    while (takeIn(worker)) {
      // until the ring is empty; a worker can't fill it as fast as it is read for long
    }
  }

  /** Whether there is something to do for a worker's rings, or to be found out about them. */
  private static boolean looksReady(RingChannel rings) {
    try {
      return rings.isReady();
    } catch (InternalError e) {
      return true;
    }
  }

  /** Tells whether there is something in a ring, or room for what waits to be sent. */
  public boolean hasInput() {
    for (Worker worker : workers.values()) {
      if (worker.rings != null && looksReady(worker.rings)) {
        return true;
      }
    }
    return false;
  }

  /** Has the workers ring when there is something to do: false if there is now. */
  public boolean sleep() {
    boolean nothing = true;
    for (Worker worker : workers.values()) {
      RingChannel rings = worker.rings;
      if (rings != null && worker.isAlive()) {
        nothing &= sleep(worker, rings);
      }
    }
    return nothing;
  }

  private boolean sleep(Worker worker, RingChannel rings) {
    try {
      boolean nothing = rings.sleep();
      if (!isSound(worker)) {
        return true;
      }
      if (nothing && worker.channel != null && rings.mustNudge()) {
        worker.channel.send(ToWorker.NUDGE, NOTHING, 0);
        worker.channel.flush();
      }
      return nothing;
    } catch (IOException | InternalError e) {
      broke(worker, e);
      return true;
    }
  }

  /** Has no worker ring any more. */
  public void awake() {
    for (Worker worker : workers.values()) {
      RingChannel rings = worker.rings;
      if (rings != null) {
        try {
          rings.awake();
          isSound(worker);
        } catch (InternalError e) {
          broke(worker, e);
        }
      }
    }
  }

  /** A socket and the worker at its other end, once that has proved itself. */
  private static final class Connection {

    private @Nullable Channel channel;
    private @Nullable Worker worker;

    /** What the channel has become, if it is a bell's. */
    private @Nullable Bell bell;

    Channel channel() {
      if (channel == null) {
        throw new IllegalStateException("a connection without a channel");
      }
      return channel;
    }
  }
}
