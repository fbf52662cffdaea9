package dev.procpool.spark.executor;

import dev.procpool.PoolStats;
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
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

  private final Map<Integer, Backend> backends = new HashMap<>();

  /** Who reports what happens to each. */
  private final Map<Backend, Forwarder> forwarders = new IdentityHashMap<>();

  /** The calls of each worker: several of one number where items were taken back. */
  private final Map<Integer, List<RemoteCall>> calls = new HashMap<>();

  /** Calls that the driver has cancelled and not forgotten: none of them begins here. */
  private final Set<Long> cancelled = new HashSet<>();

  private int parts;
  private boolean isEnded;

  Workers(Agent agent, ExecutorSettings settings, Reports reports) throws IOException {
    this.agent = agent;
    this.settings = settings;
    this.reports = reports;
    this.shared = new SharedFiles(agent);
    this.tasks = new CallTasks(agent, shared);
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

  /** Has the worker of a number start. */
  void start(int number) throws IOException, InterruptedException {
    worker(number).prestart();
  }

  private Backend worker(int number) throws IOException, InterruptedException {
    synchronized (this) {
      Backend known = backends.get(number);
      if (known != null) {
        return known;
      }
    }
    try {
      return make(number);
    } catch (IOException | RuntimeException e) {
      reports.broken("worker " + number + " can't be made: " + e);
      throw e;
    }
  }

  private Backend make(int number) throws IOException, InterruptedException {
    byte[] options = agent.ask(Wire.message(ToDriver.OPTIONS, out -> out.writeInt(number)));
    synchronized (this) {
      Backend known = backends.get(number); // one slot alone has it
      if (known == null) {
        if (isEnded) {
          throw new IllegalStateException("pool " + settings.name() + " has ended");
        }
        known = make(number, options);
        backends.put(number, known);
      }
      return known;
    }
  }

  private Backend make(int number, byte[] options) {
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
    Backend made = builder.buildBackend(number);
    forwarders.put(made, forwarder);
    return made;
  }

  /** A shared value is dropped: its file, and what workers have of it. */
  void dropShared(String key) throws IOException {
    if (shared.drop(key)) {
      List<Backend> all;
      synchronized (this) {
        all = List.copyOf(backends.values());
      }
      all.forEach(backend -> backend.dropShared(key));
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
    Backend backend = worker(worker);
    synchronized (this) {
      if (cancelled.contains(number) || !tasks.has(number)) { // or it was forgotten meanwhile
        return null;
      }
      RemoteCall made = new RemoteCall(number, ++parts, known.task(), known.limits(), reports);
      backend.submit(made);
      List<RemoteCall> ofWorker = calls.computeIfAbsent(worker, w -> new ArrayList<>());
      ofWorker.removeIf(RemoteCall::isEnded);
      ofWorker.add(made);
      return made;
    }
  }

  private @Nullable RemoteCall open(int worker, long number) {
    for (RemoteCall call : calls.getOrDefault(worker, List.of())) {
      if (call.isOf(number) && !call.isOver()) {
        return call;
      }
    }
    return null;
  }

  /** Hands back what has not started of the last items of a slot. */
  void handBack(SlotWork slot, int most) {
    int left = most;
    for (Map.Entry<RemoteCall, Backend> each : all().entrySet()) {
      RemoteCall call = each.getKey();
      if (left > 0 && call.has(slot)) {
        left -= call.handBack(slot.slot(), left);
        if (left > 0) { // the worker has the rest
          call.takeBack();
          each.getValue().cancel(call, false);
        }
      }
    }
  }

  private synchronized Map<RemoteCall, Backend> all() {
    Map<RemoteCall, Backend> all = new LinkedHashMap<>();
    calls.forEach(
        (worker, ofWorker) -> {
          Backend backend = backends.get(worker);
          if (backend != null) {
            ofWorker.forEach(call -> all.put(call, backend));
          }
        });
    return all;
  }

  // ---------------------------------------------------------------- calls

  /** The driver stops a call: nothing of it starts here after this. */
  void cancel(long number, boolean interruptRunning) {
    synchronized (this) {
      cancelled.add(number);
    }
    all()
        .forEach(
            (call, backend) -> {
              if (call.isOf(number)) {
                call.cancelled();
                backend.cancel(call, interruptRunning);
              }
            });
  }

  /** The driver knows the outcomes of all items of a call. */
  synchronized void forget(long number) {
    cancelled.remove(number);
    tasks.forget(number);
    for (List<RemoteCall> ofWorker : calls.values()) {
      for (RemoteCall call : ofWorker) {
        if (call.isOf(number)) {
          call.end();
        }
      }
      ofWorker.removeIf(call -> call.isOf(number));
    }
  }

  // ---------------------------------------------------------------- workers

  /** Ends the worker of a number. */
  void release(int number) throws InterruptedException {
    Backend backend;
    synchronized (this) {
      backend = backends.remove(number);
      calls.remove(number);
    }
    if (backend != null) {
      backend.terminate();
      awaitEnd(backend, RELEASE);
    }
  }

  private void awaitEnd(Backend backend, Duration time) throws InterruptedException {
    Forwarder forwarder;
    boolean hasEnded = backend.awaitTermination(time);
    synchronized (this) {
      forwarder = forwarders.remove(backend);
    }
    if (hasEnded && forwarder != null) {
      forwarder.awaitEnd();
    }
  }

  /** Describes the workers. */
  List<PoolStats.Worker> infos() {
    List<Backend> all;
    synchronized (this) {
      all = List.copyOf(backends.values());
    }
    return all.stream()
        .flatMap(backend -> backend.stats().workers().stream())
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
    for (PoolStats.Worker worker : infos()) {
      if (worker.info().number() == number) {
        return worker.info().threadDump();
      }
    }
    return "worker " + number + " is gone";
  }

  /** Ends all workers, and waits for that. */
  void end(boolean atOnce) throws InterruptedException {
    List<Backend> all;
    synchronized (this) {
      isEnded = true;
      all = new ArrayList<>(backends.values());
      calls.values().forEach(ofWorker -> ofWorker.forEach(RemoteCall::end));
    }
    for (Backend backend : all) {
      if (atOnce) {
        backend.terminate();
      } else {
        backend.shutdown();
      }
    }
    for (Backend backend : all) {
      awaitEnd(backend, END);
    }
    shared.close();
  }
}
