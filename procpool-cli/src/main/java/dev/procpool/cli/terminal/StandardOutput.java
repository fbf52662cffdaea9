package dev.procpool.cli.terminal;

import dev.procpool.cli.message.BrokenOffException;
import java.io.BufferedWriter;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;

/**
 * Standard output as text. What is written does a terminal no harm; a reader that has gone is a
 * {@link ReaderGoneException}, a full disk a {@link BrokenOffException}. Used by one thread.
 */
public final class StandardOutput extends FilterOutputStream {

  private StandardOutput(OutputStream out) {
    super(out);
  }

  /** Gives a writer, to be flushed. */
  public static Writer open(OutputStream out) {
    return writer(of(out), Terminal.isStandardOutput());
  }

  /** Gives the stream with its exceptions told apart. */
  public static OutputStream of(OutputStream out) {
    return new StandardOutput(out);
  }

  /** Gives a writer to any stream, to be flushed. */
  public static Writer writer(OutputStream out, boolean isTerminal) {
    Writer text = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
    return isTerminal ? new PlainWriter(text) : text;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    try {
      out.write(bytes, from, length);
    } catch (IOException e) {
      throw told(e);
    }
  }

  @Override
  public void flush() throws IOException {
    try {
      out.flush();
    } catch (IOException e) {
      throw told(e);
    }
  }

  private static IOException told(IOException e) {
    return ReaderGone.isWhy(e)
        ? new ReaderGoneException(e)
        : new BrokenOffException("standard output can't be written: " + e.getMessage(), e);
  }
}
