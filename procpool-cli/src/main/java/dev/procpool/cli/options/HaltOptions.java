package dev.procpool.cli.options;

import dev.procpool.RetryPolicy;
import dev.procpool.cli.limit.DurationConverter;
import dev.procpool.cli.message.UsageException;
import dev.procpool.cli.reply.ItemFailedException;
import dev.procpool.cli.stop.Halt;
import dev.procpool.cli.stop.HaltRule;
import dev.procpool.cli.stop.Stop;
import dev.procpool.cli.terminal.Console;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/**
 * The options about when a run stops and what is tried again. Filled by picocli, then read only.
 */
public final class HaltOptions {

  private static final Duration LONGEST_BACKOFF = Duration.ofMinutes(5);

  @Option(
      names = "--halt",
      paramLabel = "WHEN",
      description =
          "Start no more items once failed=10 of them are not ok, or failed=5%% of at least twenty;"
              + " once lost=3 took their worker down; once same=20 one after the other failed"
              + " alike. ',now' stops those that run, too. Default: if the first twenty items fail"
              + " alike; 'never' for not at all. Exit code 4.")
  List<String> halt = new ArrayList<>();

  @Option(
      names = "--retries",
      paramLabel = "N[,BACKOFF]",
      description =
          "Try an item up to N times more if it failed, timed out or lost its worker; before the"
              + " first of them wait for BACKOFF, then twice as long each time. Default: 0.")
  @Nullable String retries;

  @Option(
      names = "--grace",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      defaultValue = "5s",
      description =
          "How long items that run have to end after Ctrl-C or SIGTERM. Default: ${DEFAULT-VALUE}.")
  Duration grace = Duration.ofSeconds(5);

  /** Refuses what can't be, naming the option. */
  void check() {
    rules();
    retry();
  }

  HaltRule.Rules rules() {
    return HaltRule.parse(halt);
  }

  /**
   * Begins to watch a run for its early end.
   *
   * @param console is told why
   * @param known whether there are results that are ok from before, so that not every item fails
   */
  public Stop watch(Console console, boolean known) {
    Halt rulesOrFirst = new Halt(rules().rules(), halt.isEmpty() && !known);
    return new Stop(console, rulesOrFirst, rules().now(), grace);
  }

  /** Gives how often an item is tried again. */
  public int moreAttempts() {
    return retry().map(policy -> policy.maxAttempts() - 1).orElse(0);
  }

  /** Gives what the pool is told; empty if nothing is tried again. */
  public Optional<RetryPolicy> retry() {
    if (retries == null) {
      return Optional.empty();
    }
    String[] parts = retries.split(",", 2);
    try {
      int more = Integer.parseInt(parts[0].strip());
      if (more < 0 || more > 1_000_000) {
        throw new UsageException("--retries must be 0 to 1000000, was " + more);
      }
      RetryPolicy policy =
          RetryPolicy.attempts(more + 1).onWorkerLost().onTimeout().on(ItemFailedException.class);
      if (parts.length == 2) {
        Duration first = new DurationConverter().convert(parts[1]);
        Duration most = first.compareTo(LONGEST_BACKOFF) > 0 ? first : LONGEST_BACKOFF;
        policy = policy.backoff(first, most);
      }
      return more == 0 ? Optional.empty() : Optional.of(policy);
    } catch (NumberFormatException e) {
      throw new UsageException("--retries '" + retries + "' is not of the form 3 or 3,500ms", e);
    } catch (TypeConversionException | IllegalArgumentException e) {
      throw new UsageException("--retries: " + e.getMessage(), e);
    }
  }
}
