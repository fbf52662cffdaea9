package dev.procpool.local.service;

import dev.procpool.codec.ByteOutput;
import dev.procpool.guard.SafeText;
import dev.procpool.local.engine.Engine;
import dev.procpool.local.fleet.Fleet;
import dev.procpool.local.fleet.PerWorker;
import dev.procpool.local.fleet.Worker;
import dev.procpool.protocol.ProtocolException;
import dev.procpool.protocol.ToWorker;
import dev.procpool.time.AwakeWait;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks workers what their threads do. Who asks waits; the rest belongs to the engine's thread.
 *
 * <p>A worker's inbox answers, whatever its task thread does.
 */
public final class ThreadDumps {

  private static final long LIMIT_SECONDS = 10;

  /** More than a worker ever sends. */
  private static final int MOST_BYTES = 1024 * 1024;

  private final Engine engine;
  private final PerWorker<Map<Long, CompletableFuture<String>>> waiting;
  private long lastRequest;

  public ThreadDumps(Engine engine, Fleet fleet) {
    this.engine = engine;
    this.waiting = fleet.perWorker();
  }

  /** Gives a worker's threads as text. Called from any thread but the engine's. */
  public String of(Worker worker) throws InterruptedException {
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
    if (worker.isGone()) {
      answer.completeExceptionally(gone(worker));
    } else if (worker.state() == Worker.State.STARTING) {
      answer.completeExceptionally(
          new IllegalStateException(name(worker) + " has not started yet; ask again"));
    } else {
      Map<Long, CompletableFuture<String>> known = waiting.get(worker);
      (known == null ? waiting.put(worker, new HashMap<>()) : known).put(++lastRequest, answer);
      ByteOutput out = new ByteOutput(Long.BYTES, Long.MAX_VALUE);
      out.putLong(lastRequest);
      worker.send(ToWorker.DUMP, out.array(), out.size());
    }
  }

  /** Takes a worker's answer: false if it was not asked. */
  public boolean answered(Worker worker, ByteBuffer in) throws ProtocolException {
    ProtocolException.checkLength(in, Long.BYTES);
    ProtocolException.check(
        in.remaining() <= MOST_BYTES, "a thread dump of " + in.remaining() + " bytes");
    long request = in.getLong();
    Map<Long, CompletableFuture<String>> known = waiting.get(worker);
    CompletableFuture<String> answer = known == null ? null : known.remove(request);
    if (answer == null) {
      return false;
    }
    answer.complete(name(worker) + "\n\n" + StandardCharsets.UTF_8.decode(in));
    return true;
  }

  /** Tells those who wait that the worker is gone. */
  public void end(Worker worker) {
    Map<Long, CompletableFuture<String>> known = waiting.get(worker);
    if (known != null) {
      known.values().forEach(answer -> answer.completeExceptionally(gone(worker)));
      known.clear();
    }
  }

  private static IllegalStateException gone(Worker worker) {
    return new IllegalStateException(name(worker) + " has ended");
  }

  private static String name(Worker worker) {
    return "worker " + worker.number() + " (pid " + worker.pid() + ")";
  }
}
