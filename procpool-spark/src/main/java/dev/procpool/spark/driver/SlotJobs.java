package dev.procpool.spark.driver;

import dev.procpool.spark.executor.SlotTask;
import dev.procpool.spark.slots.SlotKey;
import dev.procpool.spark.wire.Daemons;
import dev.procpool.spark.wire.Rpc;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rpc.RpcAddress;
import org.jspecify.annotations.Nullable;

/**
 * The jobs of Spark's whose tasks hold slots for the pool. A job has as many tasks as slots were
 * missing when it was made. Thread-safe; {@code this} guards all fields.
 */
final class SlotJobs {

  /** Who is told what becomes of jobs, without a lock of ours. */
  interface News {

    /**
     * A job has ended, and with it every slot of its.
     *
     * @param failure why Spark gave it up before a slot of its asked for work; null else
     */
    void ended(long job, @Nullable Throwable failure);

    /** Spark takes no jobs. */
    void refused(Throwable why);
  }

  /** How long other slots that are missing are waited for. */
  private static final long GATHER_MILLIS = 20;

  /** Spark keeps each task that waits in memory, and more slots than one driver feeds are none. */
  private static final int MOST = 10_000;

  /** Names the pool of Spark's scheduler that a thread's jobs are in. */
  private static final String SCHEDULER_POOL = "spark.scheduler.pool";

  private final JavaSparkContext context;
  private final @Nullable String schedulerPool;
  private final String endpoint;
  private final News news;
  private final RpcAddress driver = Rpc.here();
  private final ScheduledExecutorService submitter;

  private final Map<Long, JavaFutureAction<Void>> running = new HashMap<>();

  /** The partitions of each job that have not left: they hold a slot, or wait for one. */
  private final Map<Long, Set<Integer>> open = new HashMap<>();

  /** The jobs of which a slot has asked for work: what ends them is not that none can. */
  private final Set<Long> working = new HashSet<>();

  private int there;
  private int wanted;
  private boolean isSubmitting;
  private long last;
  private boolean isClosed;

  /**
   * Makes one without jobs. They will be in the pool of Spark's scheduler that those of this thread
   * are in.
   *
   * @param endpoint the name under which slots find the pool
   * @param news is told nothing before a slot is wanted
   */
  SlotJobs(JavaSparkContext context, String endpoint, News news) {
    this.context = context;
    this.schedulerPool = context.getLocalProperty(SCHEDULER_POOL);
    this.endpoint = endpoint;
    this.news = news;
    this.submitter =
        java.util.concurrent.Executors.newSingleThreadScheduledExecutor(
            Daemons.named(endpoint + "-submitter"));
  }

  /** Has so many tasks run, if there are fewer: soon, so that a job has many. */
  synchronized void want(int slots) {
    wanted = Math.min(slots, MOST);
    if (wanted > there && !isClosed && !isSubmitting) {
      isSubmitting = true;
      submitter.schedule(
          this::submitMissing, there == 0 ? 0 : GATHER_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void submitMissing() {
    long job;
    int missing;
    synchronized (this) {
      isSubmitting = false;
      missing = wanted - there;
      if (missing <= 0 || isClosed) {
        return;
      }
      job = ++last;
      Set<Integer> partitions = new HashSet<>();
      for (int i = 0; i < missing; i++) {
        partitions.add(i);
      }
      open.put(job, partitions);
      there += missing;
    }
    submit(job, missing);
  }

  private void submit(long job, int tasks) {
    try {
      context.setJobGroup(endpoint, "worker processes of a procpool pool", false);
      context.setLocalProperty(SCHEDULER_POOL, schedulerPool); // not that of whoever called first
      JavaFutureAction<Void> action =
          context
              .parallelize(IntStream.range(0, tasks).boxed().toList(), tasks)
              .foreachPartitionAsync(new SlotTask(endpoint, driver.host(), driver.port(), job));
      synchronized (this) {
        if (!isClosed) {
          running.put(job, action);
          return;
        }
      }
      action.cancel(true);
    } catch (Throwable e) { // the context was stopped; Scala throws what it does not declare
      boolean isMissed;
      synchronized (this) {
        forget(job);
        isMissed = !isClosed;
      }
      if (isMissed) {
        news.refused(e);
      }
    }
  }

  private void forget(long job) {
    Set<Integer> partitions = open.remove(job);
    there -= partitions == null ? 0 : partitions.size();
    working.remove(job);
  }

  /** A slot asks for work. */
  synchronized void asks(SlotKey key) {
    if (open.containsKey(key.job())) {
      working.add(key.job());
    }
  }

  /** Tells whether the pool still wants a slot: its job runs, and it was not given back. */
  synchronized boolean isOpen(SlotKey key) {
    Set<Integer> partitions = open.get(key.job());
    return partitions != null && partitions.contains(key.partition());
  }

  /** A slot is given back. */
  synchronized void left(SlotKey key) {
    Set<Integer> partitions = open.get(key.job());
    if (partitions != null && partitions.remove(key.partition())) {
      there--;
    }
  }

  /** Tells whether there is work for a slot. */
  synchronized boolean isWanted() {
    return wanted > 0;
  }

  /** Looks which jobs have ended. */
  void look() {
    Map<Long, Optional<Throwable>> done = new HashMap<>();
    synchronized (this) {
      running.forEach(
          (job, action) -> {
            if (action.isDone()) {
              done.put(
                  job,
                  working.contains(job) ? Optional.empty() : Optional.ofNullable(failure(action)));
            }
          });
      for (long job : done.keySet()) {
        running.remove(job);
        forget(job);
      }
    }
    done.forEach((job, failure) -> news.ended(job, failure.orElse(null)));
  }

  /** Why Spark gave a job up that has ended; null if its tasks have ended. */
  private static @Nullable Throwable failure(JavaFutureAction<Void> done) {
    try {
      done.get();
    } catch (ExecutionException e) {
      return e.getCause() == null ? e : e.getCause();
    } catch (CancellationException e) {
      // nothing has failed
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the job has ended all the same
    }
    return null;
  }

  /** Makes no more jobs, and ends those that there are. */
  void close() {
    synchronized (this) {
      isClosed = true;
      running.values().forEach(action -> action.cancel(true));
      running.clear();
      open.clear();
      working.clear();
      there = 0;
    }
    submitter.shutdown();
  }
}
