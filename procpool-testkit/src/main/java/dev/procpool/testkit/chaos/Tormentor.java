package dev.procpool.testkit.chaos;

import dev.procpool.Pool;
import dev.procpool.WorkerInfo;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * A thread that kills and stops workers from outside and resizes the pool, until it is ended. What
 * it does follows from the seed, when it hits what does not.
 */
final class Tormentor {

  private static final int MAX_WORKERS = 5;

  private final Pool pool;
  private final SplittableRandom random;
  private final Set<Long> victims = ConcurrentHashMap.newKeySet();
  private final Thread thread = new Thread(this::run, "chaos-tormentor");

  Tormentor(Pool pool, long seed) {
    this.pool = pool;
    this.random = new SplittableRandom(seed);
    thread.start();
  }

  /** The processes that were sent a signal, or were about to be. */
  Set<Long> victims() {
    return Set.copyOf(victims);
  }

  private void run() {
    try {
      while (true) {
        TimeUnit.MILLISECONDS.sleep(random.nextInt(100, 700));
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

  private void torment() throws IOException, InterruptedException {
    int what = random.nextInt(10);
    if (what < 4) {
      pool.resize(random.nextInt(1, MAX_WORKERS));
      return;
    }
    List<WorkerInfo> workers = pool.workers();
    if (workers.isEmpty()) {
      return;
    }
    long pid = workers.get(random.nextInt(workers.size())).pid();
    boolean ours =
        pid > 0
            && ProcessHandle.of(pid)
                .flatMap(ProcessHandle::parent)
                .filter(ProcessHandle.current()::equals)
                .isPresent();
    if (ours) {
      victims.add(pid); // before it is hit, so that no outcome can be earlier
      Signal.send(what < 9 ? "KILL" : "STOP", pid);
    }
  }

  /** Ends it; nothing is hit after this. */
  void end() throws InterruptedException {
    thread.interrupt();
    thread.join();
  }
}
