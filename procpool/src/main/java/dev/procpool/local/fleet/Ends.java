package dev.procpool.local.fleet;

import dev.procpool.WorkerExit;
import dev.procpool.channel.RunPage;
import dev.procpool.codec.Codec;
import dev.procpool.local.engine.Engine;
import dev.procpool.local.exit.CrashFile;
import dev.procpool.local.exit.ExitReport;
import dev.procpool.local.fleet.Worker.State;
import dev.procpool.local.launch.Launcher;
import dev.procpool.local.launch.WorkerCommand;
import dev.procpool.local.settings.PoolSettings;
import dev.procpool.process.ProcessEnd;
import dev.procpool.protocol.ItemRef;
import dev.procpool.spi.Nanos;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a worker's end: what it has left is read, its item and its reason are told, and
 * whether the pool goes on is decided.
 *
 * <pre>
 * a process has ended → remains read → item known → listener.gone → verdict: replace it, or the pool is broken
 * </pre>
 *
 * <p>Owned by the engine's thread.
 */
final class Ends {

  private final PoolSettings settings;
  private final Engine engine;
  private final Launcher launcher;
  private final Executor threads;
  private final Codec codec;
  private final WorkerNews news;
  private final Roster roster;
  private final Trust trust;
  private final Kills kills;
  private final Lines lines;
  private final Reception reception;
  private final Fleet.Listener listener;
  private final RestartIntensity failures;
  private final StartBackoff backoff = new StartBackoff();

  /** Whether a worker has ever been ready: then JVM and class path are right. */
  private boolean everReady;

  /** Whether no more workers are to be started. */
  private boolean isClosed;

  Ends(
      PoolSettings settings,
      Engine engine,
      Launcher launcher,
      Executor threads,
      Codec codec,
      WorkerNews news,
      Roster roster,
      Trust trust,
      Kills kills,
      Lines lines,
      Reception reception,
      Fleet.Listener listener) {
    this.settings = settings;
    this.engine = engine;
    this.launcher = launcher;
    this.threads = threads;
    this.codec = codec;
    this.news = news;
    this.roster = roster;
    this.trust = trust;
    this.kills = kills;
    this.lines = lines;
    this.reception = reception;
    this.listener = listener;
    this.failures =
        new RestartIntensity(
            settings.limits().restarts(), Nanos.of(settings.limits().restartWindow()));
  }

  void close() {
    isClosed = true;
  }

  void launched() {
    backoff.succeeded();
  }

  void ready() {
    everReady = true;
    failures.succeeded();
  }

  /** Whether a worker has ever been ready. */
  boolean wasEverReady() {
    return everReady;
  }

  /** How long to wait before the next start; 0 for not at all. */
  long pause() {
    return backoff.left(engine.now());
  }

  /** No process could be made, or it could not be told how to connect, and was ended. */
  void launchFailed(Worker worker, Throwable cause, String text) {
    if (worker.isGone()) {
      return; // that was known
    }
    Process process = worker.process();
    if (process == null) {
      roster.remove(worker);
      worker.state(State.GONE);
    } else {
      end(worker, ProcessEnd.status(process), null);
    }
    boolean isTooMuch;
    if (StartBackoff.isShortage(cause, text)) {
      backoff.failed(engine.now());
      isTooMuch = backoff.isExhausted();
    } else {
      failures.failed(engine.now());
      isTooMuch = isTooMuch();
    }
    if (!PoolFault.mayPass(settings) || isTooMuch) {
      listener.broken(PoolFault.notLaunched(settings, cause, text));
    }
  }

  /** A process has ended and its output was read. Takes what it sent before it ended. */
  void exited(Worker worker, int status, @Nullable CrashFile crash) {
    if (worker.isGone()) {
      return; // that was known
    }
    threads.execute(() -> launcher.ended(worker.id()));
    WorkerExit exit = end(worker, status, crash);
    if (exit != null && !worker.isEndMeant() && !isClosed) {
      judge(worker, exit);
    }
  }

  /**
   * Takes what a worker has left, and tells of its end.
   *
   * @return how it ended; null if that cost an item
   */
  private @Nullable WorkerExit end(Worker worker, int status, @Nullable CrashFile crash) {
    readRemains(worker);
    ItemRef last = lastItem(worker);
    roster.remove(worker);
    worker.state(State.GONE);
    worker.line().unlinkMemory();
    String violation = worker.violation();
    if (violation != null) {
      worker.stderr().add(violation); // last, so that no flood of its own words hides it
    }
    ExitReport report = report(worker, status, crash);
    WorkerExit cost = listener.gone(worker, report, last);
    WorkerExit exit = cost == null ? report.exit(null) : cost;
    news.ended(worker, exit, worker.isEndMeant());
    return cost == null ? exit : null;
  }

  /** A process was destroyed when there was no engine any more to see it end. Told once. */
  void destroyed(Worker worker, Process process) {
    if (!worker.isGone()) {
      WorkerExit exit = report(worker, ProcessEnd.status(process), null).exit(null);
      worker.state(State.GONE);
      news.ended(worker, exit, true);
    }
  }

  private ExitReport report(Worker worker, int status, @Nullable CrashFile crash) {
    return new ExitReport(
        worker.pid(),
        status,
        worker.wasReady(),
        worker.killReason() == Kill.Reason.FROZEN,
        WorkerCommand.movesJvmsWords(settings)
            ? List.of(worker.stderr(), worker.stdout())
            : List.of(worker.stderr()),
        worker.stderr(),
        crash);
  }

  /** Takes in what a dead worker has left, and closes its connections. */
  private void readRemains(Worker worker) {
    try {
      lines.takeInAll(worker);
      reception.readRemains(worker);
    } catch (IOException | InternalError e) {
      if (trust.verify(worker)) {
        worker.violated("procpool: what the worker sent last makes no sense: " + e);
      }
    } finally {
      trust.verify(worker); // told before its exit is described
      worker.line().close();
    }
  }

  /** The item that a dead worker was at, as its page says; null if nobody knows. */
  private @Nullable ItemRef lastItem(Worker worker) {
    RunPage page = worker.line().page();
    long word = 0;
    try {
      word = page == null ? 0 : page.running();
    } catch (InternalError e) { // it has taken its memory away in its last moment
    }
    trust.verify(worker);
    return worker.line().isCut() ? null : ItemRef.ofWord(word == 0 ? worker.violatedWord() : word);
  }

  /** Whether there were too many failures; those in a row only count if there is nobody to work. */
  private boolean isTooMuch() {
    return failures.isExceeded() || (failures.isExceededInARow() && !roster.hasReady());
  }

  /** A worker failed to start, or died with nothing to do: trying again may not help. */
  private void judge(Worker worker, WorkerExit exit) {
    boolean isUnknown = !worker.line().hasChannel();
    if (worker.usesArchive() && isUnknown && !worker.ending().isLate()) {
      launcher.distrustArchive();
      return; // the next one starts without it
    }
    boolean isJvmRefused = isUnknown && exit.exitCode().orElse(0) == 1;
    boolean isHopeless = worker.ending().isLate() ? !roster.hasReady() : isJvmRefused && !everReady;
    failures.failed(engine.now());
    if (!isTooMuch() && !isHopeless) {
      return;
    }
    boolean isInARow = !failures.isExceeded();
    PoolFault fault = new PoolFault(settings, worker, exit, isJvmRefused, isHopeless, isInARow);
    byte[] failure = worker.startFailure();
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
  long round(long now) {
    long next = Long.MAX_VALUE;
    Worker lost = null;
    for (Worker worker : roster.all()) { // a kill takes no worker out of it
      if (worker.ending().deadline() != 0) {
        long left = worker.ending().deadline() - trust.timeOf(worker, now);
        if (left <= 0) {
          overdue(worker);
        } else {
          next = Math.min(next, now + left);
        }
      }
      lost = kills.killAgain(worker, now) ? worker : lost;
      next = Math.min(next, worker.ending().lookAt());
    }
    Process process = lost == null ? null : lost.process();
    if (lost != null && process != null) {
      exited(lost, ProcessEnd.status(process), null); // others with the next round
    }
    long pause = backoff.left(now);
    return pause == 0 ? next : Math.min(next, now + pause);
  }

  private void overdue(Worker worker) {
    worker.note("worker " + worker.number() + " did not answer in time");
    if (worker.wasReady()) {
      kills.kill(worker, new Kill(Kill.Reason.NOT_STOPPING));
    } else {
      worker.ending().late();
      kills.kill(worker, new Kill(Kill.Reason.FROZEN));
    }
  }
}
