package dev.procpool.cli;

import dev.procpool.Outcome;
import java.io.IOException;
import java.io.Writer;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Writes outcomes as JSON lines. Owned by the thread that takes the outcomes. */
final class ResultWriter implements AutoCloseable {

  private final Writer out;
  private final ArgumentsText arguments;

  ResultWriter(Writer out, ArgumentsText arguments) {
    this.out = out;
    this.arguments = arguments;
  }

  /** Writes one line and passes it on at once: the reader may be another program that waits. */
  void write(Row row, Outcome<Reply> outcome, Reply reply) throws IOException {
    StringBuilder line = new StringBuilder(128);
    line.append("{\"index\":").append(outcome.index());
    line.append(",\"args\":").append(arguments.of(row, reply.status()));
    line.append(",\"status\":\"").append(reply.status().text()).append('"');
    if (reply.status() == Status.OK) {
      line.append(",\"value\":").append(reply.json());
    } else {
      line.append(",\"error\":{\"type\":").append(JsonText.of(reply.error()));
      line.append(",\"message\":").append(JsonText.of(reply.message()));
      if (reply.stack() != null) {
        line.append(",\"stack\":").append(JsonText.quote(reply.stack()));
      }
      line.append('}');
    }
    line.append(",\"ms\":").append(milliseconds(outcome.duration()));
    line.append(",\"pid\":").append(outcome.workerPid()).append("}\n");
    out.append(line);
    out.flush();
  }

  private static String milliseconds(Duration time) {
    return BigDecimal.valueOf(TimeUnit.NANOSECONDS.convert(time), 6)
        .setScale(3, RoundingMode.HALF_UP)
        .toPlainString();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
