package dev.procpool.testkit.chaos;

import dev.procpool.Pool;
import dev.procpool.WorkerInfo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;

/**
 * A thread that kills, stops and pauses workers from outside, pauses this whole process with them,
 * and resizes the pool, until it is ended. What it does follows from the seed, when it hits what
 * does not.
 */
final class Tormentor implements ChaosSite.Torment {

  private static final int MAX_WORKERS = 5;
  private static final int MOST_PAUSE_MILLIS = 2500; // of a freeze limit of 5 seconds
  private static final int MOST_ITEMS_BETWEEN = 8;
  private static final int LOOK_MILLIS = 20;
  private static final int MOST_LOOKS = 250;

  private final Pool pool;
  private final IntSupplier completed;
  private final SplittableRandom random;
  private final Victims victims = new Victims();

  /** Written by the thread. */
  private final Map<String, Integer> counts = new TreeMap<>();

  private final Thread thread = new Thread(this::run, "chaos-tormentor");

  /**
   * Begins.
   *
   * @param completed counts the items that have ended
   */
  Tormentor(Pool pool, long seed, IntSupplier completed) {
    this.pool = pool;
    this.completed = completed;
    this.random = new SplittableRandom(seed);
    thread.start();
  }

  @Override
  public Victims victims() {
    return victims;
  }

  private void run() {
    try {
      while (true) {
        TimeUnit.MILLISECONDS.sleep(random.nextInt(200, 1200));
        awaitProgress(random.nextInt(MOST_ITEMS_BETWEEN));
        torment();
      }
    } catch (InterruptedException e) {
      // ended
    } catch (RejectedExecutionException e) {
      // the pool has ended first: it is broken, and its calls say why
    } catch (IOException e) {
      throw new IllegalStateException("the kill command can't be run", e);
    }
  }

  /** Lets some items end first: on a busy machine nobody would get anywhere otherwise. */
  private void awaitProgress(int items) throws InterruptedException {
    int before = completed.getAsInt();
    for (int i = 0; i < MOST_LOOKS && completed.getAsInt() - before < items; i++) {
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    }
  }

  private void torment() throws IOException, InterruptedException {
    int what = random.nextInt(14);
    if (what < 4) {
      count("resize");
      pool.resize(random.nextInt(1, MAX_WORKERS));
      return;
    }
    List<WorkerInfo> workers = pool.workers();
    if (workers.isEmpty()) {
      return;
    }
    if (what > 11) {
      pauseAll(workers, random.nextInt(MOST_PAUSE_MILLIS));
      return;
    }
    long pid = workers.get(random.nextInt(workers.size())).pid();
    if (!isOurs(pid)) {
      return;
    }
    switch (what) {
      case 4, 5, 6, 7 -> kill("KILL", pid);
      case 8 -> kill("TERM", pid);
      case 9 -> kill("STOP", pid);
      default -> pause(pid, random.nextInt(MOST_PAUSE_MILLIS));
    }
  }

  private void kill(String signal, long pid) throws IOException, InterruptedException {
    count(signal);
    victims.killing(pid);
    Signal.send(signal, pid);
  }

  private void pause(long pid, int millis) throws IOException, InterruptedException {
    count("pause");
    victims.pausing(pid);
    Signal.send("STOP", pid);
    long begin = System.nanoTime();
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } finally {
      victims.paused(pid, begin, System.nanoTime());
      if (isOurs(pid)) {
        Signal.send("CONT", pid);
      }
    }
  }

  /** Stops this process and its workers and has a shell continue them. */
  private void pauseAll(List<WorkerInfo> workers, int millis)
      throws IOException, InterruptedException {
    List<Long> pids = new ArrayList<>();
    for (WorkerInfo worker : workers) {
      if (isOurs(worker.pid())) {
        pids.add(worker.pid());
        victims.pausing(worker.pid());
      }
    }
    count("pause of all");
    String all = ProcessHandle.current().pid() + " " + join(pids);
    String script =
        String.format(
            Locale.ROOT,
            "kill -STOP %s; sleep %d.%03d; kill -CONT %s",
            all,
            millis / 1000,
            millis % 1000,
            all);
    long begin = System.nanoTime();
    Process shell =
        new ProcessBuilder("sh", "-c", script)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    boolean interrupted = false;
    while (shell.isAlive()) {
      try {
        shell.waitFor();
      } catch (InterruptedException e) {
        interrupted = true; // it is to continue all first
      }
    }
    long end = System.nanoTime();
    long pause = TimeUnit.MILLISECONDS.toNanos(millis);
    // it began some time before, and ended some time before this thread heard of it: so much is
    // sure
    if (end - pause < begin + pause) {
      pids.forEach(pid -> victims.paused(pid, end - pause, begin + pause));
    }
    if (interrupted) {
      throw new InterruptedException();
    }
  }

  private static String join(List<Long> pids) {
    return pids.stream().map(String::valueOf).collect(Collectors.joining(" "));
  }

  private void count(String what) {
    counts.merge(what, 1, Integer::sum);
  }

  @Override
  public Map<String, Integer> counts() {
    return counts;
  }

  /** A process that has ended may have left its number to another. */
  private static boolean isOurs(long pid) {
    return pid > 0
        && ProcessHandle.of(pid)
            .flatMap(ProcessHandle::parent)
            .filter(ProcessHandle.current()::equals)
            .isPresent();
  }

  @Override
  public void end() throws InterruptedException {
    thread.interrupt();
    thread.join();
  }
}
