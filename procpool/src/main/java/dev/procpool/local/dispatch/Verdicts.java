package dev.procpool.local.dispatch;

import dev.procpool.Outcome;
import dev.procpool.local.call.LocalCall;
import dev.procpool.local.engine.Engine;
import dev.procpool.local.fleet.Worker;
import dev.procpool.local.result.Delivery;
import dev.procpool.local.result.Recorder;
import dev.procpool.local.result.Results;
import dev.procpool.scheduler.Item;
import dev.procpool.scheduler.Scheduler;
import dev.procpool.spi.Attempt;
import dev.procpool.spi.Nanos;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Tells the scheduler what has become of items: settled, to be tried again, or without room in this
 * JVM's heap.
 *
 * <p>Owned by the engine's thread, but for {@link #drop}.
 */
final class Verdicts implements Delivery.Verdict, Results.Calls {

  private final Engine engine;
  private final OpenCalls calls;
  private final Scheduler scheduler;
  private final Recorder recorder;
  private final ShortMemory shortMemory;

  Verdicts(
      Engine engine,
      OpenCalls calls,
      Scheduler scheduler,
      Recorder recorder,
      ShortMemory shortMemory) {
    this.engine = engine;
    this.calls = calls;
    this.scheduler = scheduler;
    this.recorder = recorder;
    this.shortMemory = shortMemory;
  }

  @Override
  public Scheduler scheduler() {
    return scheduler;
  }

  @Override
  public @Nullable LocalCall find(long id) {
    return calls.find(id);
  }

  @Override
  public void settled(LocalCall call) {
    scheduler().settled(call.id, 1);
    if (call.paced.resume()) {
      scheduler().inputReady(call.id, engine.now());
    }
  }

  @Override
  public void retry(LocalCall call, Item item, Worker worker, Outcome<?> outcome, Duration delay) {
    recorder.retry(worker, call, item, outcome, delay);
    call.waits(Attempt.of(outcome));
    long now = engine.now();
    scheduler().retry(item, now + Nanos.of(delay), now);
  }

  @Override
  public void withoutMemory(
      LocalCall call,
      Item item,
      Worker worker,
      long nanos,
      long bytes,
      @Nullable OutOfMemoryError error) {
    shortMemory.lost(call, item, worker, nanos, bytes, error);
    settled(call);
  }

  @Override
  public void withoutMemory(LocalCall call) {
    shortMemory.abandon(call);
  }

  @Override
  public void drop(LocalCall call) {
    shortMemory.drop(call);
  }
}
