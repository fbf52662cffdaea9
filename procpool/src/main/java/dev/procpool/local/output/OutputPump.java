package dev.procpool.local.output;

import dev.procpool.guard.SafeLog;
import dev.procpool.protocol.OutputMark;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A thread that reads one stream of a worker and passes it on line by line.
 *
 * <p>Bytes are put together to lines before they are decoded, so no character is cut. A line longer
 * than {@link #MAX_LINE_BYTES} is passed on in pieces, so that a flood without line ends takes no
 * memory.
 *
 * <p>A line that several have written, as one that an item has begun and the JVM has ended, goes to
 * the consumer whole and to the tail in pieces.
 *
 * <p>Nothing that the consumer throws stops it: a stream that nobody reads would stop its worker.
 */
public final class OutputPump implements Runnable {

  /** So long nothing comes from a pipe with nothing in it, on a machine that is busy. */
  private static final long QUIET_MILLIS = 100;

  private static final int MAX_LINE_BYTES = 64 * 1024;

  /** Takes a line, and the mark that its first byte had. */
  @FunctionalInterface
  public interface Sink {

    void accept(String line, @Nullable OutputMark mark);
  }

  /** Bytes of which a part can be decoded without a copy of all. */
  private static final class Bytes extends ByteArrayOutputStream {

    String text(int from, int to) {
      return new String(buf, from, to - from, StandardCharsets.UTF_8);
    }
  }

  /** How much of what the process has written may be in its pipe. */
  private static final int PIPE_BYTES = 1024 * 1024;

  private final InputStream in;
  private final OutputSections sections;
  private final OutputTail tail;
  private final Sink sink;
  private final Bytes line = new Bytes();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  /** Whether a piece of the current line was passed on. */
  private boolean continued;

  /** What the current line's first byte had. */
  private @Nullable OutputMark mark;

  /** Where in the line the piece of the last writer begins. */
  private int pieceStart;

  /** What that piece has. */
  private @Nullable OutputMark pieceMark;

  /**
   * How many more bytes are read; less than 0 for all. Set by any thread, by another at the end.
   */
  private volatile long left = -1;

  /** How often it has begun to wait for bytes, and to go on: odd while it waits. */
  private volatile long turns;

  /** How often the consumer has thrown. */
  private long failures;

  /** With an empty key nothing in the stream has a mark. */
  public OutputPump(InputStream in, byte[] key, OutputTail tail, Sink sink) {
    this.in = in;
    this.tail = tail;
    this.sections = new OutputSections(key, this::take);
    this.sink = sink;
  }

  /** Completes when the stream has ended and its last line was passed on. */
  public CompletableFuture<Void> ended() {
    return ended;
  }

  @Override
  public void run() {
    byte[] buffer = new byte[8192];
    try (in) {
      for (int read = read(buffer); read >= 0; read = read(buffer)) {
        sections.take(buffer, read);
      }
    } catch (IOException e) {
      // the process ended and its stream was closed: the same as its end
    } finally {
      sections.end();
      if (line.size() > 0) {
        emitLine();
      }
      tellFailures();
      ended.complete(null);
    }
  }

  /** Gives -1 at the end. Only this thread counts turns. */
  @SuppressWarnings("NonAtomicVolatileUpdate")
  private int read(byte[] buffer) throws IOException {
    if (left == 0) {
      return -1;
    }
    turns++;
    int read = in.read(buffer);
    turns++;
    if (left > 0) {
      left = Math.max(0, left - Math.max(0, read));
    }
    return read;
  }

  /**
   * Has this end, now that the process has ended, when what that has written is read. Another may
   * hold the pipe open, and write to it. An interrupt of the calling thread has no effect.
   *
   * @param limit how many nanoseconds to wait for the consumer
   */
  public void endAfterProcess(long limit) {
    left = left < 0 ? PIPE_BYTES : left;
    long begin = System.nanoTime();
    Quiet quiet = new Quiet(turns);
    while (!ended.isDone() && System.nanoTime() - begin < limit) {
      try {
        ended.get(QUIET_MILLIS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        quiet.look(turns);
        if (quiet.isLongEnough()) {
          close(); // it has waited all the time: nothing is there
        }
      } catch (InterruptedException | ExecutionException e) {
        // once more: that was no quiet time
      }
    }
  }

  private void close() {
    try {
      in.close();
    } catch (IOException e) {
      // it need not be read any more
    }
  }

  private void take(byte[] buffer, int offset, int length, @Nullable OutputMark itsMark) {
    if (length > 0 && !Objects.equals(itsMark, pieceMark)) {
      keepPiece(line.size());
      pieceMark = itsMark;
    }
    int start = offset;
    for (int i = offset; i < offset + length; i++) {
      if (line.size() == 0 && i == start && !continued) {
        mark = itsMark;
      }
      if (buffer[i] == '\n') {
        line.write(buffer, start, i - start);
        emitLine();
        start = i + 1;
      }
    }
    line.write(buffer, start, offset + length - start);
    if (line.size() >= MAX_LINE_BYTES) {
      emitPiece();
    }
  }

  /** Adds the last writer's piece of the line to the tail, as far as an index. */
  private void keepPiece(int end) {
    if (end > pieceStart) {
      tail.add(withoutReturn(line.text(pieceStart, end)), pieceMark, pieceStart > 0);
      pieceStart = end;
    }
  }

  private void emitLine() {
    String text = withoutReturn(line.text(0, line.size()));
    boolean isOnes = pieceStart == 0;
    if (!isOnes) {
      keepPiece(line.size());
    }
    line.reset();
    pieceStart = 0;
    if (!continued || !text.isEmpty()) {
      if (isOnes) {
        tail.add(text, pieceMark, false);
      }
      emit(text);
    }
    continued = false;
  }

  private static String withoutReturn(String text) {
    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
  }

  private void emitPiece() {
    byte[] bytes = line.toByteArray();
    int end = pieceEnd(bytes);
    keepPiece(end);
    pieceStart = Math.max(0, pieceStart - end);
    line.reset();
    line.write(bytes, end, bytes.length - end);
    continued = true;
    emit(new String(bytes, 0, end, StandardCharsets.UTF_8));
  }

  /** Where to cut: before a character that is not complete, or what may be half a line's end. */
  private static int pieceEnd(byte[] bytes) {
    int length = bytes.length;
    if (bytes[length - 1] == '\r') {
      return length - 1;
    }
    for (int back = 1; back <= 3; back++) {
      int lead = bytes[length - back] & 0xff;
      if (lead >= 0xc0) {
        int needed = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
        return needed > back ? length - back : length;
      } else if (lead < 0x80) {
        return length;
      }
    }
    return length;
  }

  private void emit(String text) {
    try {
      sink.accept(text, mark);
    } catch (Throwable e) { // an Error too must not end this thread
      failures++;
      if (failures == 1) {
        log("the consumer of a worker's output failed; it gets the lines after this one", e);
      }
    }
  }

  private void tellFailures() {
    if (failures > 1) {
      log("the consumer of a worker's output failed for " + failures + " lines of it", null);
    }
  }

  private static void log(String message, @Nullable Throwable error) {
    SafeLog.log(System.Logger.Level.WARNING, message, error);
  }
}
