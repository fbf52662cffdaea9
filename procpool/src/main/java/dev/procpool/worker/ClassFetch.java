package dev.procpool.worker;

import dev.procpool.channel.WorkerChannel;
import dev.procpool.codec.ByteOutput;
import dev.procpool.protocol.FetchMessage;
import dev.procpool.protocol.FetchMessage.Answer;
import dev.procpool.protocol.FetchMessage.Content;
import dev.procpool.protocol.FetchMessage.Kind;
import dev.procpool.protocol.ToParent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Asks the pool for classes and resources. Any thread asks and waits; the inbox takes the answers.
 *
 * <p>The wait ends with the answer, which the pool always gives, or with the pool, which ends the
 * process.
 */
final class ClassFetch {

  private final WorkerChannel channel;
  private final AtomicLong lastRequest = new AtomicLong();
  private final Map<Long, CompletableFuture<Answer>> waiting = new ConcurrentHashMap<>();
  private final Map<Long, FetchingLoader> loaders = new ConcurrentHashMap<>();

  ClassFetch(WorkerChannel channel) {
    this.channel = channel;
  }

  /** Gives the loader that stands for one of the pool's; 0 is the worker's own. */
  ClassLoader loader(long id, ClassLoader own) {
    return id == 0 ? own : loaders.computeIfAbsent(id, key -> new FetchingLoader(key, own, this));
  }

  /** Lets go of a loader that the pool will not name again; tasks under way keep theirs. */
  void release(long id) {
    FetchingLoader loader = loaders.remove(id);
    Thread thread = Thread.currentThread();
    if (loader != null && thread.getContextClassLoader() == loader) {
      thread.setContextClassLoader(loader.getParent()); // what the last item left behind
    }
  }

  /**
   * Asks one of the pool's loaders.
   *
   * @return the answer; for a class it comes first, then what else the pool thought of
   */
  List<Content> fetch(long loader, Kind kind, String path) {
    long request = lastRequest.incrementAndGet();
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    waiting.put(request, answer);
    ByteOutput out = new ByteOutput(128, Long.MAX_VALUE);
    new FetchMessage(request, loader, kind, path).write(out);
    boolean interrupted = Thread.interrupted(); // an interrupted thread's write closes the channel
    try {
      channel.send(ToParent.FETCH, out.array(), out.size());
      while (true) {
        try {
          return answer.get().contents();
        } catch (InterruptedException e) {
          interrupted = true; // the answer is under way; a class must not be missing by chance
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the pool is gone", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } finally {
      waiting.remove(request);
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Takes an answer, on the inbox's thread. */
  void answered(Answer answer) {
    CompletableFuture<Answer> asked = waiting.get(answer.request());
    if (asked != null) {
      asked.complete(answer);
    }
  }
}
