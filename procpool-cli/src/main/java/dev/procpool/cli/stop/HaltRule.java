package dev.procpool.cli.stop;

import dev.procpool.cli.message.UsageException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * When a run is to be halted, as {@code --halt} says it: {@code failed=10}, {@code failed=5%},
 * {@code lost=3}, {@code same=20}. Immutable.
 *
 * @param kind what is counted
 * @param number how many, or how many of a hundred
 * @param isShare whether the number is a percentage
 */
public record HaltRule(Kind kind, long number, boolean isShare) {

  /** What is counted. */
  enum Kind {
    /** Items that are not ok. */
    failed,
    /** Items that took their worker down. */
    lost,
    /** Items one after the other that are not ok in the same way. */
    same
  }

  /** All that {@code --halt} says. Immutable. */
  public record Rules(List<HaltRule> rules, boolean now) {
    public Rules {
      rules = List.copyOf(rules);
    }
  }

  private static final Pattern FORM =
      Pattern.compile("(?<kind>failed|lost|same)=(?<number>[1-9][0-9]{0,17})(?<share>%?)");

  /** Reads lists with commas; {@code now} among the rules stops what runs, too. */
  public static Rules parse(List<String> lists) {
    List<HaltRule> rules = new ArrayList<>();
    boolean now = false;
    for (String list : lists) {
      for (String word : list.split(",", -1)) {
        if (word.strip().equals("now")) {
          now = true;
        } else if (!word.strip().equals("never")) {
          rules.add(rule(word.strip()));
        }
      }
    }
    if (now && rules.isEmpty()) {
      throw new UsageException("--halt now says no when: write --halt failed=10,now");
    }
    return new Rules(rules, now);
  }

  private static HaltRule rule(String word) {
    Matcher matcher = FORM.matcher(word);
    boolean share = matcher.matches() && !matcher.group("share").isEmpty();
    if (!matcher.matches()
        || share && (!matcher.group("kind").equals("failed") || number(matcher) > 100)) {
      throw new UsageException(
          "--halt '" + word + "' is none of failed=10, failed=5%, lost=3, same=20, now, never");
    }
    return new HaltRule(Kind.valueOf(matcher.group("kind")), number(matcher), share);
  }

  private static long number(Matcher matcher) {
    return Long.parseLong(matcher.group("number"));
  }
}
