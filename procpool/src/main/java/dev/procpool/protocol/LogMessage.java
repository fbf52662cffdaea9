package dev.procpool.protocol;

import dev.procpool.codec.ByteOutput;
import dev.procpool.spi.LogEvent;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A log record on its way from a worker to its pool.
 *
 * @param bridge the {@link dev.procpool.spi.LogBridge} that it was sent through; empty for {@code
 *     java.util.logging}
 * @param item what the worker was running; null for nothing
 * @param event the record, without what was thrown
 * @param thrown the encoded throwable; empty for none
 */
@SuppressWarnings("ArrayRecordComponent") // made, sent and dropped; never compared
public record LogMessage(String bridge, @Nullable OutputMark item, LogEvent event, byte[] thrown) {

  /**
   * How many records a worker may have sent that the pool has not reported as done: then it waits.
   */
  public static final int WINDOW = 256;

  /** How many bytes such records may have together; more than two of the largest. */
  public static final int WINDOW_BYTES = 1024 * 1024 + 1024;

  /** The most bytes of a record; its parts are cut to stay below. */
  public static final int MAX_BYTES = 512 * 1024;

  /** The size of what comes before the texts. */
  private static final int FIXED_BYTES = 3 * Long.BYTES + 3 * Integer.BYTES;

  /** The most bytes of a throwable, to be kept by who encodes it. */
  public static final int MAX_THROWN_BYTES = 256 * 1024;

  /** After how many records the pool tells the worker. */
  public static final int REPORTED = 64;

  /** After how many bytes, if that comes first: with the largest record they fit in the window. */
  public static final int REPORTED_BYTES = 256 * 1024;

  private static final int NAME_CHARS = 4 * 1024;
  private static final int THREAD_CHARS = 256;
  private static final int MESSAGE_CHARS = 16 * 1024;

  /**
   * Appends this to a message, cutting what is too long.
   *
   * @param out the message
   */
  public void write(ByteOutput out) {
    Instant time = event.time();
    out.putLong(time.getEpochSecond());
    out.putInt(time.getNano());
    LogFields.level(event.level(), out);
    out.putLong(item == null ? 0 : item.call());
    out.putLong(item == null ? 0 : item.index());
    out.putInt(item == null ? 0 : item.attempt());
    LogFields.text(bridge, out);
    LogFields.text(LogFields.cut(event.logger(), NAME_CHARS), out);
    LogFields.text(LogFields.cut(event.message(), MESSAGE_CHARS), out);
    LogFields.text(LogFields.cut(event.thread(), THREAD_CHARS), out);
    LogFields fields = new LogFields(out);
    fields.map(event.mdc());
    fields.list(event.markers());
    fields.map(event.keyValues());
    out.write(thrown, 0, thrown.length);
  }

  /**
   * Reads one from a message.
   *
   * @param in the message
   * @return the record
   * @throws ProtocolException if it makes no sense
   */
  public static LogMessage read(ByteBuffer in) throws ProtocolException {
    ProtocolException.check(
        in.remaining() <= MAX_BYTES, "a log record of " + in.remaining() + " bytes");
    ProtocolException.checkLength(in, FIXED_BYTES);
    long second = in.getLong();
    int nano = in.getInt();
    ProtocolException.check(
        second >= Instant.MIN.getEpochSecond()
            && second <= Instant.MAX.getEpochSecond()
            && nano >= 0
            && nano <= 999_999_999,
        "a log record of a time that there is not");
    System.Logger.Level level = LogFields.readLevel(in);
    OutputMark item = new OutputMark(in.getLong(), in.getLong(), in.getInt());
    String bridge = LogFields.readText(in);
    String logger = LogFields.readText(in, NAME_CHARS);
    String message = LogFields.readText(in, MESSAGE_CHARS);
    String thread = LogFields.readText(in, THREAD_CHARS);
    LogEvent event =
        new LogEvent(
            Instant.ofEpochSecond(second, nano),
            level,
            logger,
            message,
            Optional.empty(),
            thread,
            LogFields.readTexts(in),
            LogFields.readList(in),
            LogFields.readMap(in));
    byte[] thrown = new byte[in.remaining()];
    in.get(thrown);
    return new LogMessage(bridge, item.call() == 0 ? null : item, event, thrown);
  }
}
