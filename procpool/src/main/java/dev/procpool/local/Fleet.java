package dev.procpool.local;

import dev.procpool.PoolBrokenException;
import dev.procpool.WorkerExit;
import dev.procpool.channel.Channel;
import dev.procpool.channel.FrameReader;
import dev.procpool.channel.RunPage;
import dev.procpool.codec.ByteOutput;
import dev.procpool.codec.Codec;
import dev.procpool.local.Worker.KillReason;
import dev.procpool.local.Worker.State;
import dev.procpool.protocol.FrameType;
import dev.procpool.protocol.Hello;
import dev.procpool.protocol.WorkerConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The pool's worker processes: how many there are to be, their start, their handshake, their end.
 *
 * <p>Owned by the engine's thread. Whatever blocks (starting and destroying processes, reading
 * their output) is done on threads of its own and comes back as an event.
 */
final class Fleet {

  private static final long STOP_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long HELLO_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(60);

  /** How long a process that has ended may keep its last words in the pipe. */
  private static final long OUTPUT_LIMIT_MILLIS = 1000;

  private static final byte[] NOTHING = new byte[0];

  /** What the fleet tells its owner. */
  interface Listener {

    void ready(Worker worker);

    void frame(Worker worker, FrameReader frame);

    /**
     * A worker that was ready is gone.
     *
     * @return whether that cost an item
     */
    boolean gone(Worker worker, WorkerExit exit);

    void broken(PoolBrokenException failure);
  }

  private final PoolSettings settings;
  private final PoolDirectory directory;
  private final Engine engine;
  private final Launcher launcher;
  private final Executor threads;
  private final Codec codec;
  private final Listener listener;
  private final RestartIntensity failures;
  private final Map<Long, Worker> workers = new LinkedHashMap<>();
  private final List<Channel> strangers = new ArrayList<>();

  private long lastId;

  /** How many workers there may be. */
  private int target;

  /** How many there are to be now: grows with demand, shrinks when they are idle for long. */
  private int size;

  private boolean everReady;
  private boolean closed;

  Fleet(
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
    this.listener = listener;
    this.target = settings.workers();
    this.failures = new RestartIntensity(settings.restarts(), settings.restartWindow().toNanos());
  }

  Collection<Worker> workers() {
    return workers.values();
  }

  @Nullable Worker find(long id) {
    return workers.get(id);
  }

  int target() {
    return target;
  }

  boolean isEmpty() {
    return workers.isEmpty();
  }

  /** Changes how many workers there may be. */
  void resize(int workersWanted) {
    target = workersWanted;
    size = Math.min(size, target);
  }

  /** Gives the workers that are too many, those that are of least use first. */
  List<Worker> surplus() {
    List<Worker> alive = new ArrayList<>(workers.values());
    alive.removeIf(worker -> !worker.isAlive());
    int surplus = Math.max(0, alive.size() - size);
    alive.sort((a, b) -> a.isReady() == b.isReady() ? b.number - a.number : a.isReady() ? 1 : -1);
    return alive.subList(0, surplus);
  }

  /** One worker fewer is needed. */
  void shrink() {
    size = Math.max(0, size - 1);
  }

  /** Starts workers until there are as many as could be busy, or were. */
  void grow(int demand) {
    if (closed) {
      return;
    }
    size = Math.max(size, Math.min(target, demand));
    long alive = workers.values().stream().filter(Worker::isAlive).count();
    for (; alive < size; alive++) {
      start();
    }
  }

  /** Starts no more workers. */
  void close() {
    closed = true;
  }

  // ------------------------------------------------------------------ start

  private void start() {
    BitSet taken = new BitSet();
    workers.values().stream().filter(Worker::isAlive).forEach(worker -> taken.set(worker.number));
    Worker worker = new Worker(++lastId, taken.nextClearBit(0), UUID.randomUUID().toString());
    workers.put(worker.id, worker);
    worker.endDeadline = System.nanoTime() + HELLO_LIMIT_NANOS;
    threads.execute(() -> launch(worker));
  }

  /** Off the engine's thread. */
  private void launch(Worker worker) {
    try {
      String pageName = "page-" + worker.id;
      RunPage page = RunPage.create(directory.file(pageName));
      Process process = launcher.launch(worker);
      OutputPump out = pump(worker, process, false);
      OutputPump err = pump(worker, process, true);
      engine.execute(() -> launched(worker, process, page));
      CompletableFuture<Void> silent = CompletableFuture.allOf(out.ended(), err.ended());
      process
          .onExit()
          .thenCompose(
              ended -> silent.completeOnTimeout(null, OUTPUT_LIMIT_MILLIS, TimeUnit.MILLISECONDS))
          .whenComplete((ok, failed) -> engine.execute(() -> exited(worker, process.exitValue())));
      greet(worker, process, directory.file(pageName).toString());
    } catch (IOException e) {
      engine.execute(() -> launchFailed(worker, e));
    }
  }

  /** Tells the process where to connect; what goes wrong here shows in its exit. */
  private void greet(Worker worker, Process process, String page) {
    String words =
        String.join(
                "\n", directory.socket().toString(), page, Long.toString(worker.id), worker.token)
            + "\n";
    try (var in = process.getOutputStream()) {
      in.write(words.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // it has ended already
    }
  }

  private OutputPump pump(Worker worker, Process process, boolean isError) {
    OutputTail tail = isError ? worker.stderr : worker.stdout;
    WorkerOutput output = settings.output();
    long pid = process.pid();
    Consumer<String> consumer =
        line -> {
          tail.add(line);
          output.accept(new WorkerOutput.Line(worker.number, pid, isError, line));
        };
    OutputPump pump =
        new OutputPump(isError ? process.getErrorStream() : process.getInputStream(), consumer);
    threads.execute(pump);
    return pump;
  }

  private void launched(Worker worker, Process process, RunPage page) {
    worker.process = process;
    worker.page = page;
    if (worker.state == State.STOPPING) {
      destroy(process);
    }
  }

  private void launchFailed(Worker worker, IOException e) {
    workers.remove(worker.id);
    worker.state = State.GONE;
    listener.broken(
        new PoolBrokenException(
            "a worker process of pool '"
                + settings.name()
                + "' can't be started with "
                + WorkerCommand.java(settings.javaHome())
                + ": "
                + e.getMessage()
                + ". Check javaHome, workingDirectory and the room in the temporary directory.",
            e));
  }

  // ------------------------------------------------------------------ channel

  /** Takes a connection; whose it is, its first frame must tell. */
  void accepted(SocketChannel socket) {
    try {
      Connection connection = new Connection();
      connection.channel =
          new Channel(socket, engine.selector(), connection, settings.maxPayload() + 1024 * 1024);
      strangers.add(connection.channel);
    } catch (IOException e) {
      // gone before it said a word; its process's end will be seen
    }
  }

  /** Handles a connection that can be read or written. */
  void ready(SelectionKey key) {
    Connection connection = (Connection) key.attachment();
    Channel channel = connection.channel();
    Worker worker = connection.worker;
    try {
      if (key.isWritable()) {
        channel.flush();
      }
      if (key.isReadable()) {
        receive(connection, channel);
      }
    } catch (IOException | RuntimeException e) {
      // what it sent makes no sense, or it is dying: its end will be seen, or is made
      channel.close();
      strangers.remove(channel);
      if (worker != null) {
        worker.stderr.add("procpool: the channel of worker " + worker.number + " broke: " + e);
        kill(worker, KillReason.BROKEN_CHANNEL);
      }
    }
  }

  private void receive(Connection connection, Channel channel) throws IOException {
    if (!channel.receive()) {
      return;
    }
    while (channel.frames().next()) {
      FrameReader frame = channel.frames();
      Worker worker = connection.worker;
      if (worker == null) {
        handshake(connection, channel, frame);
      } else {
        handle(worker, frame);
      }
    }
  }

  private void handshake(Connection connection, Channel channel, FrameReader frame)
      throws IOException {
    strangers.remove(channel);
    if (frame.type() != FrameType.HELLO) {
      throw new IOException("a stranger's first frame is of type " + frame.type());
    }
    Hello hello = Hello.read(ByteBuffer.wrap(frame.array(), frame.offset(), frame.length()));
    Worker worker = workers.get(hello.launch());
    if (worker == null || worker.state != State.STARTING || !hello.proves(worker.token)) {
      throw new IOException("a stranger has no valid token");
    }
    if (hello.version() != FrameType.PROTOCOL_VERSION) {
      worker.stderr.add("procpool: the worker runs another version of procpool than its pool");
      throw new IOException("a worker of protocol version " + hello.version());
    }
    connection.worker = worker;
    worker.channel = channel;
    worker.state = State.INITIALIZING;
    worker.endDeadline = 0;
    directory.remove("page-" + worker.id);
    ByteOutput out = new ByteOutput(256, Long.MAX_VALUE);
    new WorkerConfig(
            worker.number,
            settings.gracePeriod().toNanos(),
            settings.maxTasksPerWorker(),
            settings.maxPayload(),
            settings.actionsLoader(),
            settings.initializer(),
            settings.finalizer())
        .write(out);
    channel.send(FrameType.CONFIG, out.array(), out.size());
    channel.flush();
  }

  private void handle(Worker worker, FrameReader frame) {
    switch (frame.type()) {
      case FrameType.READY -> {
        if (worker.state == State.INITIALIZING) {
          worker.state = State.READY;
          worker.wasReady = true;
          everReady = true;
          listener.ready(worker);
        }
      }
      case FrameType.START_FAILED -> worker.startFailure = frame.copy(0);
      default -> listener.frame(worker, frame);
    }
  }

  // ------------------------------------------------------------------ end

  /** Lets a worker end in good order. It must have nothing to do. */
  void stop(Worker worker) {
    if (!worker.isAlive()) {
      return;
    }
    if (!worker.isReady()) {
      kill(worker, KillReason.TERMINATED);
      return;
    }
    worker.state = State.STOPPING;
    worker.endDeadline = System.nanoTime() + STOP_LIMIT_NANOS;
    send(worker, FrameType.STOP, NOTHING, 0);
  }

  /** Destroys a worker's process and what that has started. The first reason given counts. */
  void kill(Worker worker, KillReason reason) {
    if (worker.state == State.GONE) {
      return;
    }
    if (worker.killReason == null) {
      worker.killReason = reason;
    }
    worker.state = State.STOPPING;
    worker.endDeadline = 0;
    Process process = worker.process;
    if (process != null) {
      destroy(process);
    } // else when it has been launched
  }

  private void destroy(Process process) {
    threads.execute(
        () -> {
          process.descendants().forEach(ProcessHandle::destroyForcibly);
          process.destroyForcibly();
        });
  }

  /** A process has ended and its output was read. Takes what it sent before it ended. */
  private void exited(Worker worker, int status) {
    Channel channel = worker.channel;
    if (channel != null) {
      drain(worker, channel);
      channel.close();
    }
    workers.remove(worker.id);
    worker.state = State.GONE;
    directory.remove("page-" + worker.id);
    boolean frozen = worker.killReason == KillReason.FROZEN;
    WorkerExit exit =
        ExitReport.of(worker.pid(), status, worker.wasReady, frozen, worker.stdout, worker.stderr);
    boolean expected = worker.killReason != null || (worker.endDeadline != 0 && worker.wasReady);
    boolean costItem = worker.wasReady && listener.gone(worker, exit);
    if (!expected && !costItem && !closed) {
      failed(worker, exit);
    }
  }

  /** Takes in what is left in a dead worker's channel. */
  private void drain(Worker worker, Channel channel) {
    try {
      while (channel.receive()) {
        while (channel.frames().next()) {
          handle(worker, channel.frames());
        }
      }
    } catch (IOException | RuntimeException e) {
      worker.stderr.add("procpool: what the worker sent last makes no sense: " + e);
    }
  }

  /** A worker failed to start, or died with nothing to do: trying again may not help. */
  private void failed(Worker worker, WorkerExit exit) {
    boolean hopeless = !everReady && worker.channel == null && exit.exitCode().orElse(0) == 1;
    if (hopeless || failures.exceededBy(System.nanoTime())) {
      byte[] failure = worker.startFailure;
      if (failure == null) {
        listener.broken(broken(worker, exit, null));
      } else {
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        threads.execute( // decoding runs users' code
            () -> {
              Throwable cause = codec.decodeThrowable(failure, 0, failure.length, loader);
              engine.execute(() -> listener.broken(broken(worker, exit, cause)));
            });
      }
    }
  }

  private PoolBrokenException broken(Worker worker, WorkerExit exit, @Nullable Throwable cause) {
    StringBuilder text = new StringBuilder();
    text.append("the workers of pool '").append(settings.name()).append("' don't work: ");
    if (cause != null) {
      text.append("the initializer failed with ").append(cause);
    } else if (worker.wasReady) {
      text.append(exit.describe()).append(" while it had nothing to do");
    } else {
      text.append(exit.describe());
    }
    List<String> words = exit.stderrTail().isEmpty() ? worker.stdout.lines() : exit.stderrTail();
    if (!words.isEmpty()) {
      text.append(". Its last words:");
      words.forEach(line -> text.append(System.lineSeparator()).append("  ").append(line));
    }
    return new PoolBrokenException(text.toString(), cause);
  }

  /**
   * Kills the workers that don't end, or don't say hello, in time.
   *
   * @return when to look again
   */
  long round(long now) {
    long next = Long.MAX_VALUE;
    for (Worker worker : List.copyOf(workers.values())) {
      if (worker.endDeadline != 0) {
        if (worker.endDeadline - now <= 0) {
          worker.stderr.add("procpool: worker " + worker.number + " did not answer in time");
          kill(worker, worker.wasReady ? KillReason.NOT_STOPPING : KillReason.FROZEN);
        } else {
          next = Math.min(next, worker.endDeadline);
        }
      }
    }
    return next;
  }

  /** Closes the connections that have not said whose they are. */
  void closeStrangers() {
    strangers.forEach(Channel::close);
    strangers.clear();
  }

  // ------------------------------------------------------------------ frames out

  /** Queues a frame for a worker; it goes out with the next {@link #flush}. */
  void send(Worker worker, int type, byte[] payload, int length) {
    send(worker, type, payload, length, NOTHING, 0, 0);
  }

  /** Queues a frame of two parts, the second by reference. */
  void send(
      Worker worker, int type, byte[] head, int headLength, byte[] body, int offset, int length) {
    Channel channel = worker.channel;
    if (channel != null) {
      channel.send(type, head, headLength, body, offset, length);
      worker.unflushed = true;
    }
  }

  /** Sends what was queued. */
  void flush() {
    for (Worker worker : workers.values()) {
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

  /** A socket and the worker at its other end, once that has proved itself. */
  private static final class Connection {

    private @Nullable Channel channel;
    private @Nullable Worker worker;

    Channel channel() {
      if (channel == null) {
        throw new IllegalStateException("a connection without a channel");
      }
      return channel;
    }
  }
}
