package dev.procpool.worker;

import dev.procpool.channel.WorkerChannel;
import dev.procpool.codec.ByteOutput;
import dev.procpool.codec.Codec;
import dev.procpool.guard.SafeText;
import dev.procpool.protocol.LogMessage;
import dev.procpool.protocol.OutputMark;
import dev.procpool.protocol.ToParent;
import dev.procpool.spi.LogEvent;
import java.io.IOException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends log records to the pool, on the thread that logs: what was logged before a crash has been
 * sent. Thread-safe.
 */
final class LogSender {

  private final WorkerChannel channel;
  private final Codec codec;
  private final LogCredit credit;
  private final Supplier<@Nullable OutputMark> running;

  LogSender(
      WorkerChannel channel,
      Codec codec,
      LogCredit credit,
      Supplier<@Nullable OutputMark> running) {
    this.channel = channel;
    this.codec = codec;
    this.credit = credit;
    this.running = running;
  }

  /** Sends a record through a bridge of this name; through none if that is empty. */
  void send(String bridge, LogEvent event) {
    byte[] thrown = event.thrown().map(this::encoded).orElse(new byte[0]);
    ByteOutput out = new ByteOutput(512, Long.MAX_VALUE);
    new LogMessage(bridge, running.get(), event, thrown).write(out);
    if (!credit.take(out.size())) {
      return;
    }
    try {
      channel.send(ToParent.LOG, out.array(), out.size());
    } catch (IOException e) {
      // the pool is gone; the inbox ends the process
    }
  }

  private byte[] encoded(Throwable error) {
    ByteOutput out = new ByteOutput(1024, Long.MAX_VALUE);
    codec.encodeThrowable(error, out);
    if (out.size() > LogMessage.MAX_THROWN_BYTES) {
      Throwable instead =
          new Throwable(error.getClass().getName() + ", too large to be sent to the pool");
      instead.setStackTrace(SafeText.stackTrace(error));
      out.reset();
      codec.encodeThrowable(instead, out);
    }
    if (out.size() > LogMessage.MAX_THROWN_BYTES) { // a stack of very many frames
      out.reset();
    }
    return out.toByteArray();
  }
}
