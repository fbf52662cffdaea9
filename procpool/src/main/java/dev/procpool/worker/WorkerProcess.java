package dev.procpool.worker;

import dev.procpool.TaskSerializationException;
import dev.procpool.WorkerContext;
import dev.procpool.channel.FrameReader;
import dev.procpool.channel.RunPage;
import dev.procpool.channel.WorkerChannel;
import dev.procpool.channel.WorkerRings;
import dev.procpool.codec.ByteOutput;
import dev.procpool.codec.Codec;
import dev.procpool.codec.CodecException;
import dev.procpool.function.Action0;
import dev.procpool.guard.SafeText;
import dev.procpool.protocol.ItemCodec;
import dev.procpool.protocol.OutputMark;
import dev.procpool.protocol.ToParent;
import dev.procpool.protocol.ToWorker;
import dev.procpool.protocol.WorkerConfig;
import dev.procpool.spi.WorkerLogs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A worker's life: configuration, initializer, then tasks until told to stop.
 *
 * <p>Threads: the main one runs tasks and nothing else runs users' code; {@link Inbox} reads
 * frames; {@link Watchdog} interrupts what runs too long; {@link Heartbeat} shows that the process
 * gets processor time.
 */
final class WorkerProcess {

  private static final int FAULT = 70;

  /** What an array holds, less the frame around a value. */
  private static final long MAX_VALUE_BYTES = Integer.MAX_VALUE - 1024;

  /** A failure that takes more goes as text: the pool takes no large frame on the socket. */
  private static final long MAX_FAILURE_BYTES = 4 * 1024 * 1024;

  private final WorkerChannel channel;
  private final WorkerRings rings;
  private final RunPage page;
  private final ParentWatch parentWatch;

  WorkerProcess(WorkerChannel channel, WorkerRings rings, RunPage page, ParentWatch parentWatch) {
    this.channel = channel;
    this.rings = rings;
    this.page = page;
    this.parentWatch = parentWatch;
  }

  void run() {
    Heartbeat.start(page);
    try {
      WorkerConfig config = readConfig();
      ClassFetch fetch = new ClassFetch(channel);
      ClassLoader own = Thread.currentThread().getContextClassLoader();
      ClassLoader loader = fetch.loader(config.loader(), own);
      Codec codec = new Codec(null, Math.min(config.maxPayload(), MAX_VALUE_BYTES)).trusting();
      TaskTable tasks = new TaskTable(codec, own, fetch);
      ChunkQueue chunks = new ChunkQueue(rings, channel, tasks, config.maxTasks());
      ItemGuard guard = new ItemGuard(Thread.currentThread());
      Watchdog watchdog = new Watchdog(guard, page, channel, codec, config.graceNanos());
      ItemContext context = new ItemContext(config.workerNumber(), guard, page, chunks);
      LogCredit credit = new LogCredit();
      Supplier<@Nullable OutputMark> running = context::mark;
      LogSender logs = new LogSender(channel, codec, credit, running);
      ParentLoggers loggers = new ParentLoggers(channel, logs);
      new Inbox(channel, chunks, guard, fetch, credit, loggers, parentWatch).start();
      setProperties(config.properties());
      WorkerLogs.connect(loggers);
      MarkedOutput.install(config.outputKey(), config.marksOutput(), running);
      if (config.forwardLogs()) {
        LogForwarder.install(logs);
      }
      WorkerContext.callWith(
          context,
          () -> {
            Codec items = itemCodec(config.items(), codec, fetch, own);
            if (items != null && initialize(config.initializer(), codec, loader)) {
              channel.send(ToParent.READY, new byte[0], 0);
              new ItemRunner(rings, page, items, chunks, tasks, guard, watchdog, context).run();
              finish(config.finalizer(), codec, loader);
            }
            return null;
          });
    } catch (IOException e) {
      parentWatch.halt(); // the channel is broken: the pool is gone or has given this worker up
    } catch (Throwable t) {
      SafeText.print(
          t, System.err); // a fault of ours: the pool shows it as this worker's last words
      Runtime.getRuntime().halt(FAULT);
    }
    parentWatch.endUnmarked();
    parentWatch.removeMemory();
    channel.prepareForExit();
    // exit, not return: threads left by tasks must not keep the process alive
    System.exit(0);
  }

  private WorkerConfig readConfig() throws IOException {
    FrameReader frame = channel.receive();
    if (frame == null) {
      parentWatch.halt();
      throw new IOException("the pool ended before it answered");
    }
    if (frame.type() != ToWorker.CONFIG) {
      throw new IOException("expected the configuration, got a frame of type " + frame.type());
    }
    return WorkerConfig.read(ByteBuffer.wrap(frame.array(), frame.offset(), frame.length()));
  }

  /** What the user's options for this JVM say is left as it is. */
  private static void setProperties(Map<String, String> properties) {
    for (Map.Entry<String, String> property : properties.entrySet()) {
      if (System.getProperty(property.getKey()) == null) {
        System.setProperty(property.getKey(), property.getValue());
      }
    }
  }

  /** Runs the finalizer. Nobody waits for more than its end. */
  @SuppressWarnings("CatchAndPrintStackTrace") // standard error is this process's log
  private static void finish(byte[] encoded, Codec codec, ClassLoader loader) {
    if (encoded.length > 0) {
      try {
        run(action(encoded, codec, loader), loader);
      } catch (Throwable e) { // the last words of this worker
        SafeText.print(e, System.err);
      }
    }
  }

  /** With the loader of its classes as context, as an item has it. */
  private static void run(Action0 action, ClassLoader loader) throws Exception {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(loader);
    try {
      action.run();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private static Action0 action(byte[] encoded, Codec codec, ClassLoader loader)
      throws CodecException {
    return (Action0) Objects.requireNonNull(codec.decode(encoded, 0, encoded.length, loader));
  }

  /** Gives the codec for arguments and results; if it can't be made, says so and gives null. */
  private @Nullable Codec itemCodec(
      ItemCodec message, Codec codec, ClassFetch fetch, ClassLoader own) throws IOException {
    try {
      return message.forWorker(codec, fetch.loader(message.loader(), own));
    } catch (CodecException e) {
      startFailed(new TaskSerializationException(String.valueOf(e.getMessage()), e.thrown()));
      return null;
    } catch (RuntimeException | LinkageError e) {
      startFailed(e);
      return null;
    } finally {
      Thread.interrupted(); // as after an initializer
    }
  }

  /** Runs the initializer; says how it failed if it did. */
  private boolean initialize(byte[] encoded, Codec codec, ClassLoader loader) throws IOException {
    if (encoded.length == 0) {
      return true;
    }
    try {
      run(action(encoded, codec, loader), loader);
      return true;
    } catch (CodecException e) {
      startFailed(
          new TaskSerializationException(
              "the initializer can't be deserialized in the worker: " + e.getMessage(),
              e.thrown()));
      return false;
    } catch (Throwable e) { // whatever it is, the pool is to know
      startFailed(e);
      return false;
    } finally {
      Thread.interrupted(); // what it did to its thread is not meant for what comes next
    }
  }

  private void startFailed(Throwable error) throws IOException {
    ByteOutput out = new ByteOutput(1024, Long.MAX_VALUE);
    new Codec(null, MAX_FAILURE_BYTES).encodeThrowable(error, out);
    channel.send(ToParent.START_FAILED, out.array(), out.size());
  }
}
