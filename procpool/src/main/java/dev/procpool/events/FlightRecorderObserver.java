package dev.procpool.events;

import dev.procpool.Outcome;
import dev.procpool.OutcomeKind;
import dev.procpool.PoolEvent;
import dev.procpool.PoolObserver;
import dev.procpool.ResultTooLargeException;
import dev.procpool.TaskSerializationException;
import dev.procpool.spi.Nanos;
import java.util.Optional;
import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;

/**
 * Tells Java Flight Recorder what happens in pools. The only class that makes its events. Immutable
 * and thread-safe; called where the news arrives, since it waits for nobody and the time of an
 * event is that at which it is made.
 *
 * <p>Makes none before the recorder is in use in this JVM: loading the class of an event sets the
 * recorder up, which takes longer than all else between a pool's making and its first result.
 */
public final class FlightRecorderObserver implements PoolObserver {

  private FlightRecorderObserver() {}

  /**
   * Gives the observer.
   *
   * @return it; null where this JVM has no module {@code jdk.jfr}
   */
  public static @Nullable FlightRecorderObserver ofThisJvm() {
    // asked of the class that would use it: in a program of modules it must be resolved and read
    try {
      Class.forName("jdk.jfr.Event", false, PoolObserver.class.getClassLoader());
      return new FlightRecorderObserver();
    } catch (ClassNotFoundException | LinkageError e) {
      return null;
    }
  }

  /**
   * Tells whether the recorder is in use in this JVM.
   *
   * @return whether any event may be recorded
   */
  public static boolean isOn() {
    return FlightRecorder.isInitialized();
  }

  /**
   * Tells whether {@link #itemsEnded} would be recorded.
   *
   * @return whether it is worth calling
   */
  public boolean recordsItems() {
    return isOn() && new TaskEvent().isEnabled();
  }

  /**
   * Tells whether {@link #itemsSent} would be recorded.
   *
   * @return whether it is worth calling
   */
  public boolean recordsChunks() {
    return isOn() && new ChunkEvent().isEnabled();
  }

  @Override
  public void workerReady(PoolEvent.WorkerReady ready) {
    if (!isOn()) {
      return;
    }
    WorkerStartEvent event = new WorkerStartEvent();
    if (event.isEnabled()) {
      event.pool = ready.pool();
      event.worker = ready.worker().number();
      event.pid = ready.worker().pid();
      event.took = Nanos.of(ready.took());
      event.commit();
    }
  }

  @Override
  public void workerEnded(PoolEvent.WorkerGone gone) {
    if (!isOn()) {
      return;
    }
    WorkerEndEvent event = new WorkerEndEvent();
    if (event.isEnabled()) {
      event.pool = gone.pool();
      event.worker = gone.worker().number();
      event.pid = gone.worker().pid();
      event.how = gone.exit().map(exit -> exit.describe()).orElse(gone.why().name());
      event.items = gone.items();
      event.lived = Nanos.of(gone.lived());
      event.commit();
    }
  }

  @Override
  public void itemsSent(PoolEvent.ItemsSent items) {
    if (!isOn()) {
      return;
    }
    ChunkEvent event = new ChunkEvent();
    if (event.isEnabled()) {
      event.name(items.pool(), items.worker(), items.call(), items.firstIndex(), items.attempt());
      event.items = items.count();
      event.size = items.bytes();
      event.commit();
    }
  }

  @Override
  public void itemsEnded(PoolEvent.ItemsEnd items) {
    Optional<PoolEvent.Worker> worker = items.worker();
    if (!isOn() || worker.isEmpty()) {
      return;
    }
    String outcome = name(items.kind(), items.outcome().orElse(null));
    for (int i = 0; i < items.size(); i++) {
      task(
          items,
          worker.get(),
          items.call(),
          items.index(i),
          items.attempts(),
          outcome,
          items.runNanos(i));
    }
  }

  private static void task(
      PoolEvent of,
      PoolEvent.Worker worker,
      PoolEvent.Call call,
      long index,
      int attempt,
      String outcome,
      long nanos) {
    TaskEvent event = new TaskEvent();
    if (event.isEnabled()) {
      event.name(of.pool(), worker, call, index, attempt);
      event.outcome = outcome;
      event.ran = nanos;
      event.commit();
    }
  }

  /** The words of these events for outcomes, which are older than {@link OutcomeKind}. */
  private static String name(OutcomeKind kind, @Nullable Outcome<?> outcome) {
    return switch (kind) {
      case SUCCESS -> "VALUE";
      case FAILURE ->
          outcome instanceof Outcome.Failure<?> failure ? name(failure.error()) : "THROWN";
      case TIMED_OUT -> "TIMED_OUT";
      case WORKER_LOST -> "WorkerLost";
      case CANCELLED -> "CANCELLED";
    };
  }

  private static String name(Throwable error) {
    return error instanceof TaskSerializationException
        ? "NOT_SERIALIZABLE"
        : error instanceof ResultTooLargeException ? "TOO_LARGE" : "THROWN";
  }

  @Override
  public void itemTimedOut(PoolEvent.ItemTimeout item) {
    if (!isOn()) {
      return;
    }
    TimeoutEvent event = new TimeoutEvent();
    if (event.isEnabled()) {
      event.name(item.pool(), item.worker(), item.call(), item.index(), item.attempt());
      event.limit = Nanos.of(item.limit());
      event.ran = Nanos.of(item.ran());
      event.commit();
    }
  }

  @Override
  public void itemRetried(PoolEvent.ItemRetry item) {
    if (!isOn()) {
      return;
    }
    Outcome<?> outcome = item.outcome();
    task(
        item,
        item.worker(),
        item.call(),
        item.index(),
        outcome.attempts(),
        name(OutcomeKind.of(outcome), outcome),
        Nanos.of(outcome.duration()));
    RetryEvent event = new RetryEvent();
    if (event.isEnabled()) {
      event.name(item.pool(), item.worker(), item.call(), item.index(), outcome.attempts());
      event.why = outcome.getClass().getSimpleName();
      event.delay = Nanos.of(item.delay());
      event.commit();
    }
  }
}
