package dev.procpool.architecture;

import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Source text for so many arguments, derived from that for two. */
final class Arity {

  static final int LEAST = 3;
  static final int MOST = 6;

  private static final String[] NUMBERS = {"zero", "one", "two", "three", "four", "five", "six"};
  private static final String[] ORDINALS = {"first", "second", "third", "fourth", "fifth", "sixth"};

  private Arity() {}

  /** What has to stand for so many arguments; its lines may be too long. */
  static String derive(String two, int arity) {
    String text = two;
    text = repeat(text, arity, "(?m)^.*@param (<B>|b|second) .*\\bsecond argument.*$", "\n");
    text = repeat(text, arity, "\\? (super|extends) B\\b", ", ");
    text = repeat(text, arity, "\\bB extends @Nullable Object\\b", ", ");
    text = repeat(text, arity, "\\bB (b|second)\\b", ", ");
    text = repeat(text, arity, "(?<=\\bA,\\s{1,40})B\\b", ", ");
    text = repeat(text, arity, "(?<=\\ba,\\s{1,40})b\\b", ", ");
    text = repeat(text, arity, "\\bargs\\.second\\(\\)", ", ");
    text = text.replaceAll("\\b(Task|Args|Action|Spread|Returning)2\\b", "$1" + arity);
    return text.replaceAll("\\btwo\\b", NUMBERS[arity]);
  }

  /** Says what is said of the second argument of the third and all after it, too. */
  private static String repeat(String text, int arity, String ofSecond, String separator) {
    Matcher matcher = Pattern.compile(ofSecond).matcher(text);
    return matcher.replaceAll(
        found ->
            Matcher.quoteReplacement(
                IntStream.range(1, arity)
                    .mapToObj(ofPlace(found.group()))
                    .collect(Collectors.joining(separator))));
  }

  private static IntFunction<String> ofPlace(String ofSecond) {
    return place ->
        ofSecond
            .replaceAll("\\bB\\b", String.valueOf((char) ('A' + place)))
            .replaceAll("\\bb\\b", String.valueOf((char) ('a' + place)))
            .replaceAll("\\bsecond\\b", ORDINALS[place]);
  }

  /** Whether two texts say the same, however their lines are broken. */
  static boolean isSame(String one, String other) {
    return plain(one).equals(plain(other));
  }

  private static String plain(String text) {
    return text.replaceAll("(?m)^\\s*\\*(?!/)", " ")
        .replaceAll("\\s+", " ")
        .replaceAll(" ?([<>(),.;{}?]) ?", "$1")
        .strip();
  }
}
