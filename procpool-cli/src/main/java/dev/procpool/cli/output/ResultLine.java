package dev.procpool.cli.output;

import dev.procpool.cli.journal.JournalLine;
import dev.procpool.cli.reply.Reply;
import dev.procpool.cli.reply.Status;
import dev.procpool.cli.value.JsonText;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** Writes results as JSON, one line each. Used by one thread. */
public final class ResultLine {

  private static final byte[] START = ascii(JournalLine.START);
  private static final byte[] ARGS = ascii(",\"args\":");
  private static final byte[] VALUE = ascii(",\"value\":");
  private static final byte[] MILLISECONDS = ascii(",\"ms\":");
  private static final byte[] PID = ascii(",\"pid\":");
  private static final byte[] END = ascii("}\n");
  private static final Map<Status, byte[]> STATUS = new EnumMap<>(Status.class);

  static {
    for (Status status : Status.values()) {
      STATUS.put(status, ascii(",\"status\":\"" + status.text() + '"'));
    }
  }

  private final ArgumentsText arguments;
  private final boolean withStarts;
  private final Utf8Buffer line = new Utf8Buffer(256);

  /**
   * Makes it.
   *
   * @param arguments shows the arguments
   * @param withStarts whether to tell how often an item was started
   */
  public ResultLine(ArgumentsText arguments, boolean withStarts) {
    this.arguments = arguments;
    this.withStarts = withStarts;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Gives the line of a journal. */
  byte[] ofJournal(Result result) {
    Result.Item item = result.item();
    open(result, line);
    line.put(JournalLine.end(Objects.requireNonNull(item.key()), item.attempt()));
    return line.take();
  }

  /** Gives the line that is printed. */
  String of(Result result) {
    write(result, line);
    return new String(line.take(), StandardCharsets.UTF_8);
  }

  /** Appends the line that is printed. */
  void write(Result result, Utf8Buffer out) {
    open(result, out);
    out.put(END);
  }

  private void open(Result result, Utf8Buffer out) {
    Reply reply = result.reply();
    out.put(START);
    out.put(result.item().index());
    out.put(ARGS);
    arguments.write(result.row(), reply.status(), out);
    out.put(Objects.requireNonNull(STATUS.get(reply.status())));
    if (reply.status() == Status.OK) {
      out.put(VALUE);
      out.put(reply.value());
    } else {
      writeError(reply, out);
    }
    if (reply.printed() != null) {
      out.put(",\"printed\":");
      out.putQuoted(reply.printed());
    }
    if (withStarts) {
      out.put(",\"starts\":");
      out.put(result.outcome().attempts());
    }
    out.put(MILLISECONDS);
    writeMilliseconds(result.outcome().duration(), out);
    out.put(PID);
    out.put(result.outcome().workerPid());
  }

  private static void writeError(Reply reply, Utf8Buffer out) {
    out.put(",\"error\":{\"type\":");
    out.putQuoted(reply.errorType());
    out.put(",\"message\":");
    out.put(JsonText.of(reply.message()));
    if (reply.frame() != null) {
      out.put(",\"at\":");
      out.putQuoted(reply.frame());
    }
    if (reply.stack() != null) {
      out.put(",\"stack\":");
      out.putQuoted(reply.stack());
    }
    out.put('}');
  }

  /** With three decimals. */
  private static void writeMilliseconds(Duration time, Utf8Buffer out) {
    long micros = time.getSeconds() * 1_000_000 + (time.getNano() + 500) / 1000;
    int decimals;
    if (micros <= Integer.MAX_VALUE) { // C1 calls a function to divide a long
      int small = (int) micros;
      out.put(small / 1000);
      decimals = small % 1000;
    } else {
      out.put(micros / 1000);
      decimals = (int) (micros % 1000);
    }
    out.put('.');
    out.put((char) ('0' + decimals / 100));
    out.put((char) ('0' + decimals / 10 % 10));
    out.put((char) ('0' + decimals % 10));
  }
}
