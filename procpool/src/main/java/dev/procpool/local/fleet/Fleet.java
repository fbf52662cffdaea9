package dev.procpool.local.fleet;

import dev.procpool.PoolBrokenException;
import dev.procpool.WorkerExit;
import dev.procpool.channel.FrameReader;
import dev.procpool.codec.Codec;
import dev.procpool.local.engine.Engine;
import dev.procpool.local.exit.CrashFile;
import dev.procpool.local.exit.ExitReport;
import dev.procpool.local.files.MemoryFiles;
import dev.procpool.local.files.PoolDirectory;
import dev.procpool.local.launch.Launcher;
import dev.procpool.local.launch.Launcher.Launched;
import dev.procpool.local.settings.PoolSettings;
import dev.procpool.process.ProcessEnd;
import dev.procpool.protocol.ItemRef;
import dev.procpool.protocol.ProtocolException;
import dev.procpool.spi.Nanos;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The pool's worker processes: how many there are to be, and the way to the parts that start them,
 * talk with them and end them.
 *
 * <pre>
 * WorkerStart → process → Reception (hello) → READY → Lines (rounds) → Kills → Ends
 *                                              Trust: who breaks what was agreed is shut off
 * </pre>
 *
 * <p>Owned by the engine's thread. Whatever blocks (starting and destroying processes, reading
 * their output) is done on threads of its own and comes back as an event.
 */
public final class Fleet implements WorkerStart.Listener {

  /** What the fleet tells its owner. */
  public interface Listener {

    /** A worker can be given items: it is ready, and no spare any more. */
    void ready(Worker worker);

    /** A worker has broken what was agreed. It is shut off, and to be {@linkplain #kill killed}. */
    void violated(Worker worker);

    /** A frame has come on the socket. */
    void frame(Worker worker, FrameReader frame) throws ProtocolException;

    /** Frames have come through the ring; takes all that are complete. */
    void results(Worker worker, FrameReader frames) throws IOException;

    /** There is no memory for reading what a worker has sent. */
    void withoutMemory(Worker worker);

    /**
     * A worker is gone, ready or not.
     *
     * @param last the item that it was at; null if nobody knows
     * @return how it ended for the item that this cost; null if it cost none
     */
    @Nullable WorkerExit gone(Worker worker, ExitReport report, @Nullable ItemRef last);

    /** The pool can't go on. */
    void broken(PoolBrokenException failure);
  }

  private final PoolSettings settings;
  private final Engine engine;
  private final Launcher launcher;
  private final WorkerNews news;
  private final Listener listener;
  private final Offspring offspring;
  private final Roster roster;
  private final Custody custody;
  private final WorkerStart starts;
  private final Kills kills;
  private final Trust trust;
  private final Lines lines;
  private final Reception reception;
  private final Ends ends;
  private final @Nullable Spares spares;
  private int indexes;

  /** How many workers there may be. Written by the engine's thread. */
  private volatile int target;

  /** How many there are to be now: grows with demand, shrinks when they are idle for long. */
  private int size;

  private boolean closed;

  /** Makes it; starts nothing. */
  public Fleet(
      PoolSettings settings,
      PoolDirectory directory,
      Engine engine,
      Launcher launcher,
      Executor threads,
      Codec codec,
      Listener listener) {
    this.settings = settings;
    this.roster = new Roster(settings.limits().firstNumber());
    this.engine = engine;
    this.launcher = launcher;
    this.news = new WorkerNews(settings.insight().observation());
    this.listener = listener;
    this.target = settings.workers();
    this.offspring = new Offspring(settings.jvm().keepsChildren(), threads, engine);
    this.starts =
        new WorkerStart(settings, directory, engine, launcher, threads, news, offspring, this);
    this.custody = new Custody(directory, starts.memoryFiles(), roster);
    this.kills = new Kills(engine, offspring, settings.jvm().archive().target() != null);
    this.trust = new Trust(roster, listener);
    this.lines = new Lines(roster, trust, engine, listener);
    this.reception = new Reception(settings, engine, roster, trust, lines, this, listener);
    this.ends =
        new Ends(
            settings, engine, launcher, threads, codec, news, roster, trust, kills, lines,
            reception, listener);
    int most = settings.limits().spareWorkers();
    this.spares = most == 0 ? null : new Spares(most, roster, ends, this, listener);
  }

  /** Removes what other pools left. Takes time. */
  public void deleteStale() {
    starts.deleteStale();
  }

  /** Makes a place where one part of the pool keeps its state of each worker. */
  public <T> PerWorker<T> perWorker() {
    return new PerWorker<>(indexes++);
  }

  /** Those there are: a live view. */
  public Collection<Worker> workers() {
    return roster.all();
  }

  /** Finds one by its id; null if it is gone. */
  public @Nullable Worker find(long id) {
    return roster.find(id);
  }

  /** Whether no worker is left, nor a process that one has started. */
  public boolean isEmpty() {
    return roster.isEmpty() && offspring.isIdle();
  }

  // ------------------------------------------------------------------ how many

  /** How many workers there may be. */
  public int target() {
    return target;
  }

  /** Changes how many workers there may be. */
  public void resize(int workersWanted) {
    target = workersWanted;
    size = Math.min(size, workersWanted);
  }

  /**
   * Gives the workers that are too many, those that are of least use first.
   *
   * @param use of how much use a worker is that is ready
   */
  public List<Worker> surplus(ToIntFunction<Worker> use) {
    int surplus = roster.alive() - size;
    if (surplus <= 0) {
      return List.of();
    }
    List<Worker> alive = new ArrayList<>(roster.all());
    alive.removeIf(worker -> !worker.isAlive() || worker.isSpare());
    alive.sort(
        Comparator.comparingInt((Worker worker) -> worker.isReady() ? use.applyAsInt(worker) : -1)
            .thenComparingInt(worker -> -worker.number()));
    return alive.subList(0, surplus);
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
    int counted = settings.insight().isDebugging() ? roster.size() : roster.taken();
    if (spares != null) {
      counted += spares.promote(size - counted);
    }
    for (int i = counted; i < size && ends.pause() == 0; i++) {
      start(false);
    }
    if (spares != null) {
      spares.keep(size > 0);
    }
  }

  void start(boolean isSpare) {
    long id = roster.newId();
    Worker worker =
        new Worker(
            id,
            roster.freeNumber(),
            offspring.mark(id),
            settings.isSandboxed(),
            Nanos.of(settings.limits().freezeLimit()));
    worker.spare(isSpare);
    roster.add(worker);
    worker
        .ending()
        .by(worker.clock().look(0, 0, engine.now()) + Nanos.of(settings.limits().startLimit()));
    starts.start(worker);
  }

  /**
   * Gives the workers that have done nothing yet and have too much of the machine, since other
   * pools were made after them.
   */
  public List<Worker> outgrown() {
    return roster.all().stream()
        .filter(worker -> worker.isAlive() && worker.itemsDone() == 0)
        .filter(worker -> launcher.hasTooMuch(worker.sharers()))
        .collect(Collectors.toList());
  }

  /** Starts no more workers: those that there are will end. */
  public void close() {
    closed = true;
    ends.close();
    custody.ending();
  }

  // ------------------------------------------------------------------ what becomes of a start

  @Override
  public void launched(Worker worker, Launched launched, MemoryFiles.Named memory) {
    worker.launched(launched);
    custody.launched();
    worker.line().memory(memory);
    ends.launched();
    news.started(worker);
    reception.introduce(worker);
    if (worker.state() == Worker.State.STOPPING) {
      kills.destroy(worker);
    }
  }

  @Override
  public void launchFailed(Worker worker, Throwable cause, String text) {
    ends.launchFailed(worker, cause, text);
  }

  /** A worker has said that it can be given items. */
  void ready(Worker worker) {
    ends.ready();
    news.ready(worker);
    if (!worker.isSpare()) {
      listener.ready(worker);
    }
  }

  @Override
  public void exited(Worker worker, int status, @Nullable CrashFile crash) {
    ends.exited(worker, status, crash);
    custody
        .look(); // now: a program that has asked which workers there are may end before the round
  }

  // ------------------------------------------------------------------ its parts

  /** Where connections come in, and what is said on them. */
  public Reception reception() {
    return reception;
  }

  /** The rounds over all workers' rings and sockets. */
  public Lines lines() {
    return lines;
  }

  /** Whether workers are believed. */
  public Trust trust() {
    return trust;
  }

  // ------------------------------------------------------------------ end

  /** Lets a worker end in good order. It must have nothing to do. */
  public void stop(Worker worker) {
    if (worker.isReady()) {
      kills.stop(worker, trust.timeOf(worker, engine.now()));
    } else if (worker.isAlive()) {
      kills.kill(worker, new Kill(Kill.Reason.TERMINATED));
    }
  }

  /**
   * Destroys a worker's process and what its tasks have started. The first reason given counts. The
   * worker gets nothing more: whoever calls this has seen to it.
   */
  public void kill(Worker worker, Kill why) {
    kills.kill(worker, why);
  }

  /**
   * Kills the workers that don't end, or don't say hello, in time.
   *
   * @return when to look again
   */
  public long round(long now) {
    custody.look();
    return ends.round(now);
  }

  /**
   * Ends everything at once, when there is no engine any more to see it end. May be called again
   * where it throws, for want of memory.
   */
  public void destroyAll() {
    for (Worker worker : roster.all()) {
      try {
        Process process = worker.process();
        if (process != null) {
          offspring.destroyHere(process);
        }
      } catch (RuntimeException | Error e) {
        // the process is tried again below, what it has started once it has ended
      }
    }
    reception.close();
    for (Worker worker : roster.all()) {
      worker.line().unlinkMemory();
      worker.line().close();
    }
    ProcessEnd.forceAll(roster.processes());
    for (Worker worker : roster.all()) {
      Process process = worker.process();
      if (process != null) {
        ends.destroyed(worker, process);
      }
    }
  }
}
