package dev.procpool.local.fleet;

import dev.procpool.channel.Bell;
import dev.procpool.channel.Channel;
import dev.procpool.channel.FrameReader;
import dev.procpool.codec.ByteOutput;
import dev.procpool.local.engine.Engine;
import dev.procpool.local.fleet.Worker.State;
import dev.procpool.local.launch.WorkerProperties;
import dev.procpool.local.settings.LogBridges;
import dev.procpool.local.settings.PoolSettings;
import dev.procpool.local.settings.ResultLimit;
import dev.procpool.protocol.Hello;
import dev.procpool.protocol.ProtocolException;
import dev.procpool.protocol.ToParent;
import dev.procpool.protocol.ToWorker;
import dev.procpool.protocol.WorkerConfig;
import dev.procpool.spi.Nanos;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Where workers come in: takes connections of strangers, finds out by their first frame whose they
 * are, tells a worker that has both of its connections what it is to be, and reads what it says on
 * its socket from then on.
 *
 * <p>Owned by the engine's thread.
 */
public final class Reception {

  /** Limit for connections that have not said hello. */
  private static final int MAX_HELLO_BYTES = 1024;

  /** Room for a stack or log record, the largest that a worker sends on its socket. */
  private static final int MAX_CONTROL_BYTES = 5 * 1024 * 1024;

  /** Room in the ring for more than the result: the place of its item, say. */
  private static final long MORE_THAN_RESULT_BYTES = 1024 * 1024;

  /** Connections that have not said hello, beyond two for each worker. */
  private static final int MOST_STRANGERS = 64;

  private final PoolSettings settings;
  private final Engine engine;
  private final Roster roster;
  private final Trust trust;
  private final Lines lines;
  private final Fleet fleet;
  private final Fleet.Listener listener;
  private final ResultLimit resultLimit;
  private final List<Channel> strangers = new ArrayList<>();

  Reception(
      PoolSettings settings,
      Engine engine,
      Roster roster,
      Trust trust,
      Lines lines,
      Fleet fleet,
      Fleet.Listener listener) {
    this.settings = settings;
    this.engine = engine;
    this.roster = roster;
    this.trust = trust;
    this.lines = lines;
    this.fleet = fleet;
    this.listener = listener;
    this.resultLimit = ResultLimit.of(settings.codecs().maxPayload());
  }

  /** Takes a connection; whose it is, its first frame must tell. */
  public void accepted(SocketChannel socket) {
    try {
      Connection connection = new Connection();
      connection.channel = new Channel(socket, engine.selector(), connection, MAX_HELLO_BYTES);
      strangers.add(connection.channel);
      if (strangers.size() > MOST_STRANGERS + 2 * roster.size()) {
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
      Worker worker = connection.worker;
      if (worker != null) {
        trust.shutOff(worker, e);
      }
    }
  }

  private void receive(Connection connection, Channel channel) throws IOException {
    boolean received = channel.receive();
    Worker worker = connection.worker;
    if (channel.isEnded()) {
      if (worker != null) {
        worker.ending().begin(engine.now());
      } else if (!received) { // one that only looked who listens
        channel.close();
        strangers.remove(channel);
      }
    }
    if (!received) {
      return;
    }
    if (worker != null) {
      lines.takeInAll(worker); // what it said on the socket may refer to results before
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

  /** Reads what a worker that is gone has said on its socket. */
  void readRemains(Worker worker) throws IOException {
    Channel channel = worker.line().channel();
    while (channel != null && channel.receive()) {
      while (!channel.isEnded() && channel.frames().next()) {
        handle(worker, channel.frames());
      }
    }
  }

  // ------------------------------------------------------------------ hello

  private void handshake(Connection connection, Channel channel, FrameReader frame)
      throws ProtocolException {
    strangers.remove(channel);
    boolean isBell = frame.type() == ToParent.HELLO_BELL;
    if (frame.type() != ToParent.HELLO && !isBell) {
      throw new ProtocolException("a stranger's first frame is of type " + frame.type());
    }
    Hello hello = Hello.read(ByteBuffer.wrap(frame.array(), frame.offset(), frame.length()));
    Worker worker = roster.find(hello.launch());
    if (worker == null
        || worker.state() != State.STARTING
        || (isBell ? worker.line().hasBell() : worker.line().hasChannel())
        || !hello.proves(worker.token())) {
      throw new ProtocolException("a stranger has no valid token");
    }
    if (hello.version() != Hello.VERSION) {
      worker.note("the worker runs another version of procpool than its pool");
      throw new ProtocolException("a worker of protocol version " + hello.version());
    }
    if (isBell) {
      Bell bell = channel.toBell();
      connection.bell = bell;
      worker.line().bell(bell);
    } else {
      connection.worker = worker;
      worker.line().channel(channel);
      channel.frames().limit(MAX_CONTROL_BYTES);
    }
    introduce(worker);
  }

  /** Once a worker has both its connections, tells it what it needs to begin. */
  void introduce(Worker worker) {
    if (!worker.line().isComplete() || worker.state() != State.STARTING) {
      return;
    }
    CompletableFuture<LogBridges> bridges = settings.insight().logs().bridges();
    if (!bridges.isDone()) { // rare: it takes less time than a JVM to start
      bridges.thenRun(() -> engine.execute(() -> introduce(worker)));
      return;
    }
    worker.line().openRings(resultLimit.bytes() + MORE_THAN_RESULT_BYTES);
    worker.state(State.INITIALIZING);
    worker.ending().by(0);
    ByteOutput out = new ByteOutput(256, Long.MAX_VALUE);
    new WorkerConfig(
            worker.number(),
            Nanos.of(settings.limits().gracePeriod()),
            settings.limits().maxTasksPerWorker(),
            resultLimit.bytes(),
            settings.actions().loader(),
            settings.codecs().itemCodec(),
            worker.outputKey(),
            settings.output().wantsItems(),
            settings.insight().logs().forwards(),
            WorkerProperties.of(settings, worker.number()),
            settings.actions().initializer(),
            settings.actions().finalizer())
        .write(out);
    worker.send(ToWorker.CONFIG, out.array(), out.size());
  }

  // ------------------------------------------------------------------ what workers say

  private void handle(Worker worker, FrameReader frame) throws ProtocolException {
    switch (frame.type()) {
      case ToParent.READY -> {
        checkStarting(worker);
        worker.saidReady();
        if (worker.state() == State.INITIALIZING) {
          worker.state(State.READY);
          fleet.ready(worker);
        }
      }
      case ToParent.START_FAILED -> {
        checkStarting(worker);
        worker.startFailed(frame.copy(0));
      }
      default -> listener.frame(worker, frame);
    }
  }

  private static void checkStarting(Worker worker) throws ProtocolException {
    ProtocolException.check(worker.isExpectedToStart(), "the end of a start that has ended");
  }

  /** Closes the connections of strangers. May be called again where it throws, for memory. */
  void close() {
    while (!strangers.isEmpty()) {
      strangers.remove(strangers.size() - 1).close();
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
