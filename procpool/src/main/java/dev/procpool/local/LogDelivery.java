package dev.procpool.local;

import dev.procpool.codec.ByteOutput;
import dev.procpool.codec.Codec;
import dev.procpool.protocol.FrameType;
import dev.procpool.protocol.LogMessage;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Hands the workers' log records to their consumer, in the order in which they came, on a thread
 * that carries nothing else.
 *
 * <p>Called on the engine's thread. What waits is bounded: a worker that has {@link
 * LogMessage#WINDOW} records here waits before it sends another.
 */
final class LogDelivery {

  /** Sends the worker a frame. */
  interface Sender {

    void send(Worker worker, int type, byte[] payload, int length);
  }

  private final Insight insight;
  private final Codec codec;
  private final Executor engine;
  private final Executor thread;
  private final Sender sender;

  /** Whether the consumer has thrown. Owned by the delivering thread. */
  private boolean failed;

  LogDelivery(Insight insight, Codec codec, Executor engine, Executor threads, Sender sender) {
    this.insight = insight;
    this.codec = codec;
    this.engine = engine;
    this.thread = new SerialExecutor(threads);
    this.sender = sender;
  }

  /** Takes a record that a worker has sent. */
  void take(Worker worker, ByteBuffer in) {
    Consumer<? super WorkerLog> consumer = insight.logs();
    if (consumer == null || ++worker.logsWaiting > LogMessage.WINDOW) {
      throw new IllegalStateException("log records that nobody asked for");
    }
    LogMessage message = LogMessage.read(in);
    long pid = worker.pid();
    boolean tell = ++worker.logsTaken % LogMessage.REPORTED == 0;
    thread.execute(
        () -> {
          deliver(consumer, worker.number, pid, message);
          if (tell) {
            engine.execute(() -> done(worker));
          }
        });
  }

  private void done(Worker worker) {
    worker.logsWaiting -= LogMessage.REPORTED;
    ByteOutput out = new ByteOutput(Integer.BYTES, Long.MAX_VALUE);
    out.putInt(LogMessage.REPORTED);
    sender.send(worker, FrameType.LOGGED, out.array(), out.size());
  }

  private void deliver(
      Consumer<? super WorkerLog> consumer, int number, long pid, LogMessage message) {
    try {
      consumer.accept(
          new WorkerLog(
              number,
              pid,
              Instant.ofEpochSecond(message.epochSecond(), message.nano()),
              level(message.severity()),
              message.logger(),
              message.message(),
              Optional.ofNullable(thrown(message.thrown())),
              insight.labels().describe(message.item())));
    } catch (Throwable e) { // an Error too must not end this thread
      if (!failed) {
        failed = true;
        System.getLogger("dev.procpool")
            .log(System.Logger.Level.WARNING, "the consumer of workers' log records failed", e);
      }
    }
  }

  private @Nullable Throwable thrown(byte[] bytes) {
    return bytes.length == 0
        ? null
        : codec.decodeThrowable(bytes, 0, bytes.length, LogDelivery.class.getClassLoader());
  }

  private static System.Logger.Level level(int severity) {
    for (System.Logger.Level level : System.Logger.Level.values()) {
      if (level.getSeverity() == severity) {
        return level;
      }
    }
    return System.Logger.Level.INFO;
  }

  /** Waits for what has been taken, but no longer than the limit: the consumer may hang. */
  void awaitDelivered(long millis) {
    if (!insight.forwardsLogs()) {
      return;
    }
    CountDownLatch delivered = new CountDownLatch(1);
    thread.execute(delivered::countDown);
    try {
      delivered.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
