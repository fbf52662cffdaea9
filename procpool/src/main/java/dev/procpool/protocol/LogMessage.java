package dev.procpool.protocol;

import dev.procpool.codec.ByteOutput;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A log record on its way from a worker to its pool.
 *
 * @param epochSecond when it was logged, the seconds
 * @param nano when it was logged, the rest
 * @param severity the level, as {@link System.Logger.Level#getSeverity()}
 * @param logger the logger's name
 * @param message the message
 * @param item what the worker was running; null for nothing
 * @param thrown the encoded throwable; empty for none
 */
@SuppressWarnings("ArrayRecordComponent") // made, sent and dropped; never compared
public record LogMessage(
    long epochSecond,
    int nano,
    int severity,
    String logger,
    String message,
    @Nullable OutputMark item,
    byte[] thrown) {

  /**
   * How many records a worker may have sent that the pool has not reported as done: then it waits.
   */
  public static final int WINDOW = 256;

  /** The most bytes of a record; the worker cuts its parts to stay far below. */
  public static final int MAX_BYTES = 512 * 1024;

  /** The size of what comes before the texts. */
  private static final int FIXED_BYTES = 3 * Long.BYTES + 3 * Integer.BYTES;

  /** After how many records the pool tells the worker. */
  public static final int REPORTED = 64;

  /**
   * Appends this to a message.
   *
   * @param out the message
   */
  public void write(ByteOutput out) {
    out.putLong(epochSecond);
    out.putInt(nano);
    out.putInt(severity);
    out.putLong(item == null ? 0 : item.call());
    out.putLong(item == null ? 0 : item.index());
    out.putInt(item == null ? 0 : item.attempt());
    text(logger, out);
    text(message, out);
    out.write(thrown, 0, thrown.length);
  }

  private static void text(String text, ByteOutput out) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.putInt(bytes.length);
    out.write(bytes, 0, bytes.length);
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
    int severity = in.getInt();
    OutputMark item = new OutputMark(in.getLong(), in.getLong(), in.getInt());
    String logger = text(in);
    String message = text(in);
    byte[] thrown = new byte[in.remaining()];
    in.get(thrown);
    return new LogMessage(
        second, nano, severity, logger, message, item.call() == 0 ? null : item, thrown);
  }

  private static String text(ByteBuffer in) throws ProtocolException {
    ProtocolException.checkLength(in, Integer.BYTES);
    int length = in.getInt();
    ProtocolException.check(
        length >= 0 && length <= in.remaining(), "a text of " + length + " bytes");
    byte[] bytes = new byte[length];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
