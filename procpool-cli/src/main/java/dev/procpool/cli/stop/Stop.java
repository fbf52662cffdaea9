package dev.procpool.cli.stop;

import dev.procpool.ResultIterator;
import dev.procpool.cli.reply.Reply;
import dev.procpool.cli.terminal.Console;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jline.utils.Signals;
import org.jspecify.annotations.Nullable;

/**
 * The early end of a run: by Ctrl-C, SIGTERM or {@code --halt}. First no new items are started and
 * those that run may end; after the grace period, or with a second signal, they are stopped.
 *
 * <p>Thread-safe: signals come on threads of their own.
 */
public final class Stop implements AutoCloseable {

  /** Exit code of a run that {@code --halt} ended. */
  static final int HALTED = 4;

  /** Exit codes of runs that a signal ended are this and its number. */
  public static final int SIGNALLED = 128;

  private final Console console;
  private final Duration grace;
  private final Halt halt;
  private final boolean haltsNow;
  private final Object interrupt;
  private final Object termination;
  private @Nullable ResultIterator<?> results;
  private int exitCode;
  private boolean ended;

  /**
   * Makes it, and takes signals from now on.
   *
   * @param console is told why
   * @param halt says when a run is halted
   * @param haltsNow whether that stops the items that run, too
   * @param grace how long items that run have to end
   */
  public Stop(Console console, Halt halt, boolean haltsNow, Duration grace) {
    this.console = console;
    this.halt = halt;
    this.haltsNow = haltsNow;
    this.grace = grace;
    this.interrupt = Signals.register("INT", () -> signalled("Ctrl-C", 2));
    this.termination = Signals.register("TERM", () -> signalled("SIGTERM", 15));
  }

  /** Names the results that are to end; those of an earlier call are forgotten. */
  public synchronized void watch(ResultIterator<?> newResults) {
    results = newResults;
    if (exitCode != 0) {
      newResults.close();
    }
  }

  private void signalled(String name, int number) {
    synchronized (this) {
      if (exitCode == 0 && !ended) {
        exitCode = SIGNALLED + number;
        if (results != null) {
          results.cancelWaiting();
        }
        console.message( // true by now
            name
                + ": no more items are started; those that run have "
                + grace.toMillis() / 1000.0
                + " s to end. Again to stop at once.");
        Thread limit = new Thread(this::stopAfterGrace, "procpool-grace");
        limit.setDaemon(true);
        limit.start();
        return;
      }
    }
    console.close();
    System.exit(SIGNALLED + number);
  }

  private void stopAfterGrace() {
    try {
      TimeUnit.NANOSECONDS.sleep(grace.toNanos());
      synchronized (this) {
        if (results != null && !ended) {
          results.close();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Takes note of a result, and ends the run if its results are such. Of the thread that takes the
   * outcomes.
   *
   * @return whether more results are wanted
   */
  public boolean sees(Reply reply) {
    Optional<String> why = halt.sees(reply);
    return why.isEmpty() || halts(why.get());
  }

  private synchronized boolean halts(String why) {
    if (exitCode != 0) {
      return true;
    }
    exitCode = HALTED;
    console.message("halted: " + why + (haltsNow ? "" : "; items that run may end"));
    ResultIterator<?> running = Objects.requireNonNull(results); // one of which has come
    if (haltsNow) {
      running.close();
    } else {
      running.cancelWaiting();
    }
    return !haltsNow;
  }

  /** All items have their results, and are being put in order: a signal ends that at once. */
  public synchronized void allDone() {
    ended = exitCode == 0;
  }

  public synchronized boolean isUnderway() {
    return exitCode != 0;
  }

  /** Gives the exit code of a run that was ended early; zero if it was not. */
  public synchronized int exitCode() {
    return exitCode;
  }

  /** Signals end the program from now on, as they did before. */
  @Override
  public void close() {
    synchronized (this) {
      ended = true;
      results = null;
    }
    Signals.unregister("INT", interrupt);
    Signals.unregister("TERM", termination);
  }
}
