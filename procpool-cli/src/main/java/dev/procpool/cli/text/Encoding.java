package dev.procpool.cli.text;

import dev.procpool.cli.message.NearNames;
import dev.procpool.cli.message.UsageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;

/**
 * Finds the encoding of an input: what {@code --encoding} says, what its byte-order mark says, else
 * UTF-8; and refuses what can't be that. Stateless.
 */
public final class Encoding {

  /** The marks; those of UTF-32 first, for one of UTF-16 is the beginning of one of them. */
  private static final Map<String, byte[]> MARKS = marks();

  private Encoding() {}

  private static Map<String, byte[]> marks() {
    Map<String, byte[]> marks = new LinkedHashMap<>();
    marks.put("UTF-32LE", new byte[] {(byte) 0xff, (byte) 0xfe, 0, 0});
    marks.put("UTF-32BE", new byte[] {0, 0, (byte) 0xfe, (byte) 0xff});
    marks.put("UTF-8", new byte[] {(byte) 0xef, (byte) 0xbb, (byte) 0xbf});
    marks.put("UTF-16LE", new byte[] {(byte) 0xff, (byte) 0xfe});
    marks.put("UTF-16BE", new byte[] {(byte) 0xfe, (byte) 0xff});
    return marks;
  }

  /** Finds the encoding of a name. */
  public static Charset named(String name) {
    try {
      return Charset.forName(name);
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      List<String> near = NearNames.of(name, Charset.availableCharsets().keySet());
      throw new UsageException(
          "--encoding: there is no encoding '"
              + name
              + "'; "
              + (near.isEmpty()
                  ? "write UTF-8, UTF-16, ISO-8859-1, windows-1252 or another that Java knows"
                  : "did you mean " + String.join(", ", near) + "?"),
          e);
    }
  }

  /** Opens the text of bytes that are not packed, without its byte-order mark. */
  public static StrictReader open(InputStream bytes, TextForm form) throws IOException {
    Sniffer sniffer = new Sniffer(bytes, List.copyOf(MARKS.values()));
    Charset wanted = form.encoding();
    for (Entry<String, byte[]> mark : MARKS.entrySet()) {
      if (sniffer.startsWith(mark.getValue())) {
        Charset found = Charset.forName(mark.getKey());
        if (wanted != null && !agree(wanted, found)) {
          throw new UsageException(
              "starts with the byte-order mark of " + found + ", but --encoding is " + wanted);
        }
        sniffer.skip(mark.getValue().length);
        return new StrictReader(sniffer.whole(), found);
      }
    }
    if (wanted != null && sniffer.head().length > 0 && wanted.name().matches("UTF-(16|32)")) {
      throw new UsageException(
          "has no byte-order mark, so "
              + wanted
              + " does not say the order of its bytes: give --encoding "
              + wanted
              + "LE or "
              + wanted
              + "BE");
    }
    if (wanted == null && !form.nulSeparated()) {
      refuseNul(sniffer.head());
    }
    return new StrictReader(sniffer.whole(), wanted == null ? StandardCharsets.UTF_8 : wanted);
  }

  /** UTF-16 and UTF-32 leave the order of bytes to the mark. */
  private static boolean agree(Charset wanted, Charset found) {
    return wanted.equals(found) || found.name().startsWith(wanted.name());
  }

  /** Text has no NUL, unless it ends items; in UTF-16 every second byte of plain text is one. */
  private static void refuseNul(byte[] head) {
    int even = 0;
    int odd = 0;
    for (int i = 0; i < head.length; i++) {
      if (head[i] == 0) {
        even += i % 2 == 0 ? 1 : 0;
        odd += i % 2 == 1 ? 1 : 0;
      }
    }
    if (even + odd > 0) {
      throw new UsageException(
          "has NUL characters: give -0 if they end its items, as those of find -print0; --encoding "
              + (odd >= even ? "UTF-16LE" : "UTF-16BE")
              + " if it is in that; --encoding UTF-8 if they are part of its text");
    }
  }
}
