package dev.procpool.jvm;

import java.util.ArrayList;
import java.util.List;

/** The grammar of the {@code java} command's argument files ({@code @file}), read and written. */
public final class ArgumentFile {

  private final String text;
  private final List<String> words = new ArrayList<>();
  private final StringBuilder word = new StringBuilder();
  private boolean isInWord;
  private char quote;

  /** How much of the word was quoted or before a quote. */
  private int kept;

  private int at;

  private ArgumentFile(String text) {
    this.text = text;
  }

  /**
   * Reads what such a file holds.
   *
   * @param text the file's content
   * @return the arguments
   */
  public static List<String> parse(String text) {
    return new ArgumentFile(text).parse();
  }

  private List<String> parse() {
    for (at = 0; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == '\n' || c == '\r') { // ends a quote, too
        end();
      } else if (quote != 0) {
        quoted(c);
      } else {
        plain(c);
      }
    }
    end();
    return words;
  }

  private void plain(char c) {
    switch (c) {
      case ' ', '\t' -> end();
      case '\f' -> {
        if (isInWord) { // between words only it is white space
          word.append(c);
        }
      }
      case '#' -> comment();
      case '"', '\'' -> {
        isInWord = true;
        quote = c;
        kept = word.length();
      }
      default -> {
        isInWord = true;
        word.append(c);
      }
    }
  }

  /** The launcher drops what is right before a comment, and goes on with what was quoted. */
  private void comment() {
    word.setLength(kept);
    isInWord = kept > 0;
    while (at + 1 < text.length() && !isLineEnd(text.charAt(at + 1))) {
      at++;
    }
    while (at + 1 < text.length() && Character.isWhitespace(text.charAt(at + 1))) {
      at++;
    }
  }

  private void quoted(char c) {
    if (c == quote) {
      quote = 0;
      kept = word.length();
    } else if (c == '\\' && at + 1 < text.length()) {
      at++;
      escaped(text.charAt(at));
    } else {
      word.append(c);
    }
  }

  private void escaped(char c) {
    switch (c) {
      case 'n' -> word.append('\n');
      case 'r' -> word.append('\r');
      case 't' -> word.append('\t');
      case 'f' -> word.append('\f');
      case '\n', '\r' -> { // goes on at the next line's first character
        while (at + 1 < text.length() && Character.isWhitespace(text.charAt(at + 1))) {
          at++;
        }
      }
      default -> word.append(c);
    }
  }

  private static boolean isLineEnd(char c) {
    return c == '\n' || c == '\r';
  }

  private void end() {
    if (isInWord) {
      words.add(word.toString());
    }
    word.setLength(0);
    kept = 0;
    isInWord = false;
    quote = 0;
  }

  /**
   * Writes one argument as a line of such a file.
   *
   * @param argument anything but a null character
   * @param out where to append
   */
  public static void write(String argument, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < argument.length(); i++) {
      char c = argument.charAt(i);
      switch (c) {
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\\', '"' -> out.append('\\').append(c);
        default -> out.append(c);
      }
    }
    out.append('"').append(System.lineSeparator());
  }
}
