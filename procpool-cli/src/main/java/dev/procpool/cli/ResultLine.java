package dev.procpool.cli;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Writes results as JSON, one line each. Immutable. */
final class ResultLine {

  private final ArgumentsText arguments;
  private final boolean withStarts;

  /**
   * Makes it.
   *
   * @param arguments shows the arguments
   * @param withStarts whether to tell how often an item was started
   */
  ResultLine(ArgumentsText arguments, boolean withStarts) {
    this.arguments = arguments;
    this.withStarts = withStarts;
  }

  /** Gives the line of a journal. */
  String ofJournal(Result result) {
    Result.Item item = result.item();
    return open(result).append(JournalLine.end(item.key(), item.attempt())).toString();
  }

  /** Gives the line that is printed. */
  String of(Result result) {
    return open(result).append("}\n").toString();
  }

  private StringBuilder open(Result result) {
    Reply reply = result.reply();
    StringBuilder line = new StringBuilder(192);
    line.append(JournalLine.START).append(result.item().index());
    line.append(",\"args\":").append(arguments.of(result.row(), reply.status()));
    line.append(",\"status\":\"").append(reply.status().text()).append('"');
    if (reply.status() == Status.OK) {
      line.append(",\"value\":").append(reply.json());
    } else {
      line.append(",\"error\":{\"type\":").append(JsonText.quote(reply.error()));
      line.append(",\"message\":").append(JsonText.of(reply.message()));
      if (reply.frame() != null) {
        line.append(",\"at\":").append(JsonText.quote(reply.frame()));
      }
      if (reply.stack() != null) {
        line.append(",\"stack\":").append(JsonText.quote(reply.stack()));
      }
      line.append('}');
    }
    if (reply.printed() != null) {
      line.append(",\"printed\":").append(JsonText.quote(reply.printed()));
    }
    if (withStarts) {
      line.append(",\"starts\":").append(result.outcome().attempts());
    }
    line.append(",\"ms\":").append(milliseconds(result.outcome().duration()));
    return line.append(",\"pid\":").append(result.outcome().workerPid());
  }

  private static String milliseconds(Duration time) {
    return BigDecimal.valueOf(TimeUnit.NANOSECONDS.convert(time), 6)
        .setScale(3, RoundingMode.HALF_UP)
        .toPlainString();
  }
}
