package dev.procpool.spark.driver;

import static dev.procpool.spark.driver.DriverParts.now;

import dev.procpool.PoolObserver;
import dev.procpool.PoolStats;
import dev.procpool.Shared;
import dev.procpool.WorkerInfo;
import dev.procpool.WorkerLog;
import dev.procpool.WorkerOutput;
import dev.procpool.guard.SafeLog;
import dev.procpool.local.CallEncoder;
import dev.procpool.local.DataOptions;
import dev.procpool.spark.slots.SlotScheduler;
import dev.procpool.spark.wire.Daemons;
import dev.procpool.spark.wire.ExecutorSettings;
import dev.procpool.spark.wire.Rpc;
import dev.procpool.spark.wire.ToExecutor;
import dev.procpool.spark.wire.Wire;
import dev.procpool.spi.Backend;
import dev.procpool.spi.BackendStats;
import dev.procpool.spi.Submission;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rpc.RpcEndpointRef;
import org.jspecify.annotations.Nullable;

/**
 * Runs calls on the executors of a Spark context. Tasks of Spark's hold slots, ask for items by
 * Spark's own messages, and have worker processes of their executor run them.
 *
 * <p>Thread-safe. One lock guards the state of the pool: its calls, slots and executors, and how it
 * ends ({@code PoolEnd}).
 */
public final class SparkBackend implements Backend {

  private static final long TICK_MILLIS = 100;

  private final String name;
  private final JavaSparkContext context;
  private final CallEncoder encoder;
  private final ScheduledExecutorService timer;
  private final DriverParts parts;
  private final PoolEnd end;
  private final SparkNews spark;
  private final RpcEndpointRef endpoint;

  /** Whether nobody has named a number of workers. Written with the lock. */
  private volatile boolean followsSlots;

  /** Whether all workers are to start, those of slots that come later, too. Guarded by the lock. */
  private boolean isPrestarted;

  /**
   * Makes one, which takes no slot before its first call.
   *
   * @param name the pool's name
   * @param context where it runs
   * @param workers how many workers there are at most; 0 for one a slot, also of executors that
   *     come later
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
    ExecutorService threads =
        java.util.concurrent.Executors.newCachedThreadPool(
            Daemons.named("procpool-" + name + "-driver"));
    Broadcasts broadcasts = new Broadcasts(context, threads, this::sharedDropped);
    this.encoder = new CallEncoder(data, broadcasts);
    Sinks sinks = new Sinks(output, logs, threads);
    this.timer =
        java.util.concurrent.Executors.newSingleThreadScheduledExecutor(
            Daemons.named("procpool-" + name + "-timer"));
    // It becomes part of an address of Spark's, whatever the user calls the pool.
    String endpointName =
        "procpool-"
            + name.replaceAll("[^A-Za-z0-9_.-]", "-")
            + "-"
            + Long.toHexString(System.nanoTime());
    this.followsSlots = workers == 0;
    this.parts = parts(workers, threads, endpointName, new SlotWatch(executorTimeout), sinks);
    this.end = new PoolEnd(parts, this::close);
    this.spark = new SparkNews(context, parts, end, () -> quietly(this::grow));
    ExecutorSettings settings =
        new ExecutorSettings(name, encoder.actions(), sinks.takesOutput(), sinks.takesLogs());
    this.endpoint =
        Rpc.open(
            endpointName,
            new DriverNews(parts, end, settings, options, encoder, broadcasts)::receive);
    context.sc().addSparkListener(spark);
    grow();
    timer.scheduleWithFixedDelay(spark::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  private DriverParts parts(
      int workers, ExecutorService threads, String endpointName, SlotWatch watch, Sinks sinks) {
    ReentrantLock lock = new ReentrantLock();
    PoolNews news = new PoolNews(name);
    SlotJobs jobs = new SlotJobs(context, endpointName, new JobNews());
    Executors executors = new Executors(threads);
    SlotMessages messages = new SlotMessages(executors, jobs);
    SlotScheduler<DriverItem> scheduler = new SlotScheduler<>(Math.max(1, workers), messages);
    DriverCalls calls =
        new DriverCalls(name, lock, scheduler, executors, encoder, timer, threads, this::endIfIdle);
    DriverOutcomes outcomes = new DriverOutcomes(lock, scheduler, executors, timer, news, calls);
    return new DriverParts(
        name, lock, executors, messages, scheduler, calls, outcomes, jobs, watch, news, sinks,
        threads);
  }

  /** What jobs tell, once there is whom to tell: it is made of them. */
  private final class JobNews implements SlotJobs.News {

    @Override
    public void ended(long job, @Nullable Throwable failure) {
      spark.ended(job, failure);
    }

    @Override
    public void refused(Throwable why) {
      spark.refused(why);
    }
  }

  // ---------------------------------------------------------------- calls

  @Override
  public void submit(Submission<?, ?> submission) {
    parts.calls().begin(submission);
  }

  @Override
  public void cancel(Submission<?, ?> submission, boolean interruptRunning) {
    parts.calls().cancel(submission, interruptRunning);
  }

  @Override
  public <T extends @Nullable Object> Shared<T> share(T value) {
    return encoder.share(value);
  }

  private void sharedDropped(String key) {
    byte[] message = Wire.message(ToExecutor.DROP_SHARED, out -> out.writeUTF(key));
    parts.locked(() -> parts.executors().agents().forEach(agent -> Rpc.send(agent, message)));
  }

  // ---------------------------------------------------------------- workers

  private WorkerSurvey survey() {
    return new WorkerSurvey(parts.lock(), parts.executors(), parts.calls());
  }

  @Override
  public List<WorkerInfo> workers() {
    return survey().ask().stream().map(PoolStats.Worker::info).toList();
  }

  @Override
  public BackendStats stats() {
    List<PoolStats.Worker> all = survey().ask();
    parts.lock().lock();
    try {
      return new BackendStats(parts.scheduler().target(), all, -1, -1);
    } finally {
      parts.lock().unlock();
    }
  }

  @Override
  public void observe(PoolObserver whom) {
    parts.locked(() -> parts.news().observe(whom));
  }

  @Override
  public void resize(int number) {
    parts.locked(
        () -> {
          followsSlots = false;
          parts.scheduler().resize(number, now());
        });
  }

  /** There may be more slots than before. That there are fewer may soon be over. */
  private void grow() {
    if (!followsSlots) {
      return; // Spark is not asked for what nobody needs
    }
    int slots = ContextCheck.slots(context);
    parts.locked(
        () -> {
          if (followsSlots && slots > parts.scheduler().target()) {
            parts.scheduler().resize(slots, now());
            if (isPrestarted) {
              parts.scheduler().prestart(now());
            }
          }
        });
  }

  @Override
  public void prestart() {
    parts.locked(
        () -> {
          isPrestarted = true;
          parts.scheduler().prestart(now());
        });
  }

  // ---------------------------------------------------------------- the end

  @Override
  public void shutdown() {
    end.shutdown();
  }

  @Override
  public void terminate() {
    end.terminate();
  }

  @Override
  public boolean isBroken() {
    return end.isBroken();
  }

  @Override
  public boolean awaitTermination(Duration timeout) throws InterruptedException {
    return end.awaitTermination(timeout);
  }

  private void endIfIdle() {
    end.endIfIdle();
  }

  private void close() {
    quietly(parts.jobs()::close);
    quietly(() -> context.sc().removeSparkListener(spark));
    quietly(() -> Rpc.close(endpoint));
    quietly(encoder::close);
    timer.shutdownNow();
  }

  /** Spark may have ended before, or end just now. */
  private void quietly(Runnable step) {
    try {
      step.run();
    } catch (Throwable e) { // Scala throws what it does not declare
      SafeLog.log(System.Logger.Level.DEBUG, "Spark ends under pool '" + name + "'", e);
    }
  }
}
