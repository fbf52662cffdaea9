package dev.procpool.local;

import dev.procpool.LimitKind;
import dev.procpool.Outcome;
import dev.procpool.OutcomeKind;
import dev.procpool.PoolEvent;
import dev.procpool.Progress;
import dev.procpool.TaskSerializationException;
import dev.procpool.WorkerExit;
import dev.procpool.codec.ByteOutput;
import dev.procpool.codec.Codec;
import dev.procpool.codec.DepthFilter;
import dev.procpool.guard.SafeText;
import dev.procpool.spi.Attempt;
import dev.procpool.spi.EncodedThrowable;
import dev.procpool.spi.ItemRun;
import dev.procpool.spi.WorkerName;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An outcome of an {@link dev.procpool.spi.EncodedTask} as bytes, for the way back to the JVM that
 * has sent the task. Without state.
 *
 * <pre>{@code
 * EncodedOutcome.write(outcome, run, out);                        // here
 * EncodedOutcome.Received received = EncodedOutcome.read(in);     // there
 * Outcome<String> outcome = call.outcome(received.outcome());
 * }</pre>
 *
 * <p>Both JVMs have the same version of procpool. What is read is trusted to come from such a JVM:
 * a damaged form is an {@code IOException}, but its numbers are not checked.
 *
 * @since 0.2.0
 */
public final class EncodedOutcome {

  private static final Codec ERRORS = new Codec(new DepthFilter(1000), DataOptions.MAX_PAYLOAD);

  private enum Cause {
    /** What the task threw. */
    THROWN,
    /** Something could not be serialized. */
    NOT_SERIALIZABLE,
    /** Of the pool's own. */
    OTHER
  }

  private EncodedOutcome() {}

  /**
   * What was read.
   *
   * @param outcome the outcome, its value still bytes
   * @param run what else is known of the last attempt
   */
  public record Received(Outcome<byte[]> outcome, ItemRun run) {}

  // ---------------------------------------------------------------- writing

  /**
   * Writes an outcome.
   *
   * @param outcome the outcome; not {@link Outcome.Pending}
   * @param run what else is known of the last attempt
   * @param out where to
   * @throws IOException if {@code out} throws it
   */
  public static void write(Outcome<byte[]> outcome, ItemRun run, DataOutputStream out)
      throws IOException {
    OutcomeKind kind = OutcomeKind.of(outcome);
    out.writeUTF(kind.name());
    out.writeLong(outcome.index());
    out.writeInt(outcome.attempts());
    write(outcome.duration(), out);
    out.writeLong(outcome.workerPid());
    writeText(outcome.host(), out);
    writeRun(run, out);
    if (outcome instanceof Outcome.Success<byte[]> success) {
      writeBytes(success.value(), out);
      return;
    }
    writeBytes(outcome.partial().orElse(null), out);
    writeProgress(outcome.progress().orElse(null), out);
    if (outcome instanceof Outcome.Failure<byte[]> failure) {
      writeError(failure.error(), out);
    } else if (outcome instanceof Outcome.TimedOut<byte[]> timedOut) {
      out.writeUTF(timedOut.kind().name());
      write(timedOut.limit(), out);
      out.writeBoolean(timedOut.firstOfWorker());
      writeStack(timedOut.stack(), out);
    } else if (outcome instanceof Outcome.WorkerLost<byte[]> lost) {
      writeExit(lost.exit(), out);
    }
  }

  private static void writeError(Throwable error, DataOutputStream out) throws IOException {
    if (error instanceof EncodedThrowable thrown) {
      out.writeUTF(Cause.THROWN.name());
      writeBytes(thrown.bytes(), out);
    } else if (error.getClass() == TaskSerializationException.class) {
      out.writeUTF(Cause.NOT_SERIALIZABLE.name());
      writeText(Objects.requireNonNullElse(SafeText.message(error), ""), out);
      Throwable cause = SafeText.cause(error);
      writeBytes(
          cause == null
              ? null
              : cause instanceof EncodedThrowable thrown ? thrown.bytes() : encoded(cause),
          out);
    } else {
      out.writeUTF(Cause.OTHER.name());
      writeBytes(encoded(error), out);
    }
  }

  private static byte[] encoded(Throwable error) {
    ByteOutput bytes = new ByteOutput(1024, Long.MAX_VALUE);
    ERRORS.encodeThrowable(error, bytes);
    return bytes.toByteArray();
  }

  private static void writeRun(ItemRun run, DataOutputStream out) throws IOException {
    PoolEvent.Worker worker = run.worker();
    out.writeInt(worker == null ? -1 : worker.number());
    out.writeLong(run.waitNanos());
    out.writeLong(run.sentBytes());
    out.writeLong(run.receivedBytes());
  }

  private static void writeExit(WorkerExit exit, DataOutputStream out) throws IOException {
    out.writeLong(exit.pid());
    writeText(exit.host(), out);
    out.writeInt(exit.status());
    out.writeUTF(exit.reason().name());
    writeText(exit.signalName(), out);
    writeTexts(exit.stderrTail(), out);
    writeText(exit.crashPath(), out);
    writeTexts(exit.crashSummary(), out);
  }

  private static void writeStack(List<StackTraceElement> stack, DataOutputStream out)
      throws IOException {
    out.writeInt(stack.size());
    for (StackTraceElement frame : stack) {
      writeText(frame.getClassLoaderName(), out);
      writeText(frame.getModuleName(), out);
      writeText(frame.getModuleVersion(), out);
      writeText(frame.getClassName(), out);
      writeText(frame.getMethodName(), out);
      writeText(frame.getFileName(), out);
      out.writeInt(frame.getLineNumber());
    }
  }

  private static void writeProgress(@Nullable Progress progress, DataOutputStream out)
      throws IOException {
    out.writeBoolean(progress != null);
    if (progress != null) {
      out.writeDouble(progress.fraction());
      writeText(progress.note(), out);
    }
  }

  private static void write(Duration duration, DataOutputStream out) throws IOException {
    out.writeLong(duration.getSeconds());
    out.writeInt(duration.getNano());
  }

  private static void writeTexts(List<String> texts, DataOutputStream out) throws IOException {
    out.writeInt(texts.size());
    for (String text : texts) {
      writeText(text, out);
    }
  }

  private static void writeText(@Nullable String text, DataOutputStream out) throws IOException {
    out.writeInt(text == null ? -1 : text.length());
    if (text != null) {
      out.writeChars(text); // half of a pair, too, as in an exception's text
    }
  }

  private static void writeBytes(byte @Nullable [] bytes, DataOutputStream out) throws IOException {
    out.writeInt(bytes == null ? -1 : bytes.length);
    if (bytes != null) {
      out.write(bytes);
    }
  }

  // ---------------------------------------------------------------- reading

  /**
   * Reads an outcome.
   *
   * @param in what {@link #write} wrote
   * @return the outcome
   * @throws IOException if {@code in} throws it, or this is no outcome
   */
  public static Received read(DataInputStream in) throws IOException {
    OutcomeKind kind = readEnum(OutcomeKind.class, in);
    long index = in.readLong();
    int attempts = in.readInt();
    Duration duration = readDuration(in);
    WorkerName worker = WorkerName.of("", in.readLong());
    worker = WorkerName.of(text(in), worker.pid());
    Attempt attempt = new Attempt(index, attempts, duration, worker);
    ItemRun run = readRun(in, worker);
    if (kind == OutcomeKind.SUCCESS) {
      return new Received(attempt.succeeded(bytes(in)), run);
    }
    byte[] part = readBytes(in);
    return new Received(readFailed(kind, attempt.leaving(part, readProgress(in)), in), run);
  }

  private static Outcome<byte[]> readFailed(OutcomeKind kind, Attempt attempt, DataInputStream in)
      throws IOException {
    return switch (kind) {
      case FAILURE -> attempt.failed(readError(in));
      case TIMED_OUT -> {
        LimitKind limit = readEnum(LimitKind.class, in);
        Duration time = readDuration(in);
        boolean isFirst = in.readBoolean();
        yield attempt.timedOut(limit, time, readStack(in), isFirst);
      }
      case WORKER_LOST -> attempt.lost(readExit(in));
      default -> attempt.cancelled();
    };
  }

  private static Throwable readError(DataInputStream in) throws IOException {
    return switch (readEnum(Cause.class, in)) {
      case THROWN -> new EncodedThrowable(bytes(in));
      case NOT_SERIALIZABLE -> {
        String message = text(in);
        byte[] cause = readBytes(in);
        yield new TaskSerializationException(
            message, cause == null ? null : new EncodedThrowable(cause));
      }
      case OTHER -> {
        byte[] error = bytes(in);
        yield ERRORS.decodeThrowable(error, 0, error.length, EncodedOutcome.class.getClassLoader());
      }
    };
  }

  private static ItemRun readRun(DataInputStream in, WorkerName worker) throws IOException {
    int number = in.readInt();
    return new ItemRun(
        number < 0 ? null : new PoolEvent.Worker(number, worker.host(), worker.pid()),
        in.readLong(),
        in.readLong(),
        in.readLong());
  }

  private static WorkerExit readExit(DataInputStream in) throws IOException {
    return new WorkerExit(
        in.readLong(),
        text(in),
        in.readInt(),
        readEnum(WorkerExit.Reason.class, in),
        readText(in),
        readTexts(in),
        readText(in),
        readTexts(in));
  }

  private static List<StackTraceElement> readStack(DataInputStream in) throws IOException {
    List<StackTraceElement> stack = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      stack.add(
          new StackTraceElement(
              readText(in),
              readText(in),
              readText(in),
              text(in),
              text(in),
              readText(in),
              in.readInt()));
    }
    return stack;
  }

  private static @Nullable Progress readProgress(DataInputStream in) throws IOException {
    return in.readBoolean() ? new Progress(in.readDouble(), text(in)) : null;
  }

  private static Duration readDuration(DataInputStream in) throws IOException {
    return Duration.ofSeconds(in.readLong(), in.readInt());
  }

  private static List<String> readTexts(DataInputStream in) throws IOException {
    List<String> texts = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      texts.add(text(in));
    }
    return texts;
  }

  private static String text(DataInputStream in) throws IOException {
    String text = readText(in);
    if (text == null) {
      throw new IOException("no outcome: a text is missing");
    }
    return text;
  }

  private static @Nullable String readText(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0) {
      return null;
    }
    StringBuilder text = new StringBuilder(Math.min(length, 1024));
    for (int i = 0; i < length; i++) {
      text.append(in.readChar());
    }
    return text.toString();
  }

  private static byte[] bytes(DataInputStream in) throws IOException {
    byte[] bytes = readBytes(in);
    if (bytes == null) {
      throw new IOException("no outcome: bytes are missing");
    }
    return bytes;
  }

  private static byte @Nullable [] readBytes(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0) {
      return null;
    }
    byte[] bytes = in.readNBytes(length); // no array of a size that nobody has sent
    if (bytes.length < length) {
      throw new IOException("no outcome: it ends in the middle");
    }
    return bytes;
  }

  private static <E extends Enum<E>> E readEnum(Class<E> type, DataInputStream in)
      throws IOException {
    String name = in.readUTF();
    try {
      return Enum.valueOf(type, name);
    } catch (IllegalArgumentException e) {
      throw new IOException("no outcome: unknown " + type.getSimpleName() + " " + name, e);
    }
  }
}
