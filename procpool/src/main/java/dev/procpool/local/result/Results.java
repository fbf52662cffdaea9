package dev.procpool.local.result;

import dev.procpool.LimitKind;
import dev.procpool.channel.FrameReader;
import dev.procpool.codec.Codec;
import dev.procpool.codec.CodecException;
import dev.procpool.codec.PrimitiveReader;
import dev.procpool.local.call.Block;
import dev.procpool.local.call.LocalCall;
import dev.procpool.local.call.OpenCalls;
import dev.procpool.local.fleet.PerWorker;
import dev.procpool.local.fleet.Worker;
import dev.procpool.protocol.ItemRef;
import dev.procpool.protocol.ProtocolException;
import dev.procpool.protocol.ResultTrailer;
import dev.procpool.protocol.ResultTrailer.Kind;
import dev.procpool.protocol.StoppedItem;
import dev.procpool.protocol.ToParent;
import dev.procpool.scheduler.Item;
import dev.procpool.scheduler.Scheduler;
import dev.procpool.scheduler.SentChunk;
import dev.procpool.scheduler.Slice;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Takes in what workers report of their items: tells the scheduler, and the calls, both in batches.
 * What decodes without users' code is decoded here, the rest goes to {@link Delivery}.
 *
 * <p>Owned by the engine's thread. Frames are a worker's word: each is checked before it is used.
 */
public final class Results {

  /** Only an item that is said to have run for longer needs a look at the clock. */
  private static final long LONG_NANOS = 1_000_000_000;

  private final OpenCalls calls;
  private final Scheduler scheduler;
  private final Codec codec;
  private final Delivery delivery;
  private final ShortMemory shortMemory;
  private final Recorder recorder;
  private final PerWorker<ChunkReport> reports;
  private final ResultBatch batch = new ResultBatch();
  private final PrimitiveReader primitive = new PrimitiveReader();

  /** Whether somebody is told of the items at hand. */
  private boolean recording;

  // ---- of the items in the batch

  private long fedAt;
  private long sentBytes;
  private long receivedBytes;

  public Results(
      OpenCalls calls,
      Scheduler scheduler,
      Codec codec,
      Delivery delivery,
      ShortMemory shortMemory,
      Recorder recorder,
      PerWorker<ChunkReport> reports) {
    this.calls = calls;
    this.scheduler = scheduler;
    this.codec = codec;
    this.delivery = delivery;
    this.shortMemory = shortMemory;
    this.recorder = recorder;
    this.reports = reports;
  }

  /** Takes in all frames that are complete. */
  public void take(Worker worker, FrameReader frames) throws IOException {
    ChunkReport report = report(worker);
    shortMemory.makeRoom(worker, frames, report.call());
    recording = recorder.recordsItems();
    lookUp(report);
    boolean disputed = false;
    try {
      while (frames.next()) {
        switch (frames.type()) {
          case ToParent.NEXT_VALUE -> nextValue(worker, report, frames);
          case ToParent.RESULT -> result(worker, report, frames);
          default ->
              throw new ProtocolException("unknown frame type " + frames.type() + " in the ring");
        }
      }
    } catch (IOException e) {
      disputed = true;
      throw e;
    } finally { // what made sense before something did not
      try {
        account(worker, report);
        if (disputed) { // there was something to report: the next item has begun, whatever the page
          SentChunk next = scheduler.workers().next(worker.id());
          worker.blame(next == null ? null : new ItemRef(next.id(), next.begin()));
        }
      } finally {
        deliver(worker);
      }
    }
  }

  private ChunkReport report(Worker worker) {
    ChunkReport known = reports.get(worker);
    return known == null ? reports.put(worker, new ChunkReport()) : known;
  }

  /** The call of what a worker is reporting; null for none. */
  @Nullable LocalCall call(Worker worker) {
    return report(worker).call();
  }

  /** There is no memory for reading what a worker has sent, which costs a call. */
  public void withoutMemory(Worker worker) {
    LocalCall reported = call(worker);
    LocalCall call = reported == null ? calls.lastFound() : reported;
    if (call != null) {
      shortMemory.abandon(call);
    }
  }

  /** How many items a worker has reported that are not yet counted among those it has done. */
  public int unaccounted(Worker worker) {
    return report(worker).count();
  }

  private void nextValue(Worker worker, ChunkReport report, FrameReader frame)
      throws ProtocolException {
    int payload = frame.length() - Integer.BYTES;
    ProtocolException.check(payload >= 0 && report.hasNext(), "a value of no item");
    long nanos = ResultTrailer.shortNanos(frame.array(), frame.offset() + payload);
    reported(worker, report, Kind.VALUE, nanos, frame, payload);
  }

  private void result(Worker worker, ChunkReport report, FrameReader frame)
      throws ProtocolException {
    ResultTrailer trailer = ResultTrailer.read(frame.array(), frame.offset(), frame.length());
    ProtocolException.check(
        trailer.nanos() <= LONG_NANOS || trailer.nanos() <= worker.ageNanos(),
        "an item that ran for longer than its process");
    if (!report.isNext(trailer.chunk(), trailer.offset()) || !report.hasNext()) {
      account(worker, report);
      report.begin(chunk(worker, trailer), trailer.offset());
      lookUp(report);
    }
    int payload = frame.length() - ResultTrailer.BYTES;
    if (!trailer.kind().isEnd()) {
      worker.line().published();
      if (frame.skipped() < 0 && report.call() != null && !report.isDropped()) {
        report.said(trailer.kind(), frame.array(), frame.offset(), payload);
      }
      return;
    }
    reported(worker, report, trailer.kind(), trailer.nanos(), frame, payload);
  }

  /** What there is of an item that a worker was at; of an item that it was not at, nothing. */
  Remains remains(Worker worker, Item item) {
    return report(worker).remains(item);
  }

  /** Finds the chunk that a worker says it reports from. */
  private SentChunk chunk(Worker worker, ResultTrailer trailer) throws ProtocolException {
    SentChunk chunk = scheduler.workers().reporting(worker.id(), trailer.chunk(), trailer.offset());
    if (chunk == null) {
      throw new ProtocolException(
          "item "
              + trailer.offset()
              + " of chunk "
              + trailer.chunk()
              + " is reported, which it was not running; next was "
              + scheduler.workers().describeNext(worker.id()));
    }
    return chunk;
  }

  /**
   * Finds the call of the report's chunk: once a batch and not once an item, as it may be in the
   * same cache line as what its feeder writes for each item.
   */
  private void lookUp(ChunkReport report) {
    SentChunk chunk = report.chunk();
    report.of(chunk == null ? null : calls.find(chunk.call()));
  }

  /** Takes in the report's next item, of which the frame has the payload. */
  private void reported(
      Worker worker, ChunkReport report, Kind kind, long nanos, FrameReader frame, int payload)
      throws ProtocolException {
    SentChunk chunk = report.chunk();
    if (chunk == null) {
      throw new IllegalStateException("a report of no chunk");
    }
    int offset = report.next();
    LocalCall call = report.call();
    if (call != null && isStopped(kind)) {
      checkStopped(call, report, kind, frame, payload);
    }
    report.add(nanos);
    if (call == null) {
      return; // it has ended
    }
    if (report.isDropped()) { // the call was aborted: nobody wants its results
      scheduler.settled(call.id, 1);
      return;
    }
    if (frame.skipped() >= 0) {
      lost(worker, report, call, chunk, offset, nanos, frame.skipped(), null);
      return;
    }
    try {
      deliver(worker, report, call, chunk, offset, kind, nanos, frame, payload);
    } catch (OutOfMemoryError e) {
      lost(worker, report, call, chunk, offset, nanos, payload, e);
    }
  }

  /** There is no memory for a result, by its own fault or not. */
  private void lost(
      Worker worker,
      ChunkReport report,
      LocalCall call,
      SentChunk chunk,
      int offset,
      long nanos,
      long bytes,
      @Nullable OutOfMemoryError error) {
    if (delivery.isLarge(bytes)) {
      delivery.withoutMemory(call, chunk.item(offset), worker, nanos, bytes, error);
    } else { // the next one's would be lost as well
      shortMemory.abandon(call);
      report.drop();
      scheduler.settled(call.id, 1);
    }
  }

  /** Has an item's report decoded, now or later. */
  private void deliver(
      Worker worker,
      ChunkReport report,
      LocalCall call,
      SentChunk chunk,
      int offset,
      Kind kind,
      long nanos,
      FrameReader frame,
      int payload)
      throws ProtocolException {
    byte[] array = frame.array();
    int at = frame.offset();
    if (!Delivery.isInline(kind, array, at, payload)
        || !gather(worker, report, call, chunk.slice(), offset, nanos, array, at, payload)) {
      if (kind == Kind.TIMED_OUT) {
        recorder.timeout(worker, call, report.lastItem(), report.limitOfLast(), nanos);
      }
      boolean isLarge = frame.isLarge();
      byte[] kept = isLarge ? frame.detach() : Arrays.copyOfRange(array, at, at + payload);
      int from = isLarge ? at : 0;
      delivery.take(new ItemReport(delivery, worker, report, kind, nanos, kept, from, payload));
    }
  }

  private static boolean isStopped(Kind kind) {
    return kind == Kind.TIMED_OUT || kind == Kind.CANCELLED;
  }

  /** A worker stops an item on our word alone. */
  private static void checkStopped(
      LocalCall call, ChunkReport report, Kind kind, FrameReader frame, int payload)
      throws ProtocolException {
    if (kind == Kind.TIMED_OUT) {
      if (frame.skipped() < 0) { // else there is no memory for what it says
        LimitKind limit = StoppedItem.kind(frame.array(), frame.offset(), payload);
        call.limits.check(limit);
        report.stoppedFor(limit);
      }
    } else {
      ProtocolException.check(
          call.killAfter != 0, "an item is said to be cancelled, and nobody cancelled it");
    }
  }

  /** Adds a plain value to the batch: false if it can't be decoded, which is told elsewhere. */
  private boolean gather(
      Worker worker,
      ChunkReport report,
      LocalCall call,
      Slice items,
      int offset,
      long nanos,
      byte[] array,
      int at,
      int payload)
      throws ProtocolException {
    boolean isPrimitive = call.decodes() && primitive.read(array, at, payload);
    Object value = null;
    try {
      value = isPrimitive ? null : call.value(codec, array, at, payload);
    } catch (CodecException e) {
      return false;
    }
    if (!batch.accepts(call.id, items.attempt())) {
      account(worker, report);
      deliver(worker);
    }
    Block block = (Block) items.items();
    if (batch.size() == 0) {
      fedAt = block.fedAt(items.from() + offset);
      sentBytes = 0;
      receivedBytes = 0;
    }
    sentBytes += recording ? block.size(items.from() + offset, 1) : 0;
    receivedBytes += payload;
    long index = items.firstIndex() + offset;
    if (isPrimitive) {
      batch.add(call.id, items.attempt(), index, primitive.type(), primitive.bits(), nanos);
    } else {
      batch.add(call.id, items.attempt(), index, value, nanos);
    }
    return true;
  }

  /** Tells the scheduler what a worker has done. */
  private void account(Worker worker, ChunkReport report) throws ProtocolException {
    SentChunk chunk = report.chunk();
    if (chunk != null && report.count() > 0) {
      if (!scheduler.itemsDone(worker.id(), chunk, report.count(), report.nanos())) {
        report.clear();
        throw new ProtocolException("more items are reported than chunk " + chunk.id() + " has");
      }
      worker.finished(report.count(), report.nanos());
      report.accounted();
    }
  }

  /** Reports the values gathered. */
  private void deliver(Worker worker) {
    int count = batch.size();
    if (count > 0) {
      try {
        LocalCall call = calls.find(batch.call());
        if (call != null) {
          if (batch.attempt() > 1) {
            call.tried(batch.indexes(), count);
          }
          try {
            call.submission.succeeded(
                batch.indexes(),
                batch,
                batch.attempt(),
                batch.nanos(),
                worker.name(),
                recorder.run(
                    worker,
                    batch.attempt(),
                    fedAt,
                    batch.nanosInAll(),
                    recording ? sentBytes : -1,
                    receivedBytes));
          } catch (OutOfMemoryError e) {
            shortMemory.abandon(call);
          }
          scheduler.settled(call.id, count);
        }
      } finally {
        batch.clear();
      }
    }
  }
}
