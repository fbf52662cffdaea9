package dev.procpool.worker;

import dev.procpool.channel.RunPage;
import dev.procpool.channel.WorkerChannel;
import dev.procpool.codec.ByteOutput;
import dev.procpool.codec.Codec;
import dev.procpool.codec.CodecException;
import dev.procpool.protocol.FrameType;
import dev.procpool.protocol.ItemRef;
import dev.procpool.protocol.ResultHeader;
import dev.procpool.protocol.ResultHeader.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;

/**
 * Runs items one after another on the task thread, which owns it.
 *
 * <p>An item's way: claim it, say so on the run page, decode, call, encode, send, clear the page.
 * In this order, because the parent judges a dead worker by the page and by what it sent: an item
 * on the page whose result was not sent was running, and no other was.
 */
final class ItemRunner {

  private static final int KEPT_BYTES = 256 * 1024;
  private static final long GATE_POLL_NANOS = 1_000_000;

  private final WorkerChannel channel;
  private final RunPage page;
  private final Codec codec;
  private final ChunkQueue chunks;
  private final TaskTable tasks;
  private final ItemGuard guard;
  private final Watchdog watchdog;
  private final ItemContext context;

  private final ByteOutput head = new ByteOutput(ResultHeader.BYTES, Long.MAX_VALUE);
  private ByteOutput payload = new ByteOutput(1024, Long.MAX_VALUE);

  ItemRunner(
      WorkerChannel channel,
      RunPage page,
      Codec codec,
      ChunkQueue chunks,
      TaskTable tasks,
      ItemGuard guard,
      Watchdog watchdog,
      ItemContext context) {
    this.channel = channel;
    this.page = page;
    this.codec = codec;
    this.chunks = chunks;
    this.tasks = tasks;
    this.guard = guard;
    this.watchdog = watchdog;
    this.context = context;
  }

  /** Runs items until told to stop. */
  void run() throws IOException {
    for (Chunk chunk = chunks.claim(); chunk != null; chunk = chunks.claim()) {
      runItem(chunk, chunk.claimed - 1);
    }
  }

  private void runItem(Chunk chunk, int offset) throws IOException {
    long word = ItemRef.word(chunk.header.chunk(), offset);
    while (!page.begin(word)) {
      LockSupport.parkNanos(GATE_POLL_NANOS); // the parent looks, then kills us or opens the gate
    }
    chunk.advance();
    TaskTable.Entry task = tasks.get(chunk.header.job());
    context.enter(chunk.header.firstIndex() + offset, chunk.header.attempt());
    payload.reset();

    Thread.currentThread().setContextClassLoader(task.loader());
    guard.begin(word);
    long start = System.nanoTime();
    if (task.timeoutNanos() > 0) {
      watchdog.watch(word, start, task.timeoutNanos());
    }
    Kind kind = call(task, chunk);
    if (task.timeoutNanos() > 0) {
      watchdog.rest();
    }
    long nanos = System.nanoTime() - start;
    ItemGuard.Reason stopped = guard.end();

    if (stopped != null) {
      kind = stoppedItem(stopped);
    }
    head.reset();
    new ResultHeader(chunk.header.chunk(), offset, kind, nanos).write(head);
    channel.send(FrameType.RESULT, head.array(), head.size(), payload.array(), 0, payload.size());
    page.end();
    if (payload.array().length > KEPT_BYTES) {
      payload = new ByteOutput(1024, Long.MAX_VALUE);
    }
  }

  /** Everything that runs users' code; puts the payload and says what it is. */
  private Kind call(TaskTable.Entry entry, Chunk chunk) {
    try {
      Object argument;
      try {
        argument =
            codec.decode(chunk.bytes(), chunk.itemOffset(), chunk.itemLength(), entry.loader());
      } catch (CodecException e) {
        return notSerializable("the argument can't be deserialized in the worker", e);
      }
      Object value;
      try {
        value = entry.task().call(argument);
      } catch (CodecException e) {
        return notSerializable("the task can't be deserialized in the worker", e);
      }
      try {
        codec.encode(value, payload);
        return Kind.VALUE;
      } catch (CodecException e) {
        return notSerializable("the result can't be serialized", e);
      }
    } catch (Throwable e) { // whatever the task throws is its item's outcome
      payload.reset();
      codec.encodeThrowable(e, payload);
      return Kind.THROWN;
    }
  }

  private Kind notSerializable(String what, CodecException e) {
    payload.reset();
    byte[] message = (what + ": " + e.getMessage()).getBytes(StandardCharsets.UTF_8);
    payload.write(message, 0, message.length);
    return Kind.NOT_SERIALIZABLE;
  }

  private Kind stoppedItem(ItemGuard.Reason reason) {
    payload.reset();
    if (reason == ItemGuard.Reason.CANCELLED) {
      return Kind.CANCELLED;
    }
    codec.encodeThrowable(Watchdog.stackCarrier(guard.stackAtInterrupt()), payload);
    return Kind.TIMED_OUT;
  }
}
