package dev.procpool.worker;

import dev.procpool.channel.Note;
import dev.procpool.channel.RunPage;
import dev.procpool.channel.WorkerRings;
import dev.procpool.codec.ByteOutput;
import dev.procpool.codec.Codec;
import dev.procpool.codec.CodecException;
import dev.procpool.codec.PayloadTooLargeException;
import dev.procpool.function.Task1;
import dev.procpool.protocol.ChunkHeader;
import dev.procpool.protocol.ItemRef;
import dev.procpool.protocol.NotSerialized;
import dev.procpool.protocol.ResultTrailer;
import dev.procpool.protocol.ResultTrailer.Kind;
import dev.procpool.protocol.StoppedItem;
import dev.procpool.protocol.TaskLimits;
import dev.procpool.protocol.ToParent;
import java.io.IOException;
import java.util.concurrent.locks.LockSupport;

/**
 * Runs items one after another on the task thread, which owns it.
 *
 * <p>An item's way: claim it, say so on the run page, pass a fence, look whether it was taken back
 * meanwhile, say that it starts; then decode, call, encode, send, clear the page. In this order,
 * because the parent judges a dead worker by the page and by what it sent: an item that had started
 * by the page, and whose result was not sent, was running, and no other was.
 */
final class ItemRunner {

  private static final int KEPT_BYTES = 256 * 1024;
  private static final long GATE_POLL_NANOS = 1_000_000;

  private final WorkerRings rings;
  private final RunPage page;
  private final Codec codec;
  private final ChunkQueue chunks;
  private final TaskTable tasks;
  private final ItemGuard guard;
  private final Watchdog watchdog;
  private final ItemContext context;

  /** The frame of the result: header, payload, trailer. */
  private ByteOutput frame = new ByteOutput(1024, Long.MAX_VALUE);

  /** The item that was reported last. */
  private long lastWord;

  /** Whether the value in the frame, if there is one, is null. */
  private boolean isNull;

  /** When the item before ended, if this one begins at once; a look at the clock less. */
  private long lastEnd;

  ItemRunner(
      WorkerRings rings,
      RunPage page,
      Codec codec,
      ChunkQueue chunks,
      TaskTable tasks,
      ItemGuard guard,
      Watchdog watchdog,
      ItemContext context) {
    this.rings = rings;
    this.page = page;
    this.codec = codec;
    this.chunks = chunks;
    this.tasks = tasks;
    this.guard = guard;
    this.watchdog = watchdog;
    this.context = context;
    context.publishBy(rings, codec);
  }

  /** Runs items until told to stop. */
  void run() throws IOException {
    for (ReceivedChunk chunk = chunks.claim(); chunk != null; chunk = chunks.claim()) {
      int offset = chunk.claimed() - 1;
      long word = ItemRef.word(chunk.header.chunk(), offset);
      if (begin(chunk, word)) {
        runItem(chunk, offset, word);
      } else {
        guard.drop();
        page.end();
        chunks.returnLast();
      }
    }
  }

  /** Says what is about to run, and then looks whether anybody objects. */
  private boolean begin(ReceivedChunk chunk, long word) {
    guard.begin(word);
    while (!page.begin(word)) {
      LockSupport.parkNanos(GATE_POLL_NANOS); // the parent looks, then kills us or opens the gate
    }
    rings.ringAfterFence(); // for the result before
    return chunk.isConfirmed();
  }

  private void runItem(ReceivedChunk chunk, int offset, long word) throws IOException {
    ChunkHeader header = chunk.header;
    guard.begun(word);
    page.start(word);
    chunk.advance();
    TaskTable.Entry task = tasks.get(chunk);
    context.enter(chunk, offset, task.loader());
    frame.reset();
    frame.putLong(0); // the header's place

    Thread.currentThread().setContextClassLoader(task.loader());
    TaskLimits limits = task.limits(chunk);
    boolean isWatched = limits.any();
    long start = offset == 0 || lastEnd == 0 ? System.nanoTime() : lastEnd;
    if (isWatched) {
      watchdog.watch(word, start, limits);
    }
    Kind kind = call(task, chunk, word);
    if (isWatched) {
      watchdog.rest();
    }
    ItemGuard.Reason stopped = guard.end(word, isWatched);
    long end = System.nanoTime();

    if (stopped != null) {
      if (kind == Kind.VALUE && !isNull) { // too late, but there it is
        sendBefore(header.chunk(), offset, Kind.PART);
      }
      kind = stoppedItem(stopped);
    }
    Note note = kind == Kind.VALUE ? null : context.noteOf(word);
    if (note != null) {
      sendNote(header.chunk(), offset, note);
    }
    int type = ToParent.RESULT;
    long nanos = end - start;
    if (kind == Kind.VALUE && word == lastWord + 1 && (int) nanos == nanos) {
      type = ToParent.NEXT_VALUE;
      frame.putInt((int) nanos);
    } else {
      new ResultTrailer(header.chunk(), offset, kind, nanos).write(frame);
    }
    boolean atOnce = rings.send(type, frame.array(), frame.size());
    page.end();
    context.leave();
    lastWord = word;
    lastEnd = atOnce ? end : 0;
    if (frame.array().length > KEPT_BYTES) {
      frame = new ByteOutput(1024, Long.MAX_VALUE);
    }
  }

  /** Everything that runs users' code; puts the payload and says what it is. */
  private Kind call(TaskTable.Entry entry, ReceivedChunk chunk, long word) {
    try {
      Object argument;
      Task1<Object, Object> task;
      try {
        argument =
            codec.decode(
                chunk.bytes(),
                chunk.itemOffset(),
                chunk.itemLength(),
                entry.loader(),
                chunk.takeBodies());
      } catch (CodecException e) {
        return notSerializable("the argument can't be deserialized in the worker: ", e);
      }
      try {
        task = entry.task();
      } catch (CodecException e) {
        return notSerializable("the task can't be deserialized in the worker: ", e);
      }
      guard.decoded(word);
      @SuppressWarnings("NullAway") // the argument may be null, as its type may
      Object value = task.call(argument);
      isNull = value == null;
      try {
        codec.encode(value, frame);
        return Kind.VALUE;
      } catch (PayloadTooLargeException e) {
        dropPayload();
        frame.putLong(e.size());
        return Kind.TOO_LARGE;
      } catch (CodecException e) {
        return notSerializable("the result can't be serialized: ", e.forResult());
      }
    } catch (Throwable e) { // whatever the task throws is its item's outcome
      dropPayload();
      codec.encodeThrowable(e, frame);
      return Kind.THROWN;
    }
  }

  private void dropPayload() {
    frame.truncate(WorkerRings.HEADER_BYTES);
  }

  private Kind notSerializable(String what, CodecException why) {
    dropPayload();
    new NotSerialized(what + why.getMessage(), why.thrown()).write(frame, codec);
    return Kind.NOT_SERIALIZABLE;
  }

  /** Sends what is in the frame, which is not the item's end, and keeps the frame. */
  private void sendBefore(long chunk, int offset, Kind kind) throws IOException {
    new ResultTrailer(chunk, offset, kind, 0).write(frame);
    rings.send(ToParent.RESULT, frame.array(), frame.size());
    dropPayload();
  }

  /**
   * Sends how far an item had come: before its end, as the run page may say something else soon.
   */
  private void sendNote(long chunk, int offset, Note note) throws IOException {
    ByteOutput end = frame;
    frame = new ByteOutput(1024, Long.MAX_VALUE);
    frame.putLong(0);
    frame.putLong(Double.doubleToRawLongBits(note.fraction()));
    byte[] text = note.bytes();
    frame.write(text, 0, text.length);
    sendBefore(chunk, offset, Kind.PROGRESS);
    frame = end;
  }

  private Kind stoppedItem(ItemGuard.Reason reason) {
    dropPayload();
    if (reason == ItemGuard.Reason.CANCELLED) {
      return Kind.CANCELLED;
    }
    StoppedItem.write(guard.limit(), Watchdog.stackCarrier(guard.stackAtInterrupt()), frame, codec);
    return Kind.TIMED_OUT;
  }
}
