package dev.procpool.cli.terminal;

/**
 * Makes text harmless for a terminal: escape codes and other control characters, which could move
 * the cursor, change colours or hide what follows, become visible. Stateless.
 */
public final class PlainText {

  private PlainText() {}

  /** Gives the text, with tabs and line feeds as they are. */
  public static String of(String text) {
    int at = 0;
    while (at < text.length() && !isHarmful(text.charAt(at))) {
      at++;
    }
    if (at == text.length()) {
      return text;
    }
    StringBuilder plain = new StringBuilder(text.length() + 16).append(text, 0, at);
    for (; at < text.length(); at++) {
      char c = text.charAt(at);
      if (!isHarmful(c)) {
        plain.append(c);
      } else if (c < 0x20) {
        plain.append((char) ('\u2400' + c)); // the control pictures, as ␛
      } else {
        plain.append(String.format("\\u%04x", (int) c));
      }
    }
    return plain.toString();
  }

  private static boolean isHarmful(char c) {
    return c < 0x20 && c != '\n' && c != '\t'
        || c >= 0x7f && c < 0xa0 // C1: some terminals take 9b for escape and bracket
        || c >= '\u202a' && c <= '\u202e' // turn the direction of text
        || c >= '\u2066' && c <= '\u2069';
  }
}
