package dev.procpool.spark.driver;

import static dev.procpool.spark.driver.DriverParts.now;

import dev.procpool.PoolEvent;
import dev.procpool.WorkerExit;
import dev.procpool.guard.SafeLog;
import dev.procpool.spark.slots.SlotItem;
import dev.procpool.spark.slots.SlotKey;
import dev.procpool.spark.wire.Rpc;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.ExecutorLostFailure;
import org.apache.spark.TaskEndReason;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerApplicationEnd;
import org.apache.spark.scheduler.SparkListenerExecutorAdded;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.jspecify.annotations.Nullable;
import scala.concurrent.Future;

/**
 * Takes what Spark says of executors, tasks and jobs, and looks after slots as time goes by.
 * Thread-safe; keeps no state of its own. What Spark's listener thread says is acted on by threads
 * of the pool's, after what the executor has reported: that thread must not wait.
 */
final class SparkNews extends SparkListener implements SlotJobs.News {

  private static final long RELEASE_SECONDS = 40;

  private static final String STOPPED =
      "its Spark context was stopped. If the program did not do so, Spark did, and its own log says"
          + " why: a Master, for example, that can't be reached, has another secret, or is of"
          + " another version of Spark";

  private final JavaSparkContext context;
  private final DriverParts parts;
  private final PoolEnd end;
  private final Runnable grow;

  /**
   * Makes one.
   *
   * @param grow there may be more slots; called on a thread of the pool's
   */
  SparkNews(JavaSparkContext context, DriverParts parts, PoolEnd end, Runnable grow) {
    this.context = context;
    this.parts = parts;
    this.end = end;
    this.grow = grow;
  }

  // ---------------------------------------------------------------- jobs

  @Override
  public void ended(long job, @Nullable Throwable failure) {
    Optional<String> why;
    parts.lock().lock();
    try {
      parts.scheduler().expire(key -> key.job() == job, now()); // what they have ends
      end.slotsChanged();
      why = parts.watch().failed(failure);
    } finally {
      parts.lock().unlock();
    }
    why.ifPresent(text -> end.broken(text, failure));
  }

  @Override
  public void refused(Throwable why) {
    end.broken(context.sc().isStopped() ? STOPPED : "Spark takes no job of it: " + why, why);
  }

  // ---------------------------------------------------------------- executors and tasks

  @Override
  public void onExecutorAdded(SparkListenerExecutorAdded event) {
    parts.threads().execute(grow);
  }

  @Override
  public void onExecutorRemoved(SparkListenerExecutorRemoved event) {
    String executor = event.executorId();
    ReportOrder reports = parts.reports(executor);
    Runnable lost = () -> lostExecutor(executor, lost(executor, event.reason()));
    if (reports == null) {
      parts.threads().execute(lost);
    } else {
      reports.after(lost); // what it has reported is not lost
    }
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd event) {
    if (event.taskInfo() != null && !event.taskInfo().successful()) {
      long attempt = event.taskInfo().taskId();
      String why = why(event.reason());
      ReportOrder reports = parts.reports(event.taskInfo().executorId());
      if (reports != null) {
        reports.after(() -> lostTask(attempt, why));
      }
    }
  }

  /** In the same words, whichever of the two Spark tells first. */
  private static String why(TaskEndReason reason) {
    return reason instanceof ExecutorLostFailure lost
        ? lost(lost.execId(), lost.reason().getOrElse(() -> "Spark does not say why"))
        : "its task was ended by Spark: " + reason;
  }

  private static String lost(String executor, String why) {
    return "executor " + executor + " was lost: " + why;
  }

  @Override
  public void onApplicationEnd(SparkListenerApplicationEnd event) {
    parts.threads().execute(() -> end.broken(STOPPED, null));
  }

  // ---------------------------------------------------------------- what is lost

  /** An executor is gone, with its slots and the items that they had. */
  private void lostExecutor(String executor, String why) {
    List<Runnable> reports = new ArrayList<>();
    parts.locked(
        () -> {
          parts
              .scheduler()
              .keys(key -> key.executor().equals(executor))
              .forEach(parts.messages()::lost);
          reports.addAll(reports(parts.scheduler().lostExecutor(executor, now()), executor, why));
          parts
              .executors()
              .lost(executor)
              .forEach(worker -> parts.news().lost(worker, exit(worker.worker(), why)));
          end.slotsChanged();
        });
    report(reports);
  }

  /** An attempt at a task is gone, with its slot if it held one and the items that this had. */
  private void lostTask(long attempt, String why) {
    List<Runnable> reports = new ArrayList<>();
    parts.locked(
        () -> {
          for (SlotKey key : parts.scheduler().keys(each -> each.attempt() == attempt)) {
            parts.messages().lost(key);
            List<SlotItem<DriverItem>> left = parts.scheduler().lostSlot(key, now());
            if (!left.isEmpty()) {
              release(key.executor(), left.get(0).worker()); // it runs them still
            }
            reports.addAll(reports(left, key.executor(), why));
          }
          end.slotsChanged();
        });
    report(reports);
  }

  /** What is to be reported, without the lock, of items that an executor's workers had. */
  private List<Runnable> reports(List<SlotItem<DriverItem>> left, String executor, String why) {
    List<Runnable> reports = new ArrayList<>();
    for (SlotItem<DriverItem> item : left) {
      WorkerExit exit = exit(parts.executors().worker(item.worker(), executor), why);
      reports.add(() -> parts.outcomes().lost(item.payload(), exit));
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
    Executors.Known of = parts.executors().get(executor);
    List<Future<byte[]>> told =
        of == null
            ? List.of()
            : List.of(
                Rpc.ask(
                    of.agent(),
                    parts.executors().release(executor, worker),
                    null,
                    RELEASE_SECONDS));
    parts
        .threads()
        .execute(
            () -> {
              Executors.awaitAll(told, RELEASE_SECONDS);
              parts.locked(() -> parts.scheduler().ended(worker, now()));
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

  // ---------------------------------------------------------------- as time goes by

  /** Looks at slots and jobs: to be called every tenth of a second or so. */
  void tick() {
    try {
      parts.jobs().look();
      Optional<String> failure;
      parts.lock().lock();
      try {
        parts.scheduler().tick(now());
        end.slotsChanged();
        failure = parts.watch().look(parts.executors().isEmpty(), parts.jobs().isWanted(), now());
      } finally {
        parts.lock().unlock();
      }
      failure.ifPresent(why -> end.broken(why, null));
    } catch (Throwable e) { // it must go on
      SafeLog.log(
          System.Logger.Level.WARNING,
          "pool '" + parts.name() + "' could not look at its slots",
          e);
    }
  }
}
