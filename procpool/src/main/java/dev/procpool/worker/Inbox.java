package dev.procpool.worker;

import dev.procpool.channel.FrameReader;
import dev.procpool.channel.WorkerChannel;
import dev.procpool.codec.ByteOutput;
import dev.procpool.protocol.ChunkHeader;
import dev.procpool.protocol.FetchMessage;
import dev.procpool.protocol.FrameType;
import dev.procpool.protocol.ItemRef;
import dev.procpool.protocol.TaskMessage;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The thread that reads what the pool sends. It runs no user's code, so it always answers; and when
 * the pool's end closes it ends the process, however busy the task thread is.
 */
final class Inbox implements Runnable {

  private final WorkerChannel channel;
  private final ChunkQueue chunks;
  private final TaskTable tasks;
  private final ItemGuard guard;
  private final ClassFetch fetch;
  private final ParentWatch parentWatch;
  private final ByteOutput out = new ByteOutput(64, Long.MAX_VALUE);

  Inbox(
      WorkerChannel channel,
      ChunkQueue chunks,
      TaskTable tasks,
      ItemGuard guard,
      ClassFetch fetch,
      ParentWatch parentWatch) {
    this.channel = channel;
    this.chunks = chunks;
    this.tasks = tasks;
    this.guard = guard;
    this.fetch = fetch;
    this.parentWatch = parentWatch;
  }

  void start() {
    Thread thread = new Thread(this, "procpool-inbox");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void run() {
    try {
      for (FrameReader frame = channel.receive(); frame != null; frame = channel.receive()) {
        ByteBuffer in = ByteBuffer.wrap(frame.array(), frame.offset(), frame.length());
        handle(frame.type(), in);
      }
    } catch (IOException e) {
      // the same as the end of the stream: an interrupted thread's channel is closed too
    } finally {
      parentWatch.halt();
    }
  }

  private void handle(int type, ByteBuffer in) throws IOException {
    switch (type) {
      case FrameType.TASK -> tasks.put(TaskMessage.read(in));
      case FrameType.CHUNK -> {
        ChunkHeader header = ChunkHeader.read(in);
        byte[] items = new byte[in.remaining()];
        in.get(items);
        chunks.add(new Chunk(header, items));
      }
      case FrameType.RECALL -> {
        long chunk = ItemRef.read(in).chunk();
        synchronized (chunks) { // no result of a later chunk may overtake the answer
          out.reset();
          new ItemRef(chunk, chunks.recall(chunk)).write(out);
          channel.send(FrameType.RETURNED, out.array(), out.size());
        }
      }
      case FrameType.INTERRUPT -> guard.cancel(ItemRef.read(in).chunk());
      case FrameType.FETCHED -> fetch.answered(FetchMessage.Answer.read(in));
      case FrameType.FORGET -> tasks.forget(in.getLong());
      case FrameType.STOP -> chunks.stop();
      case FrameType.COLLECT -> {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        out.reset();
        out.putLong(runtime.totalMemory() - runtime.freeMemory());
        channel.send(FrameType.COLLECTED, out.array(), out.size());
      }
      default -> throw new IOException("unknown frame type " + type);
    }
  }
}
