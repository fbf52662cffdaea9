package dev.procpool.jvm;

import java.util.ArrayList;
import java.util.List;

/**
 * The grammar of options in an environment variable and in a file that the JVM reads: words
 * separated by white space, parts of them in quotes, without escapes.
 */
final class OptionWords {

  private OptionWords() {}

  /** Reads the value of a variable, or a file of {@code -XX:VMOptionsFile}. */
  static List<String> parse(String text) {
    return parse(text, false);
  }

  /** Reads a file of {@code -XX:Flags}: it has comments, and a line's end ends a quote. */
  static List<String> parseSettings(String text) {
    return parse(text, true);
  }

  private static List<String> parse(String text, boolean isSettings) {
    List<String> words = new ArrayList<>();
    int length = text.length();
    int at = 0;
    while (at < length) {
      char c = text.charAt(at);
      if (isSpace(c)) {
        at++;
      } else if (isSettings && c == '#') {
        at = lineEnd(text, at);
      } else {
        StringBuilder word = new StringBuilder();
        at = readWord(text, at, isSettings, word);
        words.add(word.toString());
      }
    }
    return words;
  }

  private static int readWord(String text, int from, boolean isSettings, StringBuilder word) {
    char quote = 0;
    int at = from;
    for (; at < text.length(); at++) {
      char c = text.charAt(at);
      boolean isEnd = quote == 0 ? isSpace(c) : isSettings && c == '\n';
      if (isEnd) {
        break;
      } else if (quote == 0 && (c == '"' || c == '\'')) {
        quote = c;
      } else if (quote != 0 && c == quote) {
        quote = 0;
      } else {
        word.append(c);
      }
    }
    return at;
  }

  private static int lineEnd(String text, int from) {
    int end = text.indexOf('\n', from);
    return end < 0 ? text.length() : end;
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c >= '\t' && c <= '\r';
  }
}
