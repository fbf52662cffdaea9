package dev.procpool.local.result;

import dev.procpool.ResultTooLargeException;
import dev.procpool.channel.FrameReader;
import dev.procpool.local.call.LocalCall;
import dev.procpool.local.call.OpenCalls;
import dev.procpool.local.engine.Engine;
import dev.procpool.local.fleet.Fleet;
import dev.procpool.local.fleet.PerWorker;
import dev.procpool.local.fleet.Worker;
import dev.procpool.local.settings.ResultLimit;
import dev.procpool.scheduler.Item;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of results for which this JVM's heap has no room: one that is large costs its item,
 * many cost their call, which lets go of those that have come.
 *
 * <p>Owned by the engine's thread, but for {@link #drop}.
 */
public final class ShortMemory {

  /** There is memory for so little, unless an object takes far more than its bytes. */
  private static final int TINY_BYTES = 4096;

  /** How many tiny results a call may lose for lack of memory before it fails. */
  private static final int MOST_LOST = 3;

  private final Engine engine;
  private final OpenCalls calls;
  private final ResultLimit limit;
  private final Recorder recorder;
  private final PerWorker<Received> received;
  private final long askAfterBytes;

  /** What has come since the room in the heap was looked at. */
  private long unaskedBytes;

  /** Whether there are calls that were aborted and are still to be cancelled. */
  private boolean hasAbandoned;

  /** Made early: then there is memory for it, and for loading its class. */
  private volatile @Nullable ResultTooLargeException noRoom;

  public ShortMemory(
      Engine engine, Fleet fleet, OpenCalls calls, ResultLimit limit, Recorder recorder) {
    this.engine = engine;
    this.calls = calls;
    this.limit = limit;
    this.recorder = recorder;
    this.received = fleet.perWorker();
    this.askAfterBytes = engine.reserve().askAfterBytes();
  }

  /** Makes what is needed when there is no memory. */
  public void prepare() {
    noRoom = noRoom == null ? limit.together() : noRoom;
  }

  /**
   * Before results of a worker are taken in, lets go of a call's that have come if they leave no
   * room for the engine's own work: in the middle of that it could not go on.
   *
   * @param call the call of what the worker reports; null for none
   */
  void makeRoom(Worker worker, FrameReader frames, @Nullable LocalCall call) {
    Received bytes = of(worker);
    long more = frames.received() - bytes.count;
    unaskedBytes += more;
    recorder.received(more);
    bytes.count = frames.received();
    if (unaskedBytes > askAfterBytes || (call != null && call.paced.hasUndecoded())) {
      unaskedBytes = 0;
      if (call != null && !call.submission.isEnded() && !engine.reserve().hasRoom()) {
        abandon(call);
      }
    }
  }

  /**
   * An item fails for whose result there is no memory. Its call does if that is one of many: the
   * heap is full of their results, and to find that again with each takes for ever.
   */
  void lost(
      LocalCall call,
      Item item,
      Worker worker,
      long nanos,
      long bytes,
      @Nullable OutOfMemoryError error) {
    engine.reserve().release();
    try {
      if (!call.submission.isEnded()
          && (limit.isLarge(bytes) || (bytes <= TINY_BYTES && ++call.lostResults <= MOST_LOST))) {
        call.submission.settled(
            Delivery.attempt(item, nanos, worker.name())
                .failed(limit.withoutMemory(item.index(), bytes, error)));
      } else {
        abandon(call);
      }
    } catch (OutOfMemoryError e) {
      abandon(call);
    }
  }

  /** A call fails; what of it has come is let go. */
  void abandon(LocalCall call) {
    drop(call);
    call.isAbandoned = true;
    hasAbandoned = true; // not now: the scheduler is being told of its results
  }

  /** Lets go of a call's results; from any thread. */
  void drop(LocalCall call) {
    engine.reserve().release();
    ResultTooLargeException cause = noRoom;
    call.drop(cause == null ? limit.together() : cause);
  }

  /** Gives the calls that were aborted since the last look, of which nothing more is to be done. */
  public List<LocalCall> takeAbandoned() {
    if (!hasAbandoned) {
      return List.of();
    }
    hasAbandoned = false;
    List<LocalCall> abandoned = new ArrayList<>();
    for (LocalCall call : calls.copy()) {
      if (call.isAbandoned) {
        call.isAbandoned = false;
        abandoned.add(call);
      }
    }
    return abandoned;
  }

  private Received of(Worker worker) {
    Received known = received.get(worker);
    return known == null ? received.put(worker, new Received()) : known;
  }

  /** How many bytes were read from a worker's ring. */
  private static final class Received {
    private long count;
  }
}
