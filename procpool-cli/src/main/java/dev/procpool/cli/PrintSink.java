package dev.procpool.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.stream.Stream;

/**
 * Results on standard output, a pipe or a device: printed as they come, and not to be had again.
 * What was printed is passed on when no other result is there yet, or when it has become much.
 *
 * <p>Used by the thread that takes the outcomes.
 */
final class PrintSink implements Sink {

  private static final int MUCH = 1 << 15;

  private final OutputStream bytes;
  private final ResultLine lines;

  /** Lines of JSON for what is no terminal, the most usual of all; null with another printer. */
  private final Utf8Buffer plain;

  /** Null for plain lines, as is its text. */
  private final Printer printer;

  private final Writer text;

  /** Whether what was printed last could not be passed on: then the rest can't be, either. */
  private boolean failed;

  /** Prints to standard output. */
  static PrintSink of(OutputStream standard, ResultLine lines, OutputOptions options) {
    OutputStream out = StandardOutput.of(standard);
    return new PrintSink(out, Terminal.isStandardOutput(), lines, options);
  }

  /** Prints to a device or pipe. */
  static PrintSink of(Path device, ResultLine lines, OutputOptions options) throws IOException {
    OutputStream bytes = Files.newOutputStream(device, StandardOpenOption.WRITE);
    return new PrintSink(bytes, Terminal.is(device), lines, options);
  }

  private PrintSink(
      OutputStream bytes, boolean isTerminal, ResultLine lines, OutputOptions options) {
    this.bytes = bytes;
    this.lines = lines;
    boolean isPlain = !isTerminal && Printer.isJsonLines(options.print);
    this.plain = isPlain ? new Utf8Buffer(MUCH + (MUCH >> 2)) : null;
    this.text = isPlain ? null : StandardOutput.writer(bytes, isTerminal);
    this.printer = isPlain ? null : Printer.of(options.print, options.tag, text);
  }

  @Override
  public void write(Result result) throws IOException {
    if (plain != null) {
      lines.write(result, plain);
      if (plain.size() >= MUCH) {
        flush();
      }
      return;
    }
    try {
      printer.print(lines.of(result));
    } catch (IOException e) {
      failed = true;
      throw e;
    }
  }

  @Override
  public void flush() throws IOException {
    try {
      if (plain == null) {
        text.flush();
      } else if (plain.size() > 0) {
        plain.moveTo(bytes);
        bytes.flush();
      }
    } catch (IOException e) {
      failed = true;
      throw e;
    }
  }

  @Override
  public void release() throws IOException {
    if (printer != null) {
      printer.end();
    }
    flush();
  }

  /** Prints results that are lines already. */
  static void printAll(Stream<String> lines, Writer text, OutputOptions options)
      throws IOException {
    Printer printer = Printer.of(options.print, options.tag, text);
    try {
      for (Iterator<String> rest = lines.iterator(); rest.hasNext(); ) {
        printer.print(rest.next());
      }
      printer.end();
    } finally {
      text.flush();
    }
  }

  /** Passes on what a run that broke off has printed, too. */
  @Override
  public void close() throws IOException {
    try {
      if (!failed) {
        flush();
      }
    } finally {
      bytes.close();
    }
  }
}
