package dev.procpool.spark;

import dev.procpool.guard.SafeLog;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rpc.RpcAddress;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;

/**
 * The jobs of Spark's whose tasks hold slots for the pool. A job has as many tasks as slots were
 * missing when it was made. Thread-safe; {@code this} guards all fields.
 */
final class SlotJobs {

  private final JavaSparkContext context;
  private final String endpoint;
  private final RpcAddress driver = Rpc.here();
  private final BiConsumer<Long, String> ended;
  private final SparkListener listener;
  private final ExecutorService submitter;

  private final Map<Long, JavaFutureAction<Void>> running = new HashMap<>();

  /** The partitions of each job that have not left: they hold a slot, or wait for one. */
  private final Map<Long, Set<Integer>> open = new HashMap<>();

  private long last;
  private boolean isClosed;

  /**
   * Makes one without jobs.
   *
   * @param ended is told of a job that has ended, and why
   * @param lost is told of an executor that is gone, and why
   */
  SlotJobs(
      JavaSparkContext context,
      String endpoint,
      BiConsumer<Long, String> ended,
      BiConsumer<String, String> lost) {
    this.context = context;
    this.endpoint = endpoint;
    this.ended = ended;
    this.submitter =
        Executors.newSingleThreadExecutor(SparkBackend.daemons(endpoint + "-submitter"));
    this.listener =
        new SparkListener() {
          @Override
          public void onExecutorRemoved(SparkListenerExecutorRemoved event) {
            lost.accept(event.executorId(), event.reason());
          }
        };
    context.sc().addSparkListener(listener);
  }

  /** Has so many tasks run, if there are fewer. */
  synchronized void want(int slots) {
    int there = 0;
    for (Set<Integer> partitions : open.values()) {
      there += partitions.size();
    }
    int missing = slots - there;
    if (missing > 0 && !isClosed) {
      long job = ++last;
      Set<Integer> partitions = new HashSet<>();
      for (int i = 0; i < missing; i++) {
        partitions.add(i);
      }
      open.put(job, partitions);
      submitter.execute(() -> submit(job, missing));
    }
  }

  private void submit(long job, int tasks) {
    try {
      context.setJobGroup(endpoint, "worker processes of a procpool pool", false);
      JavaFutureAction<Void> action =
          context
              .parallelize(IntStream.range(0, tasks).boxed().toList(), tasks)
              .foreachPartitionAsync(new SlotTask(endpoint, driver.host(), driver.port(), job));
      synchronized (this) {
        running.put(job, action);
      }
    } catch (RuntimeException e) { // the context was stopped
      SafeLog.log(System.Logger.Level.WARNING, "Spark takes no job of the pool", e);
      synchronized (this) {
        open.remove(job);
      }
    }
  }

  /** A slot was given to the pool. */
  synchronized void began(SlotKey key) {
    open.computeIfAbsent(key.job(), job -> new HashSet<>()).add(key.partition());
  }

  /** A slot is given back. */
  synchronized void left(SlotKey key) {
    Set<Integer> partitions = open.get(key.job());
    if (partitions != null) {
      partitions.remove(key.partition());
    }
  }

  /** Looks which jobs have ended. */
  void look() {
    Map<Long, JavaFutureAction<Void>> done = new HashMap<>();
    synchronized (this) {
      running.forEach(
          (job, action) -> {
            if (action.isDone()) {
              done.put(job, action);
            }
          });
      done.keySet()
          .forEach(
              job -> {
                running.remove(job);
                open.remove(job);
              });
    }
    done.forEach((job, action) -> ended.accept(job, why(action)));
  }

  private static String why(JavaFutureAction<Void> done) {
    try {
      done.get();
      return "its task has ended";
    } catch (ExecutionException e) {
      return "its task was ended by Spark: " + e.getCause();
    } catch (CancellationException e) {
      return "its task was cancelled";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "its task has ended";
    }
  }

  /** Makes no more jobs, and ends those that there are. */
  void close() {
    synchronized (this) {
      isClosed = true;
      running.values().forEach(action -> action.cancel(true));
      running.clear();
      open.clear();
    }
    submitter.shutdown();
    context.sc().removeSparkListener(listener);
  }
}
