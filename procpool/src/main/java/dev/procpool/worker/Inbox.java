package dev.procpool.worker;

import dev.procpool.channel.FrameReader;
import dev.procpool.channel.WorkerChannel;
import dev.procpool.codec.ByteOutput;
import dev.procpool.codec.ThreadsText;
import dev.procpool.guard.SafeText;
import dev.procpool.protocol.FetchMessage;
import dev.procpool.protocol.ItemRef;
import dev.procpool.protocol.LevelMessage;
import dev.procpool.protocol.ToParent;
import dev.procpool.protocol.ToWorker;
import dev.procpool.sharing.SharedCopies;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The thread that reads what the pool sends. It runs no user's code, so it always answers; and when
 * the pool's end closes it ends the process, however busy the task thread is.
 */
final class Inbox implements Runnable {

  /** At most three bytes each, which is less than what any pool takes for a frame. */
  private static final int MAX_DUMP_CHARS = 300_000;

  private static final int FAULT = 70;

  private final WorkerChannel channel;
  private final ChunkQueue chunks;
  private final ItemGuard guard;
  private final ClassFetch fetch;
  private final LogCredit credit;
  private final ParentLoggers loggers;
  private final ParentWatch parentWatch;
  private final ByteOutput out = new ByteOutput(64, Long.MAX_VALUE);

  Inbox(
      WorkerChannel channel,
      ChunkQueue chunks,
      ItemGuard guard,
      ClassFetch fetch,
      LogCredit credit,
      ParentLoggers loggers,
      ParentWatch parentWatch) {
    this.channel = channel;
    this.chunks = chunks;
    this.guard = guard;
    this.fetch = fetch;
    this.credit = credit;
    this.loggers = loggers;
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
      // the same as the end of the stream
    } catch (Throwable t) {
      SafeText.print(
          t, System.err); // a fault of ours: the pool shows it as this worker's last words
      Runtime.getRuntime().halt(FAULT);
    } finally {
      parentWatch.halt();
    }
  }

  private void handle(int type, ByteBuffer in) throws IOException {
    switch (type) {
      case ToWorker.RECALL -> chunks.recall(ItemRef.read(in).chunk());
      case ToWorker.NUDGE -> chunks.takeInAll();
      case ToWorker.INTERRUPT -> guard.cancel(ItemRef.read(in).chunk());
      case ToWorker.FETCHED -> fetch.answered(FetchMessage.Answer.read(in));
      case ToWorker.STOP -> chunks.stop();
      case ToWorker.LOGGED -> credit.give(in.getInt(), in.getInt());
      case ToWorker.LEVEL_IS -> loggers.told(LevelMessage.read(in));
      case ToWorker.DROP_SHARED -> SharedCopies.drop(StandardCharsets.UTF_8.decode(in).toString());
      case ToWorker.DUMP -> dump(in.getLong());
      case ToWorker.COLLECT -> {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        out.reset();
        out.putLong(runtime.totalMemory() - runtime.freeMemory());
        channel.send(ToParent.COLLECTED, out.array(), out.size());
      }
      default -> throw new IOException("unknown frame type " + type);
    }
  }

  private void dump(long request) throws IOException {
    byte[] text =
        ThreadsText.of(Thread.getAllStackTraces(), MAX_DUMP_CHARS).getBytes(StandardCharsets.UTF_8);
    out.reset();
    out.putLong(request);
    channel.send(ToParent.THREADS, out.array(), out.size(), text, 0, text.length);
  }
}
