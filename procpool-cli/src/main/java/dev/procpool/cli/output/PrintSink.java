package dev.procpool.cli.output;

import dev.procpool.cli.terminal.StandardOutput;
import dev.procpool.cli.terminal.Terminal;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Results on standard output, a pipe or a device: printed as they come, and not to be had again.
 * What was printed is passed on when no other result is there yet, or when it has become much.
 *
 * <p>Used by the thread that takes the outcomes.
 */
public final class PrintSink implements Sink {

  private static final int MUCH = 1 << 15;

  private final OutputStream bytes;
  private final ResultLine lines;

  /** Lines of JSON for what is no terminal, the most usual of all; null with another printer. */
  private final @Nullable Utf8Buffer plain;

  /** Null for plain lines, as is its text. */
  private final @Nullable Printer printer;

  private final @Nullable Writer text;

  /** Whether what was printed last could not be passed on: then the rest can't be, either. */
  private boolean failed;

  /**
   * Prints to standard output.
   *
   * @param messages takes what a person is to know at the end
   */
  public static PrintSink of(
      OutputStream standard, ResultLine lines, PrintForm form, Consumer<String> messages) {
    OutputStream out = StandardOutput.of(standard);
    return new PrintSink(out, Terminal.isStandardOutput(), lines, form, messages);
  }

  /**
   * Prints to a device or pipe.
   *
   * @param messages takes what a person is to know at the end
   */
  public static PrintSink of(
      Path device, ResultLine lines, PrintForm form, Consumer<String> messages) throws IOException {
    OutputStream bytes = Files.newOutputStream(device, StandardOpenOption.WRITE);
    return new PrintSink(bytes, Terminal.is(device), lines, form, messages);
  }

  private PrintSink(
      OutputStream bytes,
      boolean isTerminal,
      ResultLine lines,
      PrintForm form,
      Consumer<String> messages) {
    this.bytes = bytes;
    this.lines = lines;
    boolean isPlain = !isTerminal && form.isJsonLines();
    this.plain = isPlain ? new Utf8Buffer(MUCH + (MUCH >> 2)) : null;
    Writer writer = isPlain ? null : StandardOutput.writer(bytes, isTerminal);
    this.text = writer;
    this.printer = writer == null ? null : form.to(writer, messages);
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
      Objects.requireNonNull(printer).print(lines.of(result));
    } catch (IOException e) {
      failed = true;
      throw e;
    }
  }

  @Override
  public void flush() throws IOException {
    try {
      if (text != null) {
        text.flush();
      } else if (plain != null && plain.size() > 0) {
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
  public static void printAll(
      Stream<String> lines, Writer text, PrintForm form, Consumer<String> messages)
      throws IOException {
    Printer printer = form.to(text, messages);
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
