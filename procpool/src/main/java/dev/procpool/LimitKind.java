package dev.procpool;

import java.time.Duration;
import java.util.Optional;

/**
 * Which limit an item ran into: see {@link Outcome.TimedOut#kind()}.
 *
 * @since 0.2.0
 */
public enum LimitKind {
  /** It ran for longer than {@link TaskOptions#timeout} allows. */
  RUN_TIME("ran longer than its time limit of ", ""),

  /** It said nothing of its progress for as long as {@link TaskOptions#stallTimeout} allows. */
  STALL(
      "reported no progress for longer than its stall limit of ",
      "; a task that gets on says so with WorkerContext.current().progress()"),

  /** It took more processor time than {@link TaskOptions#cpuTimeout} allows. */
  CPU_TIME("took more processor time than its limit of ", "");

  private final String before;
  private final String after;

  LimitKind(String before, String after) {
    this.before = before;
    this.after = after;
  }

  /**
   * Gives the limit of this kind that options set.
   *
   * @param options the options
   * @return the limit; empty if there is none, or if it is {@linkplain TaskOptions#hasTimeoutByItem
   *     by item}
   */
  public Optional<Duration> of(TaskOptions options) {
    return switch (this) {
      case RUN_TIME -> options.timeout();
      case STALL -> options.stallTimeout();
      case CPU_TIME -> options.cpuTimeout();
    };
  }

  /** What the item did, in a message. */
  String exceeded(long millis) {
    return before + millis + " ms" + after;
  }
}
