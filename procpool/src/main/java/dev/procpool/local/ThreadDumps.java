package dev.procpool.local;

import dev.procpool.codec.ByteOutput;
import dev.procpool.guard.SafeText;
import dev.procpool.protocol.FrameType;
import dev.procpool.protocol.ProtocolException;
import dev.procpool.time.AwakeWait;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks workers what their threads do. Who asks waits; the rest belongs to the engine's thread.
 *
 * <p>A worker's inbox answers, whatever its task thread does.
 */
final class ThreadDumps {

  private static final long LIMIT_SECONDS = 10;

  /** More than a worker ever sends. */
  private static final int MOST_BYTES = 1024 * 1024;

  private final Engine engine;
  private final Fleet fleet;
  private long lastRequest;

  ThreadDumps(Engine engine, Fleet fleet) {
    this.engine = engine;
    this.fleet = fleet;
  }

  /** Gives a worker's threads as text. Called from any thread but the engine's. */
  String of(Worker worker) throws InterruptedException {
    CompletableFuture<String> answer = new CompletableFuture<>();
    engine.execute(() -> ask(worker, answer));
    if (engine.isStopped()) {
      answer.completeExceptionally(gone(worker)); // the engine may not have seen it
    }
    try {
      return AwakeWait.get(answer, TimeUnit.SECONDS.toNanos(LIMIT_SECONDS));
    } catch (ExecutionException e) {
      throw new IllegalStateException(SafeText.of(e.getCause()), e.getCause());
    } catch (TimeoutException e) {
      throw new IllegalStateException(
          name(worker)
              + " did not answer within "
              + LIMIT_SECONDS
              + " s: its process gets no processor time, is stopped, or a debugger holds all of its"
              + " threads",
          e);
    }
  }

  private void ask(Worker worker, CompletableFuture<String> answer) {
    if (worker.state == Worker.State.GONE) {
      answer.completeExceptionally(gone(worker));
    } else if (worker.state == Worker.State.STARTING || worker.channel == null) {
      answer.completeExceptionally(
          new IllegalStateException(name(worker) + " has not started yet; ask again"));
    } else {
      worker.dumps.put(++lastRequest, answer);
      ByteOutput out = new ByteOutput(Long.BYTES, Long.MAX_VALUE);
      out.putLong(lastRequest);
      fleet.send(worker, FrameType.DUMP, out.array(), out.size());
    }
  }

  /** Takes a worker's answer: false if it was not asked. */
  static boolean answered(Worker worker, ByteBuffer in) throws ProtocolException {
    ProtocolException.checkLength(in, Long.BYTES);
    ProtocolException.check(
        in.remaining() <= MOST_BYTES, "a thread dump of " + in.remaining() + " bytes");
    CompletableFuture<String> waiting = worker.dumps.remove(in.getLong());
    if (waiting == null) {
      return false;
    }
    waiting.complete(name(worker) + "\n\n" + StandardCharsets.UTF_8.decode(in));
    return true;
  }

  /** Tells those who wait that the worker is gone. */
  static void end(Worker worker) {
    worker.dumps.values().forEach(waiting -> waiting.completeExceptionally(gone(worker)));
    worker.dumps.clear();
  }

  private static IllegalStateException gone(Worker worker) {
    return new IllegalStateException(name(worker) + " has ended");
  }

  private static String name(Worker worker) {
    return "worker " + worker.number + " (pid " + worker.pid() + ")";
  }
}
