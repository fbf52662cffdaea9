package dev.procpool.cli;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.stream.Stream;

/**
 * Results on standard output, a pipe or a device: printed as they come, and not to be had again.
 * Used by the thread that takes the outcomes.
 */
final class PrintSink implements Sink {

  private final OutputStream bytes;
  private final Writer text;
  private final ResultLine lines;
  private final Printer printer;

  /** Prints to standard output. */
  static PrintSink of(OutputStream standard, ResultLine lines, OutputOptions options) {
    return new PrintSink(standard, StandardOutput.open(standard), lines, options);
  }

  /** Prints to a device or pipe. */
  static PrintSink of(Path device, ResultLine lines, OutputOptions options) throws IOException {
    OutputStream bytes = Files.newOutputStream(device, StandardOpenOption.WRITE);
    Writer text = new BufferedWriter(new OutputStreamWriter(bytes, StandardCharsets.UTF_8));
    return new PrintSink(bytes, Terminal.is(device) ? new PlainWriter(text) : text, lines, options);
  }

  private PrintSink(OutputStream bytes, Writer text, ResultLine lines, OutputOptions options) {
    this.bytes = bytes;
    this.text = text;
    this.lines = lines;
    this.printer = Printer.of(options.print, options.tag, text);
  }

  /** Prints a result and passes it on, since a program may wait for it. */
  @Override
  public void write(Result result) throws IOException {
    printer.print(lines.of(result));
    text.flush();
  }

  @Override
  public void release() throws IOException {
    printer.end();
    text.flush();
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

  @Override
  public void close() throws IOException {
    bytes.close();
  }
}
