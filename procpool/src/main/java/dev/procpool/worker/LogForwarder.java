package dev.procpool.worker;

import dev.procpool.channel.WorkerChannel;
import dev.procpool.codec.ByteOutput;
import dev.procpool.codec.Codec;
import dev.procpool.protocol.FrameType;
import dev.procpool.protocol.LogMessage;
import dev.procpool.protocol.OutputMark;
import java.io.IOException;
import java.time.Instant;
import java.util.function.Supplier;
import java.util.logging.ConsoleHandler;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.jspecify.annotations.Nullable;

/**
 * A handler of {@code java.util.logging} that sends records to the pool, on the thread that logs:
 * what was logged before a crash has been sent. Thread-safe.
 *
 * <p>The only class of the worker that needs the module {@code java.logging}.
 */
final class LogForwarder extends Handler {

  private static final int NAME_CHARS = 4 * 1024;
  private static final int MESSAGE_CHARS = 16 * 1024;
  private static final int THROWN_BYTES = 256 * 1024;

  private final WorkerChannel channel;
  private final Codec codec;
  private final LogCredit credit;
  private final Supplier<@Nullable OutputMark> running;

  private LogForwarder(
      WorkerChannel channel,
      Codec codec,
      LogCredit credit,
      Supplier<@Nullable OutputMark> running) {
    this.channel = channel;
    this.codec = codec;
    this.credit = credit;
    this.running = running;
    setFormatter(new SimpleFormatter()); // localizes and fills in parameters
  }

  /** Puts one in the place of the root logger's console handlers. */
  static void install(
      WorkerChannel channel,
      Codec codec,
      LogCredit credit,
      Supplier<@Nullable OutputMark> running) {
    Logger root = Logger.getLogger("");
    for (Handler handler : root.getHandlers()) {
      if (handler instanceof ConsoleHandler) {
        root.removeHandler(handler);
      }
    }
    root.addHandler(new LogForwarder(channel, codec, credit, running));
  }

  @Override
  public void publish(LogRecord record) {
    if (!isLoggable(record) || !credit.take()) {
      return;
    }
    try {
      ByteOutput out = new ByteOutput(512, Long.MAX_VALUE);
      message(record).write(out);
      channel.send(FrameType.LOG, out.array(), out.size());
    } catch (IOException e) {
      // the pool is gone; the inbox ends the process
    }
  }

  private LogMessage message(LogRecord record) {
    String text = String.valueOf(getFormatter().formatMessage(record));
    String name = record.getLoggerName();
    Instant time = record.getInstant();
    return new LogMessage(
        time.getEpochSecond(),
        time.getNano(),
        severity(record.getLevel()),
        name == null ? "" : cut(name, NAME_CHARS),
        cut(text, MESSAGE_CHARS),
        running.get(),
        thrown(record.getThrown()));
  }

  private static String cut(String text, int most) {
    return text.length() > most ? text.substring(0, most) + " …" : text;
  }

  private byte[] thrown(@Nullable Throwable error) {
    if (error == null) {
      return new byte[0];
    }
    ByteOutput out = new ByteOutput(1024, Long.MAX_VALUE);
    codec.encodeThrowable(error, out);
    if (out.size() > THROWN_BYTES) {
      Throwable instead =
          new Throwable(error.getClass().getName() + ", too large to be sent to the pool");
      instead.setStackTrace(error.getStackTrace());
      out.reset();
      codec.encodeThrowable(instead, out);
    }
    if (out.size() > THROWN_BYTES) { // a stack of very many frames
      out.reset();
    }
    return out.toByteArray();
  }

  /** The severity of the highest of {@link System.Logger.Level} that is not above the level. */
  private static int severity(Level level) {
    int severity = System.Logger.Level.TRACE.getSeverity();
    for (System.Logger.Level one : System.Logger.Level.values()) {
      boolean isReal = one != System.Logger.Level.ALL && one != System.Logger.Level.OFF;
      if (isReal && one.getSeverity() <= level.intValue()) {
        severity = one.getSeverity();
      }
    }
    return severity;
  }

  @Override
  public void flush() {
    // nothing is kept
  }

  @Override
  public void close() {
    // the channel is the process's
  }
}
