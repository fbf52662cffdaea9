package dev.procpool.testkit.chaos;

import dev.procpool.testkit.ProcessFigures;
import dev.procpool.testkit.RunOptions;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * The chaos run: rounds of some hundred items, many of them misbehaving, each on a pool of its own,
 * until there were enough items or time is up.
 *
 * <p>As a program it takes {@code --seed N --items N --minutes M}, prints its progress, a summary
 * and each fault, and exits with 1 if there was a fault, with 2 if it hung. Not thread-safe, and
 * one at a time in a JVM: it changes {@code java.io.tmpdir} while it runs.
 */
public final class ChaosRun {

  private static final int ITEMS_OF_A_ROUND = 600;
  private static final int MAX_SHOWN = 50;
  private static final int ROUNDS_BETWEEN_EXTRAS = 4;
  private static final int HANG_STATUS = 2;
  private static final long PROGRESS_SECONDS = 5;

  /** Beyond what a round itself takes for a hang, on any site. */
  private static final long SILENCE_NANOS = TimeUnit.MINUTES.toNanos(8);

  private final long seed;
  private final int items;
  private final Duration most;
  private final PrintStream out;
  private final ChaosSite site;
  private final Runnable onHang;
  private final Tally tally = new Tally();
  private final List<String> faults = new ArrayList<>();

  /**
   * Prepares a run.
   *
   * @param seed what the plan follows from
   * @param items how many items to run
   * @param most no round begins after so long
   * @param out where progress and summary go
   */
  public ChaosRun(long seed, int items, Duration most, PrintStream out) {
    this(seed, items, most, out, new LocalSite(), () -> {});
  }

  /**
   * Prepares a run elsewhere.
   *
   * @param seed what the plan follows from
   * @param items how many items to run
   * @param most no round begins after so long
   * @param out where progress and summary go
   * @param site where it takes place
   * @param onHang what to do if a round does not end at all
   */
  public ChaosRun(
      long seed, int items, Duration most, PrintStream out, ChaosSite site, Runnable onHang) {
    this.site = site;
    this.onHang = onHang;
    this.seed = seed;
    this.items = items;
    this.most = most;
    this.out = out;
  }

  /**
   * Runs.
   *
   * @return the faults, described in full; none if all is well
   * @throws InterruptedException if this thread was interrupted
   * @throws IOException if the temporary directory can't be used
   */
  public List<String> run() throws InterruptedException, IOException {
    out.println("chaos run, seed " + seed + ", Java " + Runtime.version());
    SplittableRandom seeds = new SplittableRandom(seed);
    long start = System.nanoTime();
    int round = 0;
    while (tally.items() < items && System.nanoTime() - start < most.toNanos()) {
      int size = Math.min(ITEMS_OF_A_ROUND, items - tally.items());
      run(++round, new ChaosRound(ChaosPlan.of(seeds.nextLong(), size), site, out));
      if (round % ROUNDS_BETWEEN_EXTRAS == 1 && size == ITEMS_OF_A_ROUND) {
        add(round, site.extras(seeds));
      }
      if (tally.items() == 0) {
        break; // no call of the round came to an end: the next would not either
      }
    }
    long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
    out.println(tally);
    out.printf(
        "chaos run on Java %s, seed %d: %d rounds, %d items, %d attempts,"
            + " %d workers hit from outside, %d faults, %d s; at the end %s%n",
        Runtime.version().feature(),
        seed,
        round,
        tally.items(),
        tally.attempts(),
        tally.signals(),
        faults.size(),
        seconds,
        ProcessFigures.now());
    return List.copyOf(faults);
  }

  private void run(int number, ChaosRound round) throws InterruptedException, IOException {
    Thread progress = new Thread(() -> watch(number, tally.items(), round), "chaos-progress");
    progress.setDaemon(true);
    progress.start();
    try {
      add(number, round.run(tally));
    } finally {
      progress.interrupt();
      progress.join();
    }
  }

  private void add(int round, List<String> found) {
    for (String fault : found) {
      faults.add("round " + round + ": " + fault);
      if (faults.size() <= MAX_SHOWN) {
        out.println("FAULT in round " + round + ": " + fault);
      }
    }
  }

  /** Shows that a round gets on; ends the program if it hangs where even the round does not see. */
  private void watch(int number, int before, ChaosRound round) {
    int completed = 0;
    long since = System.nanoTime();
    try {
      while (true) {
        TimeUnit.SECONDS.sleep(PROGRESS_SECONDS);
        if (round.completed() != completed) {
          completed = round.completed();
          since = System.nanoTime();
        } else if (System.nanoTime() - since > SILENCE_NANOS) {
          out.println("HANG: round " + number + " does not end, seed " + seed);
          out.println(HangReport.threads());
          onHang.run();
          return;
        }
        out.println("round " + number + ", " + (before + completed) + " items");
      }
    } catch (InterruptedException e) {
      // the round has ended
    }
  }

  /**
   * Runs as a program.
   *
   * @param args the options
   * @throws InterruptedException if this thread was interrupted
   * @throws IOException if the temporary directory can't be used
   */
  public static void main(String[] args) throws InterruptedException, IOException {
    RunOptions options =
        new RunOptions().with("--items", Integer.MAX_VALUE).with("--minutes", 10).read(args);
    Runnable onHang = () -> Runtime.getRuntime().halt(HANG_STATUS);
    int items = Math.toIntExact(options.number("--items"));
    Duration most = Duration.ofMinutes(options.number("--minutes"));
    ChaosRun run = new ChaosRun(options.seed(), items, most, System.out, new LocalSite(), onHang);
    System.exit(run.run().isEmpty() ? 0 : 1);
  }
}
