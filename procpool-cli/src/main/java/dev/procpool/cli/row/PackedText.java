package dev.procpool.cli.row;

import org.jspecify.annotations.Nullable;

/**
 * Numbers and texts one after the other in one text, which crosses to a worker at a tenth of the
 * cost of a record. Numbers are written seven bits a character, so that what holds Latin letters
 * alone has no other characters. Used by one thread; what one version writes only the same reads.
 */
public final class PackedText {

  private final String packed;
  private int at;

  /** Starts to read a text at a place. */
  public PackedText(String packed, int from) {
    this.packed = packed;
    this.at = from;
  }

  /** Appends a number that is not negative. */
  public static void put(long number, StringBuilder out) {
    long rest = number;
    for (; rest > 0x7f; rest >>>= 7) {
      out.append((char) (rest & 0x7f | 0x80));
    }
    out.append((char) rest);
  }

  /** Appends a text with its length before it; null has a mark of its own. */
  public static void put(@Nullable String text, StringBuilder out) {
    if (text == null) {
      put(0, out);
    } else {
      put(text.length() + 1L, out);
      out.append(text);
    }
  }

  /** Reads a number. */
  public long number() {
    long number = 0;
    for (int shift = 0; ; shift += 7) {
      char c = packed.charAt(at++);
      number |= (long) (c & 0x7f) << shift;
      if (c <= 0x7f) {
        return number;
      }
    }
  }

  /** Reads a text that was written with its length; may be null. */
  public @Nullable String text() {
    int length = (int) number() - 1;
    if (length < 0) {
      return null;
    }
    at += length;
    return packed.substring(at - length, at);
  }

  /** Gives all that was not read yet. */
  public String rest() {
    return packed.substring(at);
  }
}
