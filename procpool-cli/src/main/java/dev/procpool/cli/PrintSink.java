package dev.procpool.cli;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
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

  PrintSink(OutputStream bytes, ResultLine lines, OutputOptions options) {
    this.bytes = bytes;
    this.text = new BufferedWriter(new OutputStreamWriter(bytes, StandardCharsets.UTF_8));
    this.lines = lines;
    this.printer = Printer.of(options.print, options.tag, text);
  }

  @Override
  public void write(Result result) throws IOException {
    printer.print(lines.of(result));
  }

  @Override
  public void end() throws IOException {
    printer.end();
    text.flush();
  }

  /** Prints results that are lines already; a reader that goes away has seen enough. */
  static void printAll(Stream<String> lines, OutputStream bytes, OutputOptions options)
      throws IOException {
    Writer text = new BufferedWriter(new OutputStreamWriter(bytes, StandardCharsets.UTF_8));
    Printer printer = Printer.of(options.print, options.tag, text);
    try {
      for (Iterator<String> rest = lines.iterator(); rest.hasNext(); ) {
        printer.print(rest.next());
      }
      printer.end();
      text.flush();
    } catch (IOException e) {
      if (!ReaderGone.isWhy(e)) {
        throw e;
      }
    }
  }

  @Override
  public void close() throws IOException {
    bytes.close();
  }
}
