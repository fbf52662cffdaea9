package dev.procpool.local.service;

import dev.procpool.codec.ByteOutput;
import dev.procpool.protocol.LogMessage;
import dev.procpool.protocol.ProtocolException;
import org.jspecify.annotations.Nullable;

/**
 * The log records of a worker that are here and not dealt with, so that it has no more of them here
 * than was agreed. Owned by the engine's thread.
 */
final class LogWindow {

  /**
   * What the worker is told once a record has been dealt with, and those before it.
   *
   * @param records how many
   * @param bytes what they take
   */
  record Report(int records, int bytes) {

    void write(ByteOutput out) {
      out.putInt(records);
      out.putInt(bytes);
    }
  }

  private int records;
  private int bytes;
  private int sinceReport;
  private int bytesSinceReport;

  /**
   * Takes note of a record.
   *
   * @param size its bytes
   * @return what is to be reported after it; null for nothing yet
   * @throws ProtocolException if there is one too many, or too much of them
   */
  @Nullable Report take(int size) throws ProtocolException {
    records++;
    bytes += size;
    ProtocolException.check(
        records <= LogMessage.WINDOW && bytes <= LogMessage.WINDOW_BYTES,
        "log records that are not waited for");
    sinceReport++;
    bytesSinceReport += size;
    if (sinceReport < LogMessage.REPORTED && bytesSinceReport < LogMessage.REPORTED_BYTES) {
      return null;
    }
    Report report = new Report(sinceReport, bytesSinceReport);
    sinceReport = 0;
    bytesSinceReport = 0;
    return report;
  }

  /** What a report says has been dealt with. */
  void done(Report report) {
    records -= report.records();
    bytes -= report.bytes();
  }
}
