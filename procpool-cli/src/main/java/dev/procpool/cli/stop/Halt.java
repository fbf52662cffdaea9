package dev.procpool.cli.stop;

import dev.procpool.cli.reply.Reply;
import dev.procpool.cli.reply.Status;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Watches results and says when a run is to be halted. Without rules it does so if the first twenty
 * items all fail in the same way: then it is the method or the options, and a million more would
 * fail, too. Owned by the thread that takes the outcomes.
 */
public final class Halt {

  /** How many items have to have ended before a share of them says something. */
  static final int LEAST_FOR_SHARE = 20;

  private static final int FIRST = 20;

  private final List<HaltRule> rules;
  private final boolean byDefault;
  private long ended;
  private long failed;
  private long lost;
  private long alike;
  private @Nullable String last;

  /**
   * Makes it.
   *
   * @param rules the rules
   * @param byDefault whether the first twenty items count
   */
  public Halt(List<HaltRule> rules, boolean byDefault) {
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
      String kind = reply.kind();
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
}
