package dev.procpool.view;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The readers that are told of each tick, by server-sent events. Thread-safe; each reader has a
 * thread of the server's for itself.
 *
 * <p>Nothing waits for a reader: it takes what there is when it has taken the message before, which
 * is one message with all that it has missed. One that takes nothing for half a minute is dropped.
 */
final class Streams {

  /** How many readers there may be. */
  static final int MOST = 16;

  private static final long QUIET_MILLIS = 10_000;
  private static final long STUCK_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final byte[] SIGN_OF_LIFE = ": all quiet\n\n".getBytes(StandardCharsets.US_ASCII);

  private final ViewInfo view;
  private final Semaphore places = new Semaphore(MOST);
  private final Set<Writing> writing = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /** A write that is under way. */
  private record Writing(Thread thread, long since) {}

  Streams(ViewInfo view) {
    this.view = view;
  }

  /** Tells a reader, until it or this ends. */
  void tell(HttpExchange exchange, PoolFold fold, long since) throws IOException {
    if (!places.tryAcquire()) {
      Answers.say(
          exchange, 503, MOST + " pages are open, which is as many as there may be: close one");
      return;
    }
    try (OutputStream out = Answers.begin(exchange, "text/event-stream; charset=utf-8")) {
      StateJson messages = new StateJson(view, fold, since);
      write(out, "retry: 1000\n\n".getBytes(StandardCharsets.US_ASCII));
      while (!closed) {
        long wanted = messages.told() + stride(fold);
        if (fold.await(wanted, QUIET_MILLIS) > messages.told() || messages.told() < 0) {
          write(out, event(messages.next()));
        } else {
          write(out, SIGN_OF_LIFE);
        }
      }
    } catch (InterruptedException e) { // it was stuck, or all ends
      Thread.currentThread().interrupt();
    } finally {
      places.release();
    }
  }

  /** Many workers make long messages: then fewer of them. */
  private static int stride(PoolFold fold) {
    var stats = fold.latest();
    int workers = stats == null ? 0 : stats.workers().size();
    return workers <= 64 ? 1 : workers <= 256 ? 2 : 4;
  }

  private static byte[] event(byte[] json) {
    byte[] event = new byte[json.length + 8];
    System.arraycopy("data: ".getBytes(StandardCharsets.US_ASCII), 0, event, 0, 6);
    System.arraycopy(json, 0, event, 6, json.length);
    event[json.length + 6] = '\n';
    event[json.length + 7] = '\n';
    return event;
  }

  private void write(OutputStream out, byte[] bytes) throws IOException {
    Writing now = new Writing(Thread.currentThread(), System.nanoTime());
    writing.add(now);
    try {
      out.write(bytes);
      out.flush();
    } finally {
      writing.remove(now);
    }
  }

  /** Ends the writes that have been under way for long: called now and then. */
  void dropStuck(long now) {
    for (Writing write : writing) {
      if (now - write.since > STUCK_NANOS) {
        write.thread.interrupt(); // closes the connection
      }
    }
  }

  /** Has all readers' threads end, as soon as they don't write. */
  void close() {
    closed = true;
  }
}
