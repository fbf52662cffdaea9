package dev.procpool.cli.terminal;

import java.io.FilterWriter;
import java.io.IOException;
import java.io.Writer;

/** Writes to a terminal what can do it no harm. Used by one thread. */
final class PlainWriter extends FilterWriter {

  PlainWriter(Writer terminal) {
    super(terminal);
  }

  @Override
  public void write(int c) throws IOException {
    write(String.valueOf((char) c));
  }

  @Override
  public void write(char[] text, int from, int length) throws IOException {
    write(new String(text, from, length));
  }

  @Override
  public void write(String text, int from, int length) throws IOException {
    String plain = PlainText.of(text.substring(from, from + length));
    out.write(plain, 0, plain.length());
  }
}
