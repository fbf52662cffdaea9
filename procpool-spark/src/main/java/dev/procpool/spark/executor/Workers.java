package dev.procpool.spark.executor;

import dev.procpool.PoolStats;
import dev.procpool.WorkerInfo;
import dev.procpool.local.ProcessPool;
import dev.procpool.spark.wire.Chunk;
import dev.procpool.spark.wire.ExecutorSettings;
import dev.procpool.spark.wire.ToDriver;
import dev.procpool.spark.wire.Wire;
import dev.procpool.spi.Backend;
import dev.procpool.spi.EncodedActions;
import dev.procpool.spi.ItemRun;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.SparkEnv;
import org.jspecify.annotations.Nullable;

/**
 * The worker processes of an executor, each in a group of its own, so that its number is that of
 * the whole cluster, and the calls that they work for. Thread-safe: the monitor guards all fields;
 * who waits for the driver or a worker does not hold it.
 */
final class Workers {

  private static final Duration RELEASE = Duration.ofSeconds(30);
  private static final Duration END = Duration.ofMinutes(1);

  private final Agent agent;
  private final ExecutorSettings settings;
  private final Reports reports;
  private final SharedFiles shared;
  private final CallTasks tasks;
  private final ReleaseOrder releases = new ReleaseOrder();

  /** A worker: its group, who reports what happens to it, and the calls that it works for. */
  private static final class Hosted {
    final Backend backend;
    final Forwarder forwarder;

    /** Several of one number where items were taken back; guarded by the monitor of Workers. */
    final List<RemoteCall> calls = new ArrayList<>();

    Hosted(Backend backend, Forwarder forwarder) {
      this.backend = backend;
      this.forwarder = forwarder;
    }

    void awaitEnd(Duration time) throws InterruptedException {
      if (backend.awaitTermination(time)) {
        forwarder.awaitEnd();
      }
    }
  }

  /** By number. */
  private final Map<Integer, Hosted> hosted = new HashMap<>();

  /** Calls that the driver has cancelled and not forgotten: none of them begins here. */
  private final Set<Long> cancelled = new HashSet<>();

  private int parts;
  private boolean isEnded;

  Workers(Agent agent, ExecutorSettings settings, Reports reports) throws IOException {
    this.agent = agent;
    this.settings = settings;
    this.reports = reports;
    this.shared =
        new SharedFiles(
            agent::ask, SparkEnv.get().blockManager().diskBlockManager().localDirs()[0].toPath());
    this.tasks = new CallTasks(agent.executor(), agent::ask, shared::need);
  }

  // ---------------------------------------------------------------- items

  /** Has a worker run a slot's items: returns at once, or when the driver has sent their task. */
  void run(Chunk chunk, SlotWork slot) throws IOException, InterruptedException {
    for (Chunk.Item each : chunk.items()) {
      shared.need(each.shared());
    }
    while (true) {
      RemoteCall call = call(chunk.worker(), chunk.call());
      if (call == null) { // it has ended, or was cancelled before it began here
        for (Chunk.Item each : chunk.items()) {
          reports.outcome(chunk.call(), RemoteCall.cancelled(each.item()), ItemRun.UNKNOWN);
          slot.ended();
        }
        return;
      }
      if (call.add(chunk, slot)) {
        return;
      }
    }
  }

  /** A chunk could not be begun: its items that were not taken fail. */
  void refuse(Chunk chunk, SlotWork slot, Throwable why) {
    for (Chunk.Item each : chunk.items()) {
      reports.outcome(
          chunk.call(),
          RemoteCall.failed(
              each.item(),
              new IllegalStateException(
                  "it could not be begun on executor " + agent.executor() + ": " + why, why)),
          ItemRun.UNKNOWN);
      slot.ended();
    }
  }

  /** Waits until releases up to a number have begun, which the driver ordered before. */
  void awaitReleases(int upTo) throws InterruptedException {
    releases.await(upTo);
  }

  /** Has the worker of a number start. */
  void start(int number) throws IOException, InterruptedException {
    worker(number).backend.prestart();
  }

  private Hosted worker(int number) throws IOException, InterruptedException {
    Hosted known = find(number);
    if (known != null) {
      return known;
    }
    try {
      return make(number);
    } catch (IOException | RuntimeException e) {
      reports.broken("worker " + number + " can't be made: " + e);
      throw e;
    }
  }

  private synchronized @Nullable Hosted find(int number) {
    return hosted.get(number);
  }

  private synchronized List<Hosted> all() {
    return List.copyOf(hosted.values());
  }

  private synchronized List<RemoteCall> calls(Hosted worker) {
    return List.copyOf(worker.calls);
  }

  private Hosted make(int number) throws IOException, InterruptedException {
    byte[] options = agent.ask(Wire.message(ToDriver.OPTIONS, out -> out.writeInt(number)));
    synchronized (this) {
      Hosted known = hosted.get(number); // one slot alone has it
      if (known == null) {
        if (isEnded) {
          throw new IllegalStateException("pool " + settings.name() + " has ended");
        }
        known = make(number, options);
        hosted.put(number, known);
      }
      return known;
    }
  }

  private Hosted make(int number, byte[] options) {
    Forwarder forwarder = new Forwarder(reports);
    ProcessPool.Builder builder =
        ProcessPool.builder()
            .options(options)
            .actions(EncodedActions.read(settings.actions(), tasks::loader))
            .sharedFolder(shared.folder())
            .inheritJvmOptions(false)
            .inheritClassPath(false)
            .workers(1)
            .name(settings.name())
            .observer(forwarder);
    if (settings.takesOutput()) {
      builder.output(reports::printed);
    }
    if (settings.takesLogs()) {
      builder.forwardLogs(reports::logged);
    }
    return new Hosted(builder.buildBackend(number), forwarder);
  }

  /** A shared value is dropped: its file, and what workers have of it. */
  void dropShared(String key) throws IOException {
    if (shared.drop(key)) {
      all().forEach(worker -> worker.backend.dropShared(key));
    }
  }

  /** Gives the open call of a worker; null if none of that number is to begin. */
  private @Nullable RemoteCall call(int worker, long number)
      throws IOException, InterruptedException {
    synchronized (this) {
      RemoteCall open = open(worker, number);
      if (open != null || cancelled.contains(number)) {
        return open;
      }
    }
    CallTasks.Known known = tasks.get(number);
    if (known == null) {
      return null;
    }
    Hosted its = worker(worker);
    synchronized (this) {
      if (cancelled.contains(number) || !tasks.has(number)) { // or it was forgotten meanwhile
        return null;
      }
      RemoteCall made = new RemoteCall(number, ++parts, known.task(), known.limits(), reports);
      its.backend.submit(made);
      its.calls.removeIf(RemoteCall::isEnded);
      its.calls.add(made);
      return made;
    }
  }

  private @Nullable RemoteCall open(int worker, long number) {
    Hosted its = hosted.get(worker);
    for (RemoteCall call : its == null ? List.<RemoteCall>of() : its.calls) {
      if (call.isOf(number) && !call.isOver()) {
        return call;
      }
    }
    return null;
  }

  /** Hands back what has not started of the last items of a slot. */
  void handBack(SlotWork slot, int most) {
    Hosted its = find(slot.worker());
    if (its == null) {
      return;
    }
    int left = most;
    for (RemoteCall call : calls(its)) {
      if (left > 0 && call.has(slot)) {
        left -= call.handBack(slot.slot(), left);
        if (left > 0) { // the worker has the rest
          call.takeBack();
          its.backend.cancel(call, false);
        }
      }
    }
  }

  // ---------------------------------------------------------------- calls

  /** The driver stops a call: nothing of it starts here after this. */
  void cancel(long number, boolean interruptRunning) {
    synchronized (this) {
      cancelled.add(number);
    }
    for (Hosted worker : all()) {
      for (RemoteCall call : calls(worker)) {
        if (call.isOf(number)) {
          call.cancelled();
          worker.backend.cancel(call, interruptRunning);
        }
      }
    }
  }

  /** The driver knows the outcomes of all items of a call. */
  synchronized void forget(long number) {
    cancelled.remove(number);
    tasks.forget(number);
    for (Hosted worker : hosted.values()) {
      for (RemoteCall call : worker.calls) {
        if (call.isOf(number)) {
          call.end();
        }
      }
      worker.calls.removeIf(call -> call.isOf(number));
    }
  }

  // ---------------------------------------------------------------- workers

  /**
   * Ends the worker of a number.
   *
   * @param release the number of this release
   */
  void release(int release, int number) throws InterruptedException {
    Hosted its;
    synchronized (this) {
      its = hosted.remove(number);
    }
    releases.begun(release);
    if (its != null) {
      its.backend.terminate();
      its.awaitEnd(RELEASE);
    }
  }

  /** Describes the workers. */
  List<PoolStats.Worker> infos() {
    return all().stream()
        .flatMap(worker -> worker.backend.stats().workers().stream())
        .map(Workers::ofDriver)
        .toList();
  }

  /** What is known of a worker, with the driver's number of its call. */
  private static PoolStats.Worker ofDriver(PoolStats.Worker worker) {
    return new PoolStats.Worker(
        worker.info(),
        worker
            .item()
            .map(
                item ->
                    new PoolStats.Item(
                        Forwarder.ofDriver(item.call()),
                        item.index(),
                        item.attempt(),
                        item.running(),
                        item.progress())));
  }

  /** What the threads of a worker do. */
  String threadDump(int number) throws InterruptedException {
    Hosted its = find(number);
    if (its != null) {
      for (WorkerInfo worker : its.backend.workers()) {
        if (worker.number() == number) {
          return worker.threadDump();
        }
      }
    }
    return "worker " + number + " is gone";
  }

  /** Ends all workers, and waits for that. */
  void end(boolean atOnce) throws InterruptedException {
    List<Hosted> all;
    synchronized (this) {
      isEnded = true;
      all = all();
      all.forEach(worker -> worker.calls.forEach(RemoteCall::end));
    }
    for (Hosted worker : all) {
      if (atOnce) {
        worker.backend.terminate();
      } else {
        worker.backend.shutdown();
      }
    }
    for (Hosted worker : all) {
      worker.awaitEnd(END);
    }
    shared.close();
  }
}
