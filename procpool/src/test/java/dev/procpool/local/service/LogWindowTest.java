package dev.procpool.local.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.procpool.protocol.LogMessage;
import dev.procpool.protocol.ProtocolException;
import java.util.ArrayDeque;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What of a worker's log records may be here at a time. */
class LogWindowTest {

  @Test
  void noMoreBytesAreTakenThanWereAgreed() throws Exception {
    LogWindow window = new LogWindow();
    int taken = 0;
    for (; taken + LogMessage.MAX_BYTES <= LogMessage.WINDOW_BYTES; taken += LogMessage.MAX_BYTES) {
      window.take(LogMessage.MAX_BYTES);
    }
    assertThat(taken).isEqualTo(2 * LogMessage.MAX_BYTES);
    assertThatExceptionOfType(ProtocolException.class)
        .isThrownBy(() -> window.take(LogMessage.MAX_BYTES));
  }

  @Test
  void noMoreRecordsAreTakenThanWereAgreed() throws Exception {
    LogWindow window = new LogWindow();
    for (int i = 0; i < LogMessage.WINDOW; i++) {
      window.take(1);
    }
    assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> window.take(1));
  }

  /** A worker that keeps to the window always gets on: something is reported once all is done. */
  @Test
  void whoWaitsForTheWindowIsNotKeptWaiting() throws Exception {
    SplittableRandom random = new SplittableRandom(1);
    LogWindow window = new LogWindow();
    ArrayDeque<LogWindow.Report> due = new ArrayDeque<>();
    int records = LogMessage.WINDOW; // what the worker has left
    int bytes = LogMessage.WINDOW_BYTES;
    for (int i = 0; i < 10_000; i++) {
      int size = random.nextInt(1, random.nextInt(2, LogMessage.MAX_BYTES + 1));
      while (records < 1 || bytes < size) {
        LogWindow.Report report = due.poll();
        assertThat(report)
            .as("a report, with %d records and %d bytes left", records, bytes)
            .isNotNull();
        window.done(report);
        records += report.records();
        bytes += report.bytes();
      }
      records--;
      bytes -= size;
      LogWindow.Report report = window.take(size);
      if (report != null) {
        due.add(report);
      }
    }
  }
}
