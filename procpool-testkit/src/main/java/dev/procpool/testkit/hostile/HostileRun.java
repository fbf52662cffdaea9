package dev.procpool.testkit.hostile;

import dev.procpool.testkit.ProcessFigures;
import dev.procpool.testkit.RunOptions;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * The hostile run: rounds of some seconds, each on a pool of which all worker processes but one are
 * hostile ones that speak the protocol and then commit {@link Misdeed}s, until time is up.
 *
 * <p>As a program it takes {@code --seed N --minutes M}, prints each round, a summary and each
 * fault, and exits with 1 if there was one. Given a small heap it shows that no hostile worker has
 * the pool allocate more. Linux only.
 */
public final class HostileRun {

  private final long seed;
  private final Duration time;
  private final Duration roundTime;
  private final PrintStream out;
  private final Map<String, Integer> counts = new TreeMap<>();
  private int hostileStarts;

  /**
   * Prepares a run.
   *
   * @param seed what is done follows from it; when it is done does not
   * @param time no round begins after so long
   * @param roundTime how long calls are made in each round
   * @param out where progress and summary go
   */
  public HostileRun(long seed, Duration time, Duration roundTime, PrintStream out) {
    this.seed = seed;
    this.time = time;
    this.roundTime = roundTime;
    this.out = out;
  }

  /**
   * Runs.
   *
   * @return the faults; none if all is well
   * @throws InterruptedException if this thread was interrupted
   * @throws IOException if the temporary directory can't be used
   */
  public List<String> run() throws InterruptedException, IOException {
    out.println("hostile run, seed " + seed + ", Java " + Runtime.version());
    SplittableRandom seeds = new SplittableRandom(seed);
    List<String> faults = new ArrayList<>();
    long start = System.nanoTime();
    int rounds = 0;
    while (System.nanoTime() - start < time.toNanos()) {
      HostileRound round = new HostileRound(seeds.nextLong(), roundTime);
      rounds++;
      for (String fault : round.run()) {
        faults.add("round " + rounds + ": " + fault);
        out.println("FAULT in round " + rounds + ": " + fault);
      }
      hostileStarts += round.hostileStarts();
      round.counts().forEach((kind, count) -> counts.merge(kind, count, Integer::sum));
      out.println("round " + rounds + ", " + hostileStarts + " hostile workers, " + counts);
    }
    out.printf(
        "hostile run on Java %s, seed %d: %d rounds, %d hostile workers, %d faults, outcomes %s, %d s;"
            + " at the end %s%n",
        Runtime.version().feature(),
        seed,
        rounds,
        hostileStarts,
        faults.size(),
        counts,
        TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start),
        ProcessFigures.now());
    return faults;
  }

  /**
   * Tells how many outcomes of a kind there were.
   *
   * @param kind the name of a class of outcomes, of those that no hostile worker had
   * @return the number
   */
  public int count(String kind) {
    return counts.getOrDefault(kind, 0);
  }

  /**
   * Tells how many hostile workers there were.
   *
   * @return the number
   */
  public int hostileStarts() {
    return hostileStarts;
  }

  /**
   * Runs as a program.
   *
   * @param args the options
   * @throws InterruptedException if this thread was interrupted
   * @throws IOException if the temporary directory can't be used
   */
  public static void main(String[] args) throws InterruptedException, IOException {
    RunOptions options = new RunOptions().with("--minutes", 10).read(args);
    Duration time = Duration.ofMinutes(options.number("--minutes"));
    HostileRun run = new HostileRun(options.seed(), time, Duration.ofSeconds(5), System.out);
    System.exit(run.run().isEmpty() ? 0 : 1);
  }
}
