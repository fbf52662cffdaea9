package dev.procpool.cli.terminal;

import org.jline.utils.WCWidth;

/** How many columns of a terminal a text takes: two for 漢, none for an accent. Stateless. */
public final class TextWidth {

  private static final String MORE = "...";

  private TextWidth() {}

  /** Gives the columns of a text of one line, without escape codes. */
  public static int of(String text) {
    return text.codePoints().map(TextWidth::of).sum();
  }

  private static int of(int character) {
    return Math.max(0, WCWidth.wcwidth(character));
  }

  /** Gives as much of a text as fits, with dots where some is left out. */
  public static String cut(String text, int columns) {
    if (text.length() <= columns / 2 || of(text) <= columns) { // the first for speed alone
      return text;
    }
    int room = Math.max(0, columns - MORE.length());
    StringBuilder fits = new StringBuilder();
    int width = 0;
    for (int at = 0; at < text.length(); ) {
      int character = text.codePointAt(at);
      width += of(character);
      if (width > room) {
        break;
      }
      fits.appendCodePoint(character);
      at += Character.charCount(character);
    }
    return fits + MORE.substring(0, Math.min(columns, MORE.length()));
  }

  /** Gives a text of exactly these columns: cut, or filled with spaces. */
  public static String fit(String text, int columns) {
    String fits = cut(text, columns);
    return fits + " ".repeat(Math.max(0, columns - of(fits)));
  }
}
