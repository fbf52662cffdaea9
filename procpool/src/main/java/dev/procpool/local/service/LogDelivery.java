package dev.procpool.local.service;

import dev.procpool.WorkerLog;
import dev.procpool.codec.ByteOutput;
import dev.procpool.codec.Codec;
import dev.procpool.guard.SafeLog;
import dev.procpool.local.engine.SerialExecutor;
import dev.procpool.local.fleet.PerWorker;
import dev.procpool.local.fleet.Worker;
import dev.procpool.local.settings.Insight;
import dev.procpool.protocol.LogMessage;
import dev.procpool.protocol.ProtocolException;
import dev.procpool.protocol.ToWorker;
import dev.procpool.spi.LogEvent;
import dev.procpool.time.AwakeClock;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Hands the workers' log records to their consumer, those of one worker in the order in which they
 * came, on a thread that carries nothing else.
 *
 * <p>Called on the engine's thread. What waits is bounded: a worker that has {@link
 * LogMessage#WINDOW} records here, or {@link LogMessage#WINDOW_BYTES} of them, waits before it
 * sends another. Exceptions are decoded on a thread for each worker: one whose decoding never ends
 * holds up no record of another worker.
 */
public final class LogDelivery {

  private final Insight insight;
  private final Codec codec;
  private final Executor engine;
  private final Executor threads;
  private final Executor thread;
  private final PerWorker<Sent> sent;

  /** How many records were taken and not delivered. Guarded by itself. */
  private final AtomicInteger open = new AtomicInteger();

  /** Whether the consumer has thrown. Owned by the delivering thread. */
  private boolean failed;

  public LogDelivery(
      Insight insight, Codec codec, Executor engine, Executor threads, PerWorker<Sent> sent) {
    this.insight = insight;
    this.codec = codec;
    this.engine = engine;
    this.threads = threads;
    this.thread = new SerialExecutor(threads);
    this.sent = sent;
  }

  /** Takes a record that a worker has sent. */
  public void take(Worker worker, ByteBuffer in) throws ProtocolException {
    Sent records = of(worker);
    LogWindow.Report report = records.window.take(in.remaining());
    LogMessage message = LogMessage.read(in);
    ProtocolException.check(
        insight.logs().takes(message.bridge()), "log records that nobody asked for");
    long pid = worker.pid();
    open.incrementAndGet();
    records.decoding.execute(
        () -> {
          Optional<Throwable> thrown = thrown(message.thrown());
          thread.execute(
              () -> {
                deliver(worker.number(), pid, message, thrown);
                delivered();
                if (report != null) {
                  engine.execute(() -> done(worker, report));
                }
              });
        });
  }

  private Sent of(Worker worker) {
    Sent known = sent.get(worker);
    return known == null ? sent.put(worker, new Sent(new SerialExecutor(threads))) : known;
  }

  private void delivered() {
    if (open.decrementAndGet() == 0) {
      synchronized (open) {
        open.notifyAll();
      }
    }
  }

  private void done(Worker worker, LogWindow.Report report) {
    of(worker).window.done(report);
    ByteOutput out = new ByteOutput(2 * Integer.BYTES, Long.MAX_VALUE);
    report.write(out);
    worker.send(ToWorker.LOGGED, out.array(), out.size());
  }

  private void deliver(int number, long pid, LogMessage message, Optional<Throwable> thrown) {
    LogEvent event = message.event();
    WorkerLog log =
        new WorkerLog(
            number,
            pid,
            event.time(),
            event.level(),
            event.logger(),
            event.message(),
            thrown,
            insight.labels().describe(message.item()),
            event.thread(),
            event.mdc(),
            event.markers(),
            event.keyValues());
    try {
      insight.logs().accept(message.bridge(), log);
    } catch (Throwable e) { // an Error too must not end this thread
      if (!failed) {
        failed = true;
        SafeLog.log(System.Logger.Level.WARNING, "the consumer of workers' log records failed", e);
      }
    }
  }

  private Optional<Throwable> thrown(byte[] bytes) {
    ClassLoader own = LogDelivery.class.getClassLoader();
    return bytes.length == 0
        ? Optional.empty()
        : Optional.of(codec.decodeThrowable(bytes, 0, bytes.length, own));
  }

  /** Waits for what has been taken, but no longer than the limit: the consumer may hang. */
  public void awaitDelivered(long millis) {
    AwakeClock clock = new AwakeClock();
    long deadline = clock.now() + TimeUnit.MILLISECONDS.toNanos(millis);
    try {
      synchronized (open) {
        while (open.get() > 0) {
          long slice = clock.slice(deadline);
          if (slice <= 0) {
            return;
          }
          TimeUnit.NANOSECONDS.timedWait(open, slice);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The records of one worker. */
  static final class Sent {

    /** Decodes what they have thrown, in turn. */
    private final Executor decoding;

    /** Those that nobody has dealt with yet. */
    private final LogWindow window = new LogWindow();

    private Sent(Executor decoding) {
      this.decoding = decoding;
    }
  }
}
