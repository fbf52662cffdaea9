package dev.procpool.spark;

import dev.procpool.Outcome;
import dev.procpool.TaskOptions;
import dev.procpool.function.Task1;
import dev.procpool.spi.Attempt;
import dev.procpool.spi.EncodedItem;
import dev.procpool.spi.EncodedTask;
import dev.procpool.spi.ItemRun;
import dev.procpool.spi.Submission;
import dev.procpool.spi.WorkerName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The part of a driver's call that one worker of an executor runs: its items arrive in chunks, its
 * outcomes go to the agent. Thread-safe.
 */
final class RemoteCall implements Submission<Object, Object> {

  private static final Object END = new Object();

  private final long number;
  private final EncodedTask task;
  private final TaskOptions options;
  private final Agent agent;
  private final BlockingQueue<Object> arrived = new LinkedBlockingQueue<>();

  /** The chunks of the items under way, by the item. */
  private final Map<Long, Chunk> under = new ConcurrentHashMap<>();

  /** How long each item may run that has a limit of its own. */
  private final Map<Long, Duration> limits = new ConcurrentHashMap<>();

  private Object item = END;
  private volatile boolean isEnded;
  private boolean isCancelled;

  RemoteCall(long number, EncodedTask task, CallLimits limits, Agent agent) {
    this.number = number;
    this.task = task;
    this.agent = agent;
    this.options = limits.options(this::limitOf);
  }

  private Duration limitOf(Object each) {
    return limits.getOrDefault(((EncodedItem) each).index(), Duration.ofSeconds(Long.MAX_VALUE));
  }

  /** Takes items. Their outcomes count down the chunk. */
  synchronized void add(Chunk chunk) {
    for (Chunk.Item each : chunk.items()) {
      if (each.limit() != null) {
        limits.put(each.item().index(), each.limit());
      }
      under.put(each.item().index(), chunk);
    }
    for (Chunk.Item each : chunk.items()) {
      arrived.add(each.item());
    }
    if (isCancelled) {
      cancelArrived();
    }
  }

  /** The driver has cancelled the call: what no worker has does not start. */
  synchronized void cancelled() {
    isCancelled = true;
    cancelArrived();
  }

  private void cancelArrived() {
    for (Object each = arrived.poll(); each != null; each = arrived.poll()) {
      if (each instanceof EncodedItem left) {
        settled(cancelled(left));
      }
    }
    if (isEnded) {
      arrived.add(END);
    }
  }

  /** The outcome of an item that never started here. */
  static <R> Outcome<R> cancelled(EncodedItem item) {
    return new Attempt(item.index(), item.attempts(), Duration.ZERO, WorkerName.NONE).cancelled();
  }

  /** No more items come. */
  void end() {
    isEnded = true;
    arrived.add(END);
  }

  // ---------------------------------------------------------------- for the backend

  @Override
  public long number() {
    return number;
  }

  @Override
  @SuppressWarnings({"unchecked", "rawtypes"}) // items and values are bytes
  public Task1<Object, Object> task() {
    return (Task1) task;
  }

  @Override
  public TaskOptions options() {
    return options;
  }

  @Override
  public boolean isImmediate() {
    return false;
  }

  @Override
  public boolean advance() throws InterruptedException {
    item = END;
    Object next = arrived.take();
    if (next == END) {
      return false;
    }
    item = next;
    return true;
  }

  @Override
  public Object item() {
    return item;
  }

  @Override
  public void succeeded(long index, Object value, int attempts, long nanos, WorkerName worker) {
    settled(new Attempt(index, attempts, nanos, worker).succeeded(value));
  }

  @Override
  public void succeeded(
      long index,
      Object value,
      int attempts,
      long nanos,
      WorkerName worker,
      long bytes,
      ItemRun run) {
    settled(new Attempt(index, attempts, nanos, worker).succeeded(value), run);
  }

  @Override
  public void settled(Outcome<Object> outcome) {
    settled(outcome, ItemRun.UNKNOWN);
  }

  @Override
  @SuppressWarnings({"unchecked", "rawtypes"}) // values are bytes
  public void settled(Outcome<Object> outcome, ItemRun run) {
    Chunk chunk = under.remove(outcome.index());
    if (chunk != null) {
      limits.remove(outcome.index());
      agent.ended(number, (Outcome) outcome, run);
      chunk.ended();
    }
  }

  @Override
  public void abort(Throwable cause) {
    isEnded = true;
    List<Long> left = new ArrayList<>(under.keySet());
    for (long index : left) {
      settled(Attempt.none(index).failed(cause));
    }
    arrived.add(END);
  }

  @Override
  public boolean isEnded() {
    return isEnded && under.isEmpty();
  }

  /** Tells whether it takes no more items, as its workers can't run any. */
  boolean isOver() {
    return isEnded;
  }

  @Override
  public String toString() {
    return "call " + number + " of the driver";
  }
}
