package dev.procpool.cli.output;

import dev.procpool.cli.value.JsonText;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Text on its way out, as the bytes of UTF-8 from the start: nothing is copied from a builder to a
 * string, a writer and an encoder. What no encoding can write becomes a question mark, as with
 * {@link java.io.OutputStreamWriter}. Used by one thread.
 */
final class Utf8Buffer {

  private byte[] bytes;
  private int size;

  Utf8Buffer(int capacity) {
    bytes = new byte[capacity];
  }

  int size() {
    return size;
  }

  /** Appends text of ASCII, given as its bytes. */
  void put(byte[] ascii) {
    ensure(ascii.length);
    System.arraycopy(ascii, 0, bytes, size, ascii.length);
    size += ascii.length;
  }

  /** Appends a character of ASCII. */
  void put(char ascii) {
    ensure(1);
    bytes[size++] = (byte) ascii;
  }

  /** Appends a number. One of an int is divided as one: C1 calls a function to divide a long. */
  void put(long number) {
    if (number < 0 || number > Integer.MAX_VALUE) {
      put(Long.toString(number));
      return;
    }
    int digits = 1;
    for (long least = 10; number >= least; least *= 10) {
      digits++;
    }
    ensure(digits);
    byte[] to = bytes;
    int rest = (int) number;
    for (int at = size + digits - 1; at >= size; at--) {
      int tenth = rest / 10;
      to[at] = (byte) ('0' + rest - tenth * 10);
      rest = tenth;
    }
    size += digits;
  }

  /** Appends a text. */
  void put(String text) {
    int length = text.length();
    ensure(length);
    int start = size;
    byte[] to = bytes;
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        size = start;
        byte[] whole = text.getBytes(StandardCharsets.UTF_8);
        put(whole);
        return;
      }
      to[start + i] = (byte) c;
    }
    size = start + length;
  }

  /** Appends a text as a JSON string. */
  void putQuoted(String text) {
    int length = text.length();
    ensure(length + 2);
    byte[] to = bytes;
    int at = size;
    to[at++] = '"';
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c < 0x20 || c >= 0x80 || c == '"' || c == '\\') {
        put(JsonText.quote(text));
        return;
      }
      to[at++] = (byte) c;
    }
    to[at++] = '"';
    size = at;
  }

  private void ensure(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(size, more), size + (size >> 1)));
    }
  }

  /** Hands all on, and begins anew. */
  void moveTo(OutputStream out) throws IOException {
    int length = size;
    size = 0;
    out.write(bytes, 0, length);
  }

  /** Gives all as bytes, and begins anew. */
  byte[] take() {
    byte[] taken = Arrays.copyOf(bytes, size);
    size = 0;
    return taken;
  }
}
