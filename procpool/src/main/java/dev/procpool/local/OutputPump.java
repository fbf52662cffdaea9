package dev.procpool.local;

import dev.procpool.guard.SafeLog;
import dev.procpool.protocol.OutputMark;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
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
final class OutputPump implements Runnable {

  private static final int MAX_LINE_BYTES = 64 * 1024;

  /** Takes a line, and the mark that its first byte had. */
  @FunctionalInterface
  interface Sink {

    void accept(String line, @Nullable OutputMark mark);
  }

  /** Bytes of which a part can be decoded without a copy of all. */
  private static final class Bytes extends ByteArrayOutputStream {

    String text(int from, int to) {
      return new String(buf, from, to - from, StandardCharsets.UTF_8);
    }
  }

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

  /** How often the consumer has thrown. */
  private long failures;

  /** With an empty key nothing in the stream has a mark. */
  OutputPump(InputStream in, byte[] key, OutputTail tail, Sink sink) {
    this.in = in;
    this.tail = tail;
    this.sections = new OutputSections(key, this::take);
    this.sink = sink;
  }

  /** Completes when the stream has ended and its last line was passed on. */
  CompletableFuture<Void> ended() {
    return ended;
  }

  @Override
  public void run() {
    byte[] buffer = new byte[8192];
    try (in) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
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
