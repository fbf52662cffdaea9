package dev.procpool.spark;

import dev.procpool.Outcome;
import dev.procpool.PoolEvent;
import dev.procpool.PoolObserver;
import dev.procpool.PoolState;
import dev.procpool.PoolStats;
import dev.procpool.PoolTerminatedException;
import dev.procpool.Shared;
import dev.procpool.WorkerExit;
import dev.procpool.WorkerInfo;
import dev.procpool.guard.SafeLog;
import dev.procpool.items.PullThread;
import dev.procpool.local.CallEncoder;
import dev.procpool.local.EncodedOutcome;
import dev.procpool.scheduler.PriorityTurns;
import dev.procpool.spi.Backend;
import dev.procpool.spi.BackendStats;
import dev.procpool.spi.ItemRun;
import dev.procpool.spi.Nanos;
import dev.procpool.spi.Submission;
import java.io.DataInputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rpc.RpcCallContext;
import org.apache.spark.rpc.RpcEndpointRef;
import org.jspecify.annotations.Nullable;
import scala.concurrent.Future;

/**
 * Runs calls on the executors of a Spark context. Tasks of Spark's hold slots, ask for items by
 * Spark's own messages, and have worker processes of their executor run them.
 *
 * <p>Thread-safe. One lock guards all state of the backend, its calls and slots. Outcomes are
 * decoded and reported without it.
 */
final class SparkBackend implements Backend {

  /** How long a slot is held though there is nothing to do. */
  private static final long LINGER_NANOS = TimeUnit.MILLISECONDS.toNanos(1000);

  /** How long the end waits for slots that don't say that they have ended. */
  private static final long SLOT_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final long TICK_MILLIS = 100;
  private static final long ASK_SECONDS = 5;
  private static final long END_SECONDS = 90;
  private static final long CANCEL_SECONDS = 2;

  private final String name;
  private final SlotJobs jobs;
  private final ExecutorSettings settings;
  private final CallEncoder encoder = new CallEncoder();
  private final ExecutorService threads;
  private final ScheduledExecutorService timer;
  private final RpcEndpointRef endpoint;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition end = lock.newCondition();

  // ---- guarded by lock

  private PoolObserver observer = new PoolObserver() {};
  private final Map<Submission<?, ?>, DriverCall<?, ?>> calls = new IdentityHashMap<>();
  private final Map<Long, DriverCall<?, ?>> byNumber = new HashMap<>();
  private final PriorityTurns<DriverCall<?, ?>> turns = new PriorityTurns<>();
  private final Map<SlotKey, Slot> slots = new LinkedHashMap<>();

  /** The agents, by executor. */
  private final Map<String, RpcEndpointRef> agents = new LinkedHashMap<>();

  private final Map<String, String> hosts = new HashMap<>();

  /** Which executor has the worker of a number, whether or not it has a slot. */
  private final Map<Integer, String> workers = new HashMap<>();

  private int target;
  private int prestart;
  private boolean shutdown;
  private boolean terminated;
  private boolean ending;
  private boolean ended;

  SparkBackend(String name, JavaSparkContext context, int target, ExecutorSettings settings) {
    this.name = name;
    this.target = target;
    this.settings = settings;
    this.threads = Executors.newCachedThreadPool(daemons("procpool-" + name + "-driver"));
    this.timer = Executors.newSingleThreadScheduledExecutor(daemons("procpool-" + name + "-timer"));
    String endpointName = "procpool-" + name + "-" + Long.toHexString(System.nanoTime());
    this.endpoint = Rpc.open(endpointName, this::receive);
    this.jobs = new SlotJobs(context, endpointName, this::slotsEnded, this::executorLost);
    timer.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Makes daemon threads of a name. */
  static ThreadFactory daemons(String name) {
    return work -> {
      Thread thread = new Thread(null, work, name, 0, false);
      thread.setDaemon(true);
      return thread;
    };
  }

  /** Does something with the lock, gives out what can be, and asks for slots. */
  private void act(Runnable change) {
    lock.lock();
    try {
      change.run();
      dispatch();
      askForSlots();
    } finally {
      lock.unlock();
    }
  }

  // ---------------------------------------------------------------- calls

  @Override
  public void submit(Submission<?, ?> submission) {
    begin(submission);
  }

  private <T extends @Nullable Object, R extends @Nullable Object> void begin(
      Submission<T, R> submission) {
    CallEncoder.Call<T, R> encoded = encoder.encode(submission.task());
    DriverCall<T, R> call = new DriverCall<>(this, submission, encoded, lock.newCondition());
    Thread puller = submission.isImmediate() ? null : new PullThread(name, call);
    boolean refused;
    lock.lock();
    try {
      refused = terminated;
      if (!refused) {
        calls.put(submission, call);
        byNumber.put(call.number(), call);
        if (puller != null) {
          call.pulledBy(puller);
        }
      }
    } finally {
      lock.unlock();
    }
    if (refused) {
      encoded.close();
      submission.abort(terminatedException());
    } else if (puller == null) {
      call.run();
    } else {
      puller.start();
    }
  }

  /** Has an item wait for a slot, once there is room: false if its call was stopped. */
  boolean enqueue(DriverCall<?, ?> call, DriverItem item) {
    lock.lock();
    try {
      if (!call.awaitRoom()) {
        return false;
      }
      if (call.add(item)) {
        join(call);
      }
      dispatch();
      askForSlots();
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void join(DriverCall<?, ?> call) {
    turns.add(call, call.submission.options().priority());
  }

  /** No more items of a call come. */
  void pulled(DriverCall<?, ?> call) {
    act(
        () -> {
          call.pulled();
          endIfOver(call);
        });
  }

  @Override
  public void cancel(Submission<?, ?> submission, boolean interruptRunning) {
    DriverCall<?, ?> call;
    List<DriverItem> left = List.of();
    List<Future<byte[]>> told = new ArrayList<>();
    lock.lock();
    try {
      call = calls.get(submission);
      if (call != null) {
        turns.remove(call);
        left = call.stop();
        byte[] message =
            Wire.message(
                Wire.CANCEL,
                out -> {
                  out.writeLong(submission.number());
                  out.writeBoolean(interruptRunning);
                });
        agents.values().forEach(agent -> told.add(Rpc.ask(agent, message, null, CANCEL_SECONDS)));
      }
    } finally {
      lock.unlock();
    }
    if (call != null) {
      for (DriverItem item : left) {
        report(call, item.last.cancelled(), ItemRun.UNKNOWN);
      }
    }
    awaitAll(told, CANCEL_SECONDS); // so that nothing starts after this
  }

  private static void awaitAll(List<Future<byte[]>> answers, long seconds) {
    boolean interrupted = false;
    for (Future<byte[]> answer : answers) {
      try {
        Rpc.await(answer, seconds);
      } catch (IOException e) {
        // it is gone, which is as good
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private <R extends @Nullable Object> void report(
      DriverCall<?, R> call, Outcome<R> outcome, ItemRun run) {
    try {
      call.attempts.report(outcome, run);
    } finally {
      act(
          () -> {
            call.reported();
            endIfOver(call);
          });
    }
  }

  // ---------------------------------------------------------------- giving out

  /** Gives slots that wait what there is. */
  private void dispatch() {
    for (Slot slot : slots.values()) {
      if (slot.waiting == null) {
        continue;
      }
      if (ending || slots.size() > target) {
        continue; // the next tick sends it away
      }
      if (slot.worker < 0) {
        slot.worker = freeNumber(slot.key.executor());
      }
      DriverCall<?, ?> call = turns.poll();
      if (call == null) {
        return;
      }
      give(call, slot);
      if (call.waiting() > 0) {
        join(call);
      }
    }
  }

  private void give(DriverCall<?, ?> call, Slot slot) {
    boolean isAlone = calls.values().stream().allMatch(each -> each == call || each.waiting() == 0);
    List<DriverItem> items = call.give(slot, Math.max(1, Math.min(target, slots.size())), isAlone);
    List<Chunk.Item> sent = new ArrayList<>(items.size());
    for (DriverItem item : items) {
      sent.add(
          new Chunk.Item(
              Chunk.item(item.index(), item.last.number(), item.bytes, item.published),
              item.limit));
    }
    Chunk chunk = new Chunk(slot.worker, call.number(), sent);
    slot.answer(Wire.message(Wire.CHUNK, chunk::write));
  }

  /** The number of a worker that no other slot has: one that the executor has already, if any. */
  private int freeNumber(String executor) {
    boolean[] taken = new boolean[target + slots.size()];
    for (Slot other : slots.values()) {
      if (other.worker >= 0 && other.worker < taken.length) {
        taken[other.worker] = true;
      }
    }
    int free = -1;
    for (int number = 0; number < taken.length; number++) {
      if (!taken[number]) {
        String owner = workers.get(number);
        if (executor.equals(owner)) {
          return number;
        } else if (free < 0 || (owner == null && workers.get(free) != null && free < target)) {
          free = number;
        }
      }
    }
    String before = workers.put(free, executor);
    RpcEndpointRef agent = before == null ? null : agents.get(before);
    if (agent != null) {
      int number = free;
      Rpc.send(agent, Wire.message(Wire.RELEASE, out -> out.writeInt(number)));
    }
    return free;
  }

  /** Has Spark run as many tasks as there is work for. */
  private void askForSlots() {
    if (ending) {
      return;
    }
    int wanted = prestart;
    for (Slot slot : slots.values()) {
      wanted += slot.held.isEmpty() ? 0 : 1;
    }
    for (DriverCall<?, ?> call : calls.values()) {
      wanted += Math.min(target, call.waiting()); // by then they may be more
    }
    jobs.want(Math.min(target, wanted));
  }

  private void tick() {
    try {
      jobs.look();
      act(this::sendIdleAway);
    } catch (Throwable e) { // it must go on
      SafeLog.log(
          System.Logger.Level.WARNING, "pool '" + name + "' could not look at its slots", e);
    }
  }

  private void sendIdleAway() {
    long now = System.nanoTime();
    int surplus = slots.size() - target;
    for (Slot slot : List.copyOf(slots.values())) {
      if (slot.waiting != null
          && (ending || surplus > 0 || now - slot.waitingSince > LINGER_NANOS)) {
        surplus--;
        leave(slot);
      }
    }
  }

  /** Ends the workers whose number is too high, unless a slot has them. */
  private void releaseSurplus() {
    for (Map.Entry<Integer, String> each : List.copyOf(workers.entrySet())) {
      int number = each.getKey();
      RpcEndpointRef agent = agents.get(each.getValue());
      if (number >= target
          && agent != null
          && slots.values().stream().noneMatch(slot -> slot.worker == number)) {
        workers.remove(number);
        Rpc.send(agent, Wire.message(Wire.RELEASE, out -> out.writeInt(number)));
      }
    }
  }

  private void leave(Slot slot) {
    slots.remove(slot.key);
    releaseSurplus();
    jobs.left(slot.key);
    slot.answer(Wire.message(Wire.LEAVE, out -> {}));
  }

  // ---------------------------------------------------------------- what executors say

  private void receive(
      byte[] message, @Nullable RpcEndpointRef sender, @Nullable RpcCallContext reply) {
    threads.execute(
        () -> {
          try {
            byte[] answer = handle(Wire.read(message), sender, reply);
            if (answer != null && reply != null) {
              reply.reply(answer);
            }
          } catch (Throwable e) { // the executor is to know
            SafeLog.log(
                System.Logger.Level.WARNING, "a message of an executor can't be handled", e);
            if (reply != null) {
              reply.sendFailure(e);
            }
          }
        });
  }

  /** Handles a message: gives the answer; null for none, or a later one. */
  private byte @Nullable [] handle(
      DataInputStream in, @Nullable RpcEndpointRef sender, @Nullable RpcCallContext reply)
      throws IOException {
    byte what = in.readByte();
    switch (what) {
      case Wire.HELLO -> {
        hello(in.readUTF(), sender, reply);
        return Wire.answer(settings::write);
      }
      case Wire.NEXT -> {
        SlotKey key = SlotKey.read(in);
        long number = in.readLong();
        takeOutcomes(in);
        next(key, number, reply);
        return null;
      }
      case Wire.OUTCOMES -> {
        takeOutcomes(in);
        return Wire.NOTHING;
      }
      case Wire.TASK -> {
        return task(in.readLong());
      }
      case Wire.CLASS -> {
        return encoder.answer(in.readUTF(), in.readAllBytes());
      }
      case Wire.EVENT -> {
        EventSender.tell(in, name, observer(), this::named);
        return Wire.NOTHING;
      }
      default -> throw new IOException("unknown message " + what);
    }
  }

  private PoolEvent.Call named(PoolEvent.Call call) {
    lock.lock();
    try {
      DriverCall<?, ?> known = byNumber.get(call.number());
      return known == null
          ? call
          : new PoolEvent.Call(call.number(), known.submission.options().label());
    } finally {
      lock.unlock();
    }
  }

  private PoolObserver observer() {
    lock.lock();
    try {
      return observer;
    } finally {
      lock.unlock();
    }
  }

  private void hello(
      String executor, @Nullable RpcEndpointRef agent, @Nullable RpcCallContext reply)
      throws IOException {
    if (agent == null || reply == null) {
      throw new IOException("an executor without an endpoint");
    }
    lock.lock();
    try {
      if (ending) {
        throw new IOException("pool '" + name + "' has ended");
      }
      agents.put(executor, agent);
      hosts.put(executor, reply.senderAddress().host());
    } finally {
      lock.unlock();
    }
  }

  private byte[] task(long number) {
    lock.lock();
    try {
      DriverCall<?, ?> call = byNumber.get(number);
      if (call == null) {
        return Wire.NOTHING;
      }
      CallLimits limits = CallLimits.of(call.submission.options());
      return Wire.answer(
          out -> {
            limits.write(out);
            out.write(call.encoded.task());
          });
    } finally {
      lock.unlock();
    }
  }

  /** A slot asks for work. */
  private void next(SlotKey key, long number, @Nullable RpcCallContext reply) {
    act(
        () -> {
          Slot slot = slots.get(key);
          if (slot == null) {
            if (ending) {
              if (reply != null) {
                reply.reply(Wire.message(Wire.LEAVE, out -> {}));
              }
              return;
            }
            slot = new Slot(key);
            slots.put(key, slot);
            jobs.began(key);
          }
          slot.waiting = reply;
          slot.waitingSince = System.nanoTime();
          if (ending) {
            leave(slot);
            end.signalAll();
            return;
          }
          byte[] known = slot.answer;
          if (number == slot.asked && known != null) {
            slot.answer(known); // the answer did not arrive
            return;
          }
          slot.asked = number;
          slot.answer = null;
          if (prestart > 0 && number == 1) {
            prestart--;
            slot.worker = freeNumber(key.executor());
            int worker = slot.worker;
            slot.answer(Wire.message(Wire.START, out -> out.writeInt(worker)));
          }
        });
  }

  private void takeOutcomes(DataInputStream in) throws IOException {
    for (int left = in.readInt(); left > 0; left--) {
      long number = in.readLong();
      EncodedOutcome.Received received = EncodedOutcome.read(in);
      DriverCall<?, ?> call;
      lock.lock();
      try {
        call = byNumber.get(number);
      } finally {
        lock.unlock();
      }
      if (call != null) {
        conclude(call, received);
      }
    }
  }

  private <R extends @Nullable Object> void conclude(
      DriverCall<?, R> call, EncodedOutcome.Received received) {
    Outcome<byte[]> raw = received.outcome();
    DriverItem item;
    lock.lock();
    try {
      item = call.took(raw);
      if (item != null && raw.attempts() > 0) {
        call.sizes.measured(Nanos.of(raw.duration()));
      }
    } finally {
      lock.unlock();
    }
    if (item == null) {
      return; // told twice, or its call was aborted
    }
    ItemRun run = DriverCall.run(item, received);
    Outcome<R> outcome = call.decode(item, raw);
    Optional<Duration> wait = call.attempts.waitBeforeNext(outcome);
    if (wait.isEmpty() || !tryAgain(call, item, outcome, run, wait.get())) {
      report(call, outcome, run);
    }
  }

  private <R extends @Nullable Object> boolean tryAgain(
      DriverCall<?, R> call, DriverItem item, Outcome<R> outcome, ItemRun run, Duration wait) {
    lock.lock();
    try {
      if (call.isStopped()) {
        return false;
      }
      call.again(item, outcome);
      PoolEvent.Worker worker = run.worker();
      observer.itemRetried(
          new PoolEvent.ItemRetry(
              name,
              Instant.now(),
              worker == null
                  ? new PoolEvent.Worker(-1, outcome.host(), outcome.workerPid())
                  : worker,
              new PoolEvent.Call(call.number(), call.submission.options().label()),
              outcome.index(),
              outcome,
              wait));
    } finally {
      lock.unlock();
    }
    Runnable due =
        () ->
            act(
                () -> {
                  if (call.isDue(item) && call.add(item)) {
                    join(call);
                  }
                });
    if (wait.isZero()) {
      due.run();
    } else {
      timer.schedule(due, Nanos.of(wait), TimeUnit.NANOSECONDS);
    }
    return true;
  }

  // ---------------------------------------------------------------- what is lost

  /** A job of Spark's has ended, and its slots with it, however they did. */
  private void slotsEnded(long job, String why) {
    List<Slot> gone = new ArrayList<>();
    lock.lock();
    try {
      slots.values().removeIf(slot -> slot.key.job() == job && gone.add(slot));
    } finally {
      lock.unlock();
    }
    gone.forEach(slot -> lost(slot, why));
    act(() -> {});
  }

  private void executorLost(String executor, String why) {
    List<Slot> gone = new ArrayList<>();
    lock.lock();
    try {
      agents.remove(executor);
      workers.values().removeIf(executor::equals);
      slots.values().removeIf(slot -> slot.key.executor().equals(executor) && gone.add(slot));
    } finally {
      lock.unlock();
    }
    gone.forEach(slot -> lost(slot, "executor " + executor + " was lost: " + why));
    act(() -> {});
  }

  private void lost(Slot slot, String why) {
    String host = hosts.getOrDefault(slot.key.executor(), "");
    WorkerExit exit =
        new WorkerExit(
            0,
            host,
            -1,
            WorkerExit.Reason.KILLED,
            null,
            List.of("procpool: " + why),
            null,
            List.of());
    List<Slot.Held> held;
    lock.lock();
    try {
      held = List.copyOf(slot.held);
    } finally {
      lock.unlock();
    }
    held.forEach(each -> lost(each.call(), each.item(), exit));
  }

  private <R extends @Nullable Object> void lost(
      DriverCall<?, R> call, DriverItem item, WorkerExit exit) {
    conclude(call, new EncodedOutcome.Received(call.lost(item, exit), ItemRun.UNKNOWN));
  }

  // ---------------------------------------------------------------- workers

  @Override
  public <T extends @Nullable Object> Shared<T> share(T value) {
    return new SharedValue<>(value);
  }

  @Override
  public List<WorkerInfo> workers() {
    return ask().stream().map(PoolStats.Worker::info).toList();
  }

  @Override
  public BackendStats stats() {
    List<PoolStats.Worker> all = ask();
    lock.lock();
    try {
      return new BackendStats(target, all, -1, -1);
    } finally {
      lock.unlock();
    }
  }

  /** Asks all executors what workers they have; an interrupt stands afterwards. */
  private List<PoolStats.Worker> ask() {
    boolean interrupted = Thread.interrupted();
    Map<RpcEndpointRef, Future<byte[]>> asked = new LinkedHashMap<>();
    Map<Long, PoolEvent.Call> named = new HashMap<>();
    lock.lock();
    try {
      byte[] question = Wire.message(Wire.WORKERS, out -> {});
      agents
          .values()
          .forEach(agent -> asked.put(agent, Rpc.ask(agent, question, null, ASK_SECONDS)));
      byNumber.forEach(
          (number, call) ->
              named.put(number, new PoolEvent.Call(number, call.submission.options().label())));
    } finally {
      lock.unlock();
    }
    List<PoolStats.Worker> all = new ArrayList<>();
    for (Map.Entry<RpcEndpointRef, Future<byte[]>> each : asked.entrySet()) {
      RpcEndpointRef agent = each.getKey();
      try {
        DataInputStream in = Wire.read(Rpc.await(each.getValue(), ASK_SECONDS));
        all.addAll(
            WorkerInfos.read(
                in,
                number -> () -> dump(agent, number),
                number ->
                    named.getOrDefault(number, new PoolEvent.Call(number, Optional.empty()))));
      } catch (IOException e) {
        // it is gone, or about to
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    all.sort(Comparator.comparingInt(worker -> worker.info().number()));
    return all;
  }

  private static String dump(RpcEndpointRef agent, int number) throws InterruptedException {
    byte[] question = Wire.message(Wire.THREADS, out -> out.writeInt(number));
    try {
      DataInputStream in =
          Wire.read(Rpc.await(Rpc.ask(agent, question, null, ASK_SECONDS), ASK_SECONDS));
      return in.readUTF();
    } catch (IOException e) {
      throw new IllegalStateException("the executor of worker " + number + " does not answer", e);
    }
  }

  @Override
  public void observe(PoolObserver whom) {
    act(() -> observer = whom);
  }

  @Override
  public void resize(int number) {
    act(
        () -> {
          target = number;
          releaseSurplus();
        });
  }

  @Override
  public void prestart() {
    act(() -> prestart = target);
  }

  // ---------------------------------------------------------------- the end

  @Override
  public void shutdown() {
    act(
        () -> {
          shutdown = true;
          endIfIdle();
        });
  }

  @Override
  public void terminate() {
    List<DriverCall<?, ?>> unfinished;
    lock.lock();
    try {
      if (terminated) {
        return;
      }
      terminated = true;
      unfinished = new ArrayList<>(calls.values());
      unfinished.forEach(DriverCall::drop);
    } finally {
      lock.unlock();
    }
    unfinished.forEach(call -> call.submission.abort(terminatedException()));
    act(
        () -> {
          unfinished.forEach(this::forget);
          turns.clear();
          slots.values().forEach(slot -> slot.held.clear());
          endIfIdle();
        });
  }

  private PoolTerminatedException terminatedException() {
    return new PoolTerminatedException("pool '" + name + "' was terminated");
  }

  private void endIfOver(DriverCall<?, ?> call) {
    if (call.isOver() && calls.containsKey(call.submission)) {
      forget(call);
      endIfIdle();
    }
  }

  private void forget(DriverCall<?, ?> call) {
    calls.remove(call.submission);
    byNumber.remove(call.number());
    call.encoded.close();
    byte[] message = Wire.message(Wire.FORGET, out -> out.writeLong(call.number()));
    agents.values().forEach(agent -> Rpc.send(agent, message));
  }

  private void endIfIdle() {
    if ((shutdown || terminated) && calls.isEmpty() && !ending) {
      ending = true;
      sendIdleAway();
      boolean atOnce = terminated;
      threads.execute(() -> endAll(atOnce));
    }
  }

  private void endAll(boolean atOnce) {
    byte[] message = Wire.message(Wire.END, out -> out.writeBoolean(atOnce));
    List<Future<byte[]>> asked = new ArrayList<>();
    lock.lock();
    try {
      agents.values().forEach(agent -> asked.add(Rpc.ask(agent, message, null, END_SECONDS)));
    } finally {
      lock.unlock();
    }
    awaitAll(asked, END_SECONDS);
    awaitSlots();
    jobs.close();
    Rpc.close(endpoint);
    timer.shutdownNow();
    encoder.close();
    lock.lock();
    try {
      ended = true;
      observer.poolChanged(
          new PoolEvent.PoolChange(name, Instant.now(), PoolState.TERMINATED, Optional.empty()));
      end.signalAll();
    } finally {
      lock.unlock();
    }
    threads.shutdown();
  }

  /** Waits until all slots were given back, which they are as soon as their workers are gone. */
  private void awaitSlots() {
    long left = SLOT_NANOS;
    lock.lock();
    try {
      while (!slots.isEmpty() && left > 0) {
        left = end.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean awaitTermination(Duration timeout) throws InterruptedException {
    long left = Nanos.of(timeout);
    lock.lockInterruptibly();
    try {
      while (!ended) {
        if (left <= 0) {
          return false;
        }
        left = end.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }
}
