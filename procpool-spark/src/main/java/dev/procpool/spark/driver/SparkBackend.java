package dev.procpool.spark.driver;

import dev.procpool.PoolBrokenException;
import dev.procpool.PoolEvent;
import dev.procpool.PoolObserver;
import dev.procpool.PoolStats;
import dev.procpool.PoolTerminatedException;
import dev.procpool.RunningItem;
import dev.procpool.Shared;
import dev.procpool.WorkerExit;
import dev.procpool.WorkerInfo;
import dev.procpool.WorkerLog;
import dev.procpool.WorkerOutput;
import dev.procpool.guard.SafeLog;
import dev.procpool.local.CallEncoder;
import dev.procpool.local.DataOptions;
import dev.procpool.spark.slots.SlotItem;
import dev.procpool.spark.slots.SlotKey;
import dev.procpool.spark.slots.SlotScheduler;
import dev.procpool.spark.wire.Daemons;
import dev.procpool.spark.wire.ExecutorSettings;
import dev.procpool.spark.wire.Items;
import dev.procpool.spark.wire.Rpc;
import dev.procpool.spark.wire.ToExecutor;
import dev.procpool.spark.wire.Wire;
import dev.procpool.spi.Backend;
import dev.procpool.spi.BackendStats;
import dev.procpool.spi.Nanos;
import dev.procpool.spi.Submission;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rpc.RpcCallContext;
import org.apache.spark.rpc.RpcEndpointRef;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerApplicationEnd;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.jspecify.annotations.Nullable;
import scala.concurrent.Future;

/**
 * Runs calls on the executors of a Spark context. Tasks of Spark's hold slots, ask for items by
 * Spark's own messages, and have worker processes of their executor run them.
 *
 * <pre>
 * state     is left when
 * open      shutdown or terminate → closing; no slot is to be had, the context stops → broken
 * broken    as if terminated, but calls fail with what broke it; terminate → closing
 * closing   its last call has ended → ending
 * ending    executors have ended their workers, slots are given back → ended
 * </pre>
 *
 * <p>Thread-safe. One lock guards the state of the backend, its calls, slots and executors.
 */
public final class SparkBackend implements Backend {

  /** How long the end waits for slots that don't say that they have ended. */
  private static final long SLOT_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final long TICK_MILLIS = 100;
  private static final long END_SECONDS = 90;
  private static final long RELEASE_SECONDS = 40;

  private final String name;
  private final JavaSparkContext context;
  private final IntFunction<byte[]> options;
  private final Sinks sinks;
  private final ExecutorSettings settings;
  private final Broadcasts broadcasts;
  private final CallEncoder encoder;
  private final PoolNews news;
  private final ExecutorService threads;
  private final ScheduledExecutorService timer;
  private final RpcEndpointRef endpoint;
  private final SparkListener listener;
  private final SlotJobs jobs;
  private final ReentrantLock lock = new ReentrantLock();

  /** All slots were given back. */
  private final Condition free = lock.newCondition();

  private final CountDownLatch ended = new CountDownLatch(1);

  // ---- guarded by the lock

  private final Executors executors;
  private final SlotMessages messages;
  private final SlotScheduler<DriverItem> scheduler;
  private final DriverCalls calls;
  private final DriverOutcomes outcomes;
  private final SlotWatch watch;
  private boolean isClosing;
  private boolean isBroken;
  private boolean isTerminated;
  private boolean isEnding;

  /**
   * Makes one, which takes no slot before its first call.
   *
   * @param name the pool's name
   * @param context where it runs
   * @param workers how many workers there are at most
   * @param data how values are written and read
   * @param options gives the options of a worker's number, encoded
   * @param output takes lines that workers print; null if they stay in the executors' own output
   * @param logs takes what workers log; null if it is not forwarded
   * @param executorTimeout how long to wait for an executor
   */
  public SparkBackend(
      String name,
      JavaSparkContext context,
      int workers,
      DataOptions<?> data,
      IntFunction<byte[]> options,
      @Nullable WorkerOutput output,
      @Nullable Consumer<? super WorkerLog> logs,
      Duration executorTimeout) {
    this.name = name;
    this.context = context;
    this.options = options;
    this.news = new PoolNews(name);
    this.threads =
        java.util.concurrent.Executors.newCachedThreadPool(
            Daemons.named("procpool-" + name + "-driver"));
    this.broadcasts = new Broadcasts(context, threads, this::sharedDropped);
    this.encoder = new CallEncoder(data, broadcasts);
    this.sinks = new Sinks(output, logs, threads);
    this.settings =
        new ExecutorSettings(name, encoder.actions(), sinks.takesOutput(), sinks.takesLogs());
    this.timer =
        java.util.concurrent.Executors.newSingleThreadScheduledExecutor(
            Daemons.named("procpool-" + name + "-timer"));
    String endpointName = "procpool-" + name + "-" + Long.toHexString(System.nanoTime());
    this.jobs = new SlotJobs(context, endpointName, new JobNews());
    this.executors = new Executors(threads);
    this.messages = new SlotMessages(executors, jobs);
    this.scheduler = new SlotScheduler<>(workers, messages);
    this.calls = new DriverCalls(name, lock, scheduler, executors, encoder, timer, this::endIfIdle);
    this.outcomes = new DriverOutcomes(lock, scheduler, timer, news, calls);
    this.watch = new SlotWatch(executorTimeout);
    this.endpoint = Rpc.open(endpointName, new DriverNews(this, threads)::receive);
    this.listener = new Listener();
    context.sc().addSparkListener(listener);
    timer.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  private static long now() {
    return System.nanoTime();
  }

  private void locked(Runnable change) {
    lock.lock();
    try {
      change.run();
    } finally {
      lock.unlock();
    }
  }

  // ---------------------------------------------------------------- calls

  @Override
  public void submit(Submission<?, ?> submission) {
    calls.begin(submission);
  }

  @Override
  public void cancel(Submission<?, ?> submission, boolean interruptRunning) {
    calls.cancel(submission, interruptRunning);
  }

  @Override
  public <T extends @Nullable Object> Shared<T> share(T value) {
    return encoder.share(value);
  }

  // ---------------------------------------------------------------- what executors say

  ExecutorSettings settings() {
    return settings;
  }

  CallEncoder encoder() {
    return encoder;
  }

  DriverOutcomes outcomes() {
    return outcomes;
  }

  @Nullable DriverCall<?, ?> call(long number) {
    lock.lock();
    try {
      return calls.get(number);
    } finally {
      lock.unlock();
    }
  }

  void hello(String executor, RpcEndpointRef agent, String host) throws IOException {
    lock.lock();
    try {
      if (isEnding) {
        throw new IOException("pool '" + name + "' has ended");
      }
      executors.add(executor, agent, host);
    } finally {
      lock.unlock();
    }
  }

  /** A slot asks for work. */
  void asks(SlotKey key, long number, RpcCallContext reply) {
    locked(
        () -> {
          watch.began();
          if (messages.asked(key, number, reply)) {
            boolean isKnown = executors.get(key.executor()) != null;
            if (!isKnown || scheduler.slot(key) == null && (isEnding || !jobs.isOpen(key))) {
              messages.leave(key); // nobody counts with it any more
            } else {
              scheduler.asks(key, now());
            }
            signalIfEmpty();
          }
        });
  }

  @Nullable ReportOrder reports(String executor) {
    lock.lock();
    try {
      Executors.Known known = executors.get(executor);
      return known == null ? null : known.reports();
    } finally {
      lock.unlock();
    }
  }

  void happened(String executor, PoolEvent event) {
    lock.lock();
    try {
      if (event instanceof PoolEvent.WorkerStart start) {
        executors.workerStarted(executor, start.worker());
      } else if (event instanceof PoolEvent.WorkerGone gone) {
        executors.workerEnded(executor, gone.worker());
      }
      news.happened(event, call -> calls.named(call.number()));
    } finally {
      lock.unlock();
    }
  }

  void printed(WorkerOutput.Line line) {
    sinks.printed(Items.of(line, this::labelled));
  }

  void logged(WorkerLog log) {
    sinks.logged(Items.of(log, this::labelled));
  }

  /** Executors know calls by their number alone. */
  private RunningItem labelled(RunningItem item) {
    lock.lock();
    try {
      return new RunningItem(
          item.call(), calls.named(item.call()).label(), item.index(), item.attempt());
    } finally {
      lock.unlock();
    }
  }

  byte[] options(int worker) {
    return options.apply(worker);
  }

  Broadcasts broadcasts() {
    return broadcasts;
  }

  private void sharedDropped(String key) {
    byte[] message = Wire.message(ToExecutor.DROP_SHARED, out -> out.writeUTF(key));
    locked(() -> executors.agents().forEach(agent -> Rpc.send(agent, message)));
  }

  // ---------------------------------------------------------------- what Spark says

  private final class JobNews implements SlotJobs.News {

    @Override
    public void ended(long job, @Nullable Throwable failure) {
      Optional<String> end;
      lock.lock();
      try {
        scheduler.expire(key -> key.job() == job, now()); // what they have ends
        signalIfEmpty();
        end = watch.failed(failure);
      } finally {
        lock.unlock();
      }
      end.ifPresent(text -> broken(text, failure));
    }

    @Override
    public void refused(Throwable why) {
      broken(
          context.sc().isStopped()
              ? "its Spark context was stopped"
              : "Spark takes no job of it: " + why,
          why);
    }
  }

  private final class Listener extends SparkListener {

    @Override
    public void onExecutorRemoved(SparkListenerExecutorRemoved event) {
      String executor = event.executorId();
      ReportOrder reports = reports(executor);
      Runnable lost =
          () -> lostExecutor(executor, "executor " + executor + " was lost: " + event.reason());
      if (reports == null) {
        threads.execute(lost);
      } else {
        reports.after(lost); // what it has reported is not lost
      }
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd event) {
      if (event.taskInfo() != null && !event.taskInfo().successful()) {
        long attempt = event.taskInfo().taskId();
        String why = "its task was ended by Spark: " + event.reason();
        ReportOrder reports = reports(event.taskInfo().executorId());
        if (reports != null) {
          reports.after(() -> lostTask(attempt, why));
        }
      }
    }

    @Override
    public void onApplicationEnd(SparkListenerApplicationEnd event) {
      threads.execute(() -> broken("its Spark context was stopped", null));
    }
  }

  /** An executor is gone, with its slots and the items that they had. */
  private void lostExecutor(String executor, String why) {
    List<Runnable> reports = new ArrayList<>();
    locked(
        () -> {
          scheduler.keys(key -> key.executor().equals(executor)).forEach(messages::lost);
          reports.addAll(reports(scheduler.lostExecutor(executor, now()), executor, why));
          executors.lost(executor);
          signalIfEmpty();
        });
    report(reports);
  }

  /** An attempt at a task is gone, with its slot if it held one and the items that this had. */
  private void lostTask(long attempt, String why) {
    List<Runnable> reports = new ArrayList<>();
    locked(
        () -> {
          for (SlotKey key : scheduler.keys(each -> each.attempt() == attempt)) {
            messages.lost(key);
            List<SlotItem<DriverItem>> left = scheduler.lostSlot(key, now());
            if (!left.isEmpty()) {
              release(key.executor(), left.get(0).worker()); // it runs them still
            }
            reports.addAll(reports(left, key.executor(), why));
          }
          signalIfEmpty();
        });
    report(reports);
  }

  /** What is to be reported, without the lock, of items that an executor's workers had. */
  private List<Runnable> reports(List<SlotItem<DriverItem>> left, String executor, String why) {
    List<Runnable> reports = new ArrayList<>();
    for (SlotItem<DriverItem> item : left) {
      WorkerExit exit = exit(executors.worker(item.worker(), executor), why);
      reports.add(() -> outcomes.lost(item.payload(), exit));
    }
    return reports;
  }

  private static void report(List<Runnable> reports) {
    for (Runnable report : reports) {
      try {
        report.run();
      } catch (RuntimeException | Error e) { // each of the others is to have its outcome
        SafeLog.log(System.Logger.Level.ERROR, "a lost item can't be reported", e);
      }
    }
  }

  /** Ends a worker, whose number is free once it has ended. */
  private void release(String executor, int worker) {
    Executors.Known of = executors.get(executor);
    byte[] message = Wire.message(ToExecutor.RELEASE, out -> out.writeInt(worker));
    List<Future<byte[]>> told =
        of == null ? List.of() : List.of(Rpc.ask(of.agent(), message, null, RELEASE_SECONDS));
    threads.execute(
        () -> {
          Executors.awaitAll(told, RELEASE_SECONDS);
          locked(() -> scheduler.ended(worker, now()));
        });
  }

  private static WorkerExit exit(PoolEvent.Worker worker, String why) {
    return new WorkerExit(
        worker.pid(),
        worker.host(),
        -1,
        WorkerExit.Reason.KILLED,
        null,
        List.of("procpool: " + why),
        null,
        List.of());
  }

  private void tick() {
    try {
      jobs.look();
      Optional<String> failure;
      lock.lock();
      try {
        scheduler.tick(now());
        signalIfEmpty();
        failure = watch.look(executors.isEmpty(), jobs.isWanted(), now());
      } finally {
        lock.unlock();
      }
      failure.ifPresent(why -> broken(why, null));
    } catch (Throwable e) { // it must go on
      SafeLog.log(
          System.Logger.Level.WARNING, "pool '" + name + "' could not look at its slots", e);
    }
  }

  /** Nothing can be run any more. */
  void broken(String why, @Nullable Throwable cause) {
    PoolBrokenException failure =
        new PoolBrokenException("pool '" + name + "' is broken: " + why, cause);
    lock.lock();
    try {
      if (isBroken || isEnding || isTerminated) {
        return;
      }
      isBroken = true;
      news.broken(failure);
    } finally {
      lock.unlock();
    }
    calls.abortAll(failure);
  }

  @Override
  public boolean isBroken() {
    lock.lock();
    try {
      return isBroken;
    } finally {
      lock.unlock();
    }
  }

  // ---------------------------------------------------------------- workers

  @Override
  public List<WorkerInfo> workers() {
    return new WorkerSurvey(lock, executors, calls)
        .ask().stream().map(PoolStats.Worker::info).toList();
  }

  @Override
  public BackendStats stats() {
    List<PoolStats.Worker> all = new WorkerSurvey(lock, executors, calls).ask();
    lock.lock();
    try {
      return new BackendStats(scheduler.target(), all, -1, -1);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void observe(PoolObserver whom) {
    locked(() -> news.observe(whom));
  }

  @Override
  public void resize(int number) {
    locked(() -> scheduler.resize(number, now()));
  }

  @Override
  public void prestart() {
    locked(() -> scheduler.prestart(now()));
  }

  // ---------------------------------------------------------------- the end

  @Override
  public void shutdown() {
    locked(
        () -> {
          isClosing = true;
          endIfIdle();
        });
  }

  @Override
  public void terminate() {
    locked(
        () -> {
          isTerminated = true;
          isClosing = true;
        });
    calls.abortAll(new PoolTerminatedException("pool '" + name + "' was terminated"));
    locked(this::endIfIdle);
  }

  /** With the lock. */
  private void endIfIdle() {
    if (isClosing && calls.isEmpty() && !isEnding) {
      isEnding = true;
      boolean atOnce = isTerminated || isBroken;
      threads.execute(() -> endAll(atOnce));
    }
  }

  private void endAll(boolean atOnce) {
    byte[] message = Wire.message(ToExecutor.END, out -> out.writeBoolean(atOnce));
    List<Future<byte[]>> asked = new ArrayList<>();
    locked(
        () -> {
          scheduler.end(now());
          for (RpcEndpointRef agent : executors.agents()) {
            asked.add(Rpc.ask(agent, message, null, END_SECONDS));
          }
        });
    Executors.awaitAll(asked, END_SECONDS);
    awaitSlots();
    quietly(jobs::close);
    quietly(() -> context.sc().removeSparkListener(listener));
    quietly(() -> Rpc.close(endpoint));
    quietly(encoder::close);
    timer.shutdownNow();
    locked(news::terminated);
    ended.countDown();
    threads.shutdown();
  }

  /** Spark may have ended before, or end just now. */
  private void quietly(Runnable step) {
    try {
      step.run();
    } catch (Throwable e) { // Scala throws what it does not declare
      SafeLog.log(System.Logger.Level.DEBUG, "at the end of pool '" + name + "'", e);
    }
  }

  private void signalIfEmpty() {
    if (isEnding && scheduler.isEmpty()) {
      free.signalAll();
    }
  }

  /** Waits until all slots were given back, which they are as soon as their workers are gone. */
  private void awaitSlots() {
    long left = SLOT_NANOS;
    lock.lock();
    try {
      while (!scheduler.isEmpty() && left > 0) {
        left = free.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean awaitTermination(Duration timeout) throws InterruptedException {
    return ended.await(Nanos.of(timeout), TimeUnit.NANOSECONDS);
  }
}
