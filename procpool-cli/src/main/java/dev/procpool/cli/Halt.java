package dev.procpool.cli;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Watches results and says when a run is to be halted. Without rules it does so if the first twenty
 * items all fail in the same way: then it is the method or the options, and a million more would
 * fail, too. Owned by the thread that takes the outcomes.
 */
final class Halt {

  /** How many items have to have ended before a share of them says something. */
  static final int LEAST_FOR_SHARE = 20;

  private static final int FIRST = 20;
  private static final Pattern QUOTED = Pattern.compile("'[^']*'|\"[^\"]*\"");
  private static final Pattern NUMBER = Pattern.compile("[0-9]+");

  private final List<HaltRule> rules;
  private final boolean byDefault;
  private long ended;
  private long failed;
  private long lost;
  private long alike;
  private String last;

  /**
   * Makes it.
   *
   * @param rules the rules
   * @param byDefault whether the first twenty items count
   */
  Halt(List<HaltRule> rules, boolean byDefault) {
    this.rules = List.copyOf(rules);
    this.byDefault = byDefault;
  }

  /** Takes note of a result; gives why the run is to be halted, if it is. */
  Optional<String> sees(Reply reply) {
    ended++;
    if (reply.status() == Status.OK) {
      alike = 0;
      last = null;
    } else {
      failed++;
      lost += reply.status() == Status.WORKER_LOST ? 1 : 0;
      String kind = kind(reply);
      alike = Objects.equals(kind, last) ? alike + 1 : 1;
      last = kind;
    }
    if (byDefault && ended == FIRST && alike == FIRST) {
      return Optional.of(
          "the first "
              + FIRST
              + " items all failed alike; --halt never is for runs that are to go on");
    }
    for (HaltRule rule : rules) {
      if (holds(rule)) {
        return Optional.of(why(rule));
      }
    }
    return Optional.empty();
  }

  private boolean holds(HaltRule rule) {
    return switch (rule.kind()) {
      case failed ->
          rule.isShare()
              ? ended >= LEAST_FOR_SHARE && failed * 100 >= rule.number() * ended
              : failed >= rule.number();
      case lost -> lost >= rule.number();
      case same -> alike >= rule.number();
    };
  }

  private String why(HaltRule rule) {
    return switch (rule.kind()) {
      case failed -> failed + " of " + ended + " items are not ok";
      case lost -> lost + " items took their worker down";
      case same -> alike + " items one after the other failed alike";
    };
  }

  /** What two failures have in common that are alike: all but the numbers and quoted values. */
  static String kind(Reply reply) {
    if (reply.status() == Status.TIMED_OUT) {
      return reply.status().text();
    }
    if (reply.frame() != null) {
      return reply.status().text() + " " + reply.error() + " at " + reply.frame();
    }
    String message = reply.message() == null ? "" : reply.message();
    String first = message.lines().findFirst().orElse("");
    String plain = NUMBER.matcher(QUOTED.matcher(first).replaceAll("'...'")).replaceAll("N");
    return reply.status().text() + " " + reply.error() + (plain.isEmpty() ? "" : ": " + plain);
  }
}
