package dev.procpool.cli.text;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;

/**
 * Bytes read as text, of which none is replaced: a byte that is not of the encoding becomes a mark,
 * {@link #MARK} plus the byte, which no text has, so that the row it stands in can be told. Used by
 * one thread.
 *
 * <p>The marks are those of Python's {@code surrogateescape}: single low surrogates.
 */
public final class StrictReader extends Reader {

  /** What is added to a byte that is no text. */
  static final int MARK = 0xdc00;

  private final InputStream in;
  private final Charset charset;
  private final CharsetDecoder decoder;
  private final ByteBuffer bytes = ByteBuffer.allocate(1 << 13).flip();
  private final CharBuffer chars = CharBuffer.allocate(1 << 13).flip();
  private boolean ended;
  private boolean flushed;
  private boolean marked;

  StrictReader(InputStream in, Charset charset) {
    this.in = in;
    this.charset = charset;
    this.decoder =
        charset
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
  }

  /** Gives the encoding. */
  Charset charset() {
    return charset;
  }

  /** Gives the place of the first mark in a piece of this text; -1 if there is none. */
  int markIn(String text) {
    if (!marked) {
      return -1;
    }
    for (int i = 0; i < text.length(); i++) {
      if (isMark(text, i)) {
        return i;
      }
    }
    return -1;
  }

  private static boolean isMark(String text, int i) {
    char c = text.charAt(i);
    return c >= MARK
        && c <= MARK + 0xff
        && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
  }

  /** Gives a text with the usual sign for what can't be shown in place of marks. */
  public static String shown(String text) {
    StringBuilder shown = new StringBuilder(text);
    for (int i = 0; i < text.length(); i++) {
      if (isMark(text, i)) {
        shown.setCharAt(i, '\ufffd');
      }
    }
    return shown.toString();
  }

  @Override
  public int read(char[] buffer, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (!chars.hasRemaining()) {
      chars.clear();
      boolean more = decode();
      chars.flip();
      if (!more && !chars.hasRemaining()) {
        return -1;
      }
    }
    int count = Math.min(length, chars.remaining());
    chars.get(buffer, offset, count);
    return count;
  }

  /** Decodes what is there; reads once if that gives nothing. Gives false at the end. */
  private boolean decode() throws IOException {
    while (!flushed) {
      CoderResult result = decoder.decode(bytes, chars, ended);
      if (result.isError()) {
        if (chars.remaining() < result.length()) {
          return true; // there is room when these have been taken
        }
        marked = true;
        for (int i = 0; i < result.length(); i++) {
          chars.put((char) (MARK + (bytes.get() & 0xff)));
        }
      } else if (result.isOverflow() || chars.position() > 0) {
        return true;
      } else if (ended) {
        decoder.flush(chars);
        flushed = true;
      } else {
        bytes.compact();
        int count = in.read(bytes.array(), bytes.position(), bytes.remaining());
        ended = count < 0;
        bytes.position(bytes.position() + Math.max(0, count)).flip();
      }
    }
    return false;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
