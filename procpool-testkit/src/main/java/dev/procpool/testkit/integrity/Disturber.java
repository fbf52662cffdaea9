package dev.procpool.testkit.integrity;

import dev.procpool.Pool;
import dev.procpool.WorkerInfo;
import dev.procpool.testkit.chaos.Signal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A thread that kills workers, stops and continues some or all, and resizes the pool. Workers come
 * to some item between two of these, however busy the machine is.
 */
final class Disturber implements AutoCloseable {

  private static final int MOST_WORKERS = 4;
  private static final int MOST_MILLIS = 600;
  private static final int MOST_STOP_MILLIS = 400;
  private static final int POLL_MILLIS = 5;

  private final Pool pool;
  private final SplittableRandom random;
  private final Thread thread = new Thread(this::run, "integrity-disturber");

  private final AtomicInteger kills = new AtomicInteger();
  private final AtomicInteger stops = new AtomicInteger();
  private final AtomicInteger resizes = new AtomicInteger();
  private volatile @Nullable IOException failure;

  Disturber(Pool pool, long seed) {
    this.pool = pool;
    this.random = new SplittableRandom(seed);
    thread.start();
  }

  private void run() {
    try {
      while (true) {
        TimeUnit.MILLISECONDS.sleep(random.nextInt(1, MOST_MILLIS));
        disturb();
        awaitProgress();
      }
    } catch (InterruptedException | RejectedExecutionException e) {
      // ended
    } catch (IOException e) {
      failure = e;
    }
  }

  /** Waits until a worker has more items done than now; ended by an interrupt if none ever has. */
  private void awaitProgress() throws InterruptedException {
    Map<Long, Long> before = new HashMap<>();
    pool.workers().forEach(worker -> before.put(worker.pid(), worker.tasksDone()));
    while (pool.workers().stream()
        .noneMatch(worker -> worker.tasksDone() > before.getOrDefault(worker.pid(), 0L))) {
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
  }

  private void disturb() throws IOException, InterruptedException {
    List<WorkerInfo> workers = pool.workers();
    switch (random.nextInt(5)) {
      case 0 -> {
        pool.resize(random.nextInt(1, MOST_WORKERS + 1));
        resizes.incrementAndGet();
      }
      case 1 -> stop(workers);
      case 2 -> {
        if (!workers.isEmpty()) {
          stop(List.of(workers.get(random.nextInt(workers.size()))));
        }
      }
      default -> {
        if (!workers.isEmpty()) {
          kill(workers.get(random.nextInt(workers.size())).pid());
        }
      }
    }
  }

  private void kill(long pid) {
    ProcessHandle.current()
        .children()
        .filter(child -> child.pid() == pid)
        .forEach(
            child -> {
              child.destroyForcibly();
              kills.incrementAndGet();
            });
  }

  private void stop(List<WorkerInfo> workers) throws IOException, InterruptedException {
    List<Long> stopped = new ArrayList<>();
    try {
      for (WorkerInfo worker : workers) {
        if (isChild(worker.pid())) {
          stopped.add(worker.pid());
          Signal.send("STOP", worker.pid());
          stops.incrementAndGet();
        }
      }
      TimeUnit.MILLISECONDS.sleep(random.nextInt(MOST_STOP_MILLIS));
    } finally {
      continueAll(stopped);
    }
  }

  /** Whatever interrupts this thread: a worker left stopped would hold up the pool. */
  private static void continueAll(List<Long> stopped) throws IOException {
    boolean interrupted = Thread.interrupted();
    for (int next = 0; next < stopped.size(); ) {
      long pid = stopped.get(next);
      try {
        if (isChild(pid)) {
          Signal.send("CONT", pid);
        }
        next++;
      } catch (InterruptedException e) {
        interrupted = true; // once more: it may not have been sent
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** A process that has ended may have left its number to another. */
  private static boolean isChild(long pid) {
    return ProcessHandle.current().children().anyMatch(child -> child.pid() == pid);
  }

  @Override
  public String toString() {
    return kills + " kills, " + stops + " stops, " + resizes + " resizes";
  }

  @Override
  public void close() {
    thread.interrupt();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (failure != null) {
      throw new IllegalStateException("could not send signals", failure);
    }
  }
}
