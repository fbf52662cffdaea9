package dev.procpool.spark;

import dev.procpool.Pool;
import dev.procpool.testkit.chaos.ChaosSite;
import dev.procpool.testkit.chaos.Signal;
import dev.procpool.testkit.chaos.Victims;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/**
 * A thread that hits what a pool has on a cluster, until it is ended. What it does follows from the
 * seed, when it hits what does not. The cluster is whole again when it has ended.
 */
final class ClusterTormentor implements ChaosSite.Torment {

  private static final int EXECUTORS = 2;
  private static final int MAX_WORKERS = 5;
  private static final int MOST_PAUSE_MILLIS = 2500; // of a freeze limit of 5 seconds
  private static final int MOST_ITEMS_BETWEEN = 8;
  private static final int LOOK_MILLIS = 50;
  private static final int MOST_LOOKS = 100;
  private static final long RECOVERY_SECONDS = 60;

  private final SparkCluster cluster;
  private final Pool pool;
  private final Hits hits;
  private final IntSupplier completed;
  private final SplittableRandom random;
  private final Victims victims = new Victims();

  /** Written by the thread. */
  private final Map<String, Integer> counts = new TreeMap<>();

  private final Thread thread = new Thread(this::run, "chaos-on-cluster");

  private final Thread watch = new Thread(this::watch, "chaos-watch");

  /** All processes that each executor had; guarded by this. */
  private final Map<ProcessHandle, Set<Long>> workers = new HashMap<>();

  /** Executors that end soon, and those that have. */
  private final Set<ProcessHandle> condemned = ConcurrentHashMap.newKeySet();

  private volatile boolean isEnded;

  ClusterTormentor(SparkCluster cluster, Pool pool, Hits hits, long seed, IntSupplier completed) {
    this.cluster = cluster;
    this.pool = pool;
    this.hits = hits;
    this.completed = completed;
    this.random = new SplittableRandom(seed);
    thread.start();
    watch.setDaemon(true);
    watch.start();
  }

  @Override
  public Victims victims() {
    return victims;
  }

  @Override
  public Map<String, Integer> counts() {
    return counts;
  }

  @Override
  public void end() throws InterruptedException {
    isEnded = true; // not by an interrupt: what was taken away is to be given back
    thread.join();
    // Until they are gone: the next round's pool is not to lose them.
    watch.join(TimeUnit.SECONDS.toMillis(RECOVERY_SECONDS));
    watch.interrupt();
    watch.join();
  }

  private void run() {
    try {
      while (!isEnded) {
        sleep(random.nextInt(200, 1200));
        awaitProgress(random.nextInt(MOST_ITEMS_BETWEEN));
        if (!isEnded) {
          hit(hits.next());
        }
      }
    } catch (RejectedExecutionException e) {
      // the pool has ended first: it is broken, and its calls say why
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException("a process of the cluster can't be hit", e);
    }
  }

  private void hit(Hits.Hit hit) throws IOException, InterruptedException {
    switch (hit) {
      case RESIZE -> {
        count("resize");
        pool.resize(random.nextInt(1, MAX_WORKERS));
      }
      case KILL_WORKER -> signalWorker("KILL");
      case TERM_WORKER -> signalWorker("TERM");
      case STOP_WORKER -> signalWorker("STOP");
      case PAUSE_WORKER -> pauseWorker();
      case KILL_EXECUTOR -> killExecutor();
      case PAUSE_EXECUTOR -> pauseExecutor();
      case CUT_CONNECTIONS -> cutConnections();
      case KILL_DAEMON -> killDaemon();
      case KILL_MASTER -> killMaster();
    }
  }

  // ---------------------------------------------------------------- worker processes

  private void signalWorker(String signal) throws IOException, InterruptedException {
    List<ProcessHandle> all = workersOfAll();
    if (!all.isEmpty()) {
      long pid = one(all).pid();
      count(signal.toLowerCase(Locale.ROOT) + " of a worker");
      victims.killing(pid);
      Signal.send(signal, pid);
    }
  }

  private void pauseWorker() throws IOException, InterruptedException {
    List<ProcessHandle> all = workersOfAll();
    if (!all.isEmpty()) {
      long pid = one(all).pid();
      count("pause of a worker");
      victims.pausing(pid);
      Signal.send("STOP", pid);
      long begin = System.nanoTime();
      sleep(random.nextInt(MOST_PAUSE_MILLIS));
      victims.paused(pid, begin, System.nanoTime());
      Signal.send("CONT", pid);
    }
  }

  private List<ProcessHandle> workersOfAll() {
    return cluster.executors().stream().flatMap(ProcessHandle::children).toList();
  }

  // ---------------------------------------------------------------- executors

  private void killExecutor() throws IOException, InterruptedException {
    List<ProcessHandle> executors = cluster.executors();
    if (!executors.isEmpty()) {
      ProcessHandle executor = one(executors);
      count("kill of an executor");
      Signal.send("STOP", executor.pid()); // it starts no worker that nobody knows of
      condemn(executor);
      executor.destroyForcibly();
      recover();
    }
  }

  private void pauseExecutor() throws IOException, InterruptedException {
    List<ProcessHandle> executors = cluster.executors();
    if (!executors.isEmpty()) {
      long pid = one(executors).pid();
      count("pause of an executor");
      Signal.send("STOP", pid);
      sleep(random.nextInt(MOST_PAUSE_MILLIS));
      Signal.send("CONT", pid);
    }
  }

  /** Resets each connection of an executor. It takes its driver for gone, and ends. */
  private void cutConnections() throws IOException, InterruptedException {
    List<ProcessHandle> executors = cluster.executors();
    if (!executors.isEmpty()) {
      ProcessHandle executor = one(executors);
      condemn(executor);
      if (Connections.cut(executor.pid())) {
        count("cut of an executor's connections");
        recover();
      } else { // it had none yet, or there is no ss here
        condemned.remove(executor);
      }
    }
  }

  /** Kills a Worker's daemon, whose executors end when they see it, and starts another. */
  private void killDaemon() throws IOException, InterruptedException {
    List<Integer> daemons = cluster.liveWorkers();
    int daemon = daemons.get(random.nextInt(daemons.size()));
    count("kill of a Worker daemon");
    List<Long> below = cluster.workerProcess(daemon).descendants().map(ProcessHandle::pid).toList();
    cluster.executors().stream()
        .filter(executor -> below.contains(executor.pid()))
        .forEach(this::condemn);
    cluster.killWorker(daemon);
    cluster.addWorker();
    recover();
  }

  private void killMaster() throws IOException, InterruptedException {
    count("kill of the Master");
    cluster.killMaster();
    awaitProgress(random.nextInt(MOST_ITEMS_BETWEEN));
    cluster.restartMaster();
  }

  /** Tells an executor's workers as hit, those too that it starts until it has ended. */
  private void condemn(ProcessHandle executor) {
    victims.killingExecutor();
    condemned.add(executor);
    look();
  }

  /** Which executor has which workers, again and again, since the dead don't tell. */
  private void watch() {
    while (!isEnded || condemned.stream().anyMatch(SparkCluster::runs)) {
      look();
      try {
        sleep(LOOK_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private synchronized void look() {
    for (ProcessHandle executor : cluster.executors()) {
      executor
          .descendants()
          .forEach(
              worker -> workers.computeIfAbsent(executor, e -> new HashSet<>()).add(worker.pid()));
    }
    condemned.forEach(
        executor -> workers.getOrDefault(executor, Set.of()).forEach(victims::killing));
  }

  /** Mostly waits until all executors are there: else there would soon be none. */
  private void recover() throws InterruptedException {
    if (random.nextInt(4) > 0) {
      await(RECOVERY_SECONDS * 1000 / LOOK_MILLIS, () -> cluster.executors().size() >= EXECUTORS);
    }
  }

  // ---------------------------------------------------------------- time

  /** Lets some items end first: on a busy machine nobody would get anywhere otherwise. */
  private void awaitProgress(int items) throws InterruptedException {
    int before = completed.getAsInt();
    await(MOST_LOOKS, () -> completed.getAsInt() - before >= items);
  }

  private void await(long looks, BooleanSupplier condition) throws InterruptedException {
    for (long i = 0; i < looks && !isEnded && !condition.getAsBoolean(); i++) {
      sleep(LOOK_MILLIS);
    }
  }

  private static void sleep(long millis) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(millis);
  }

  private <T> T one(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  private void count(String what) {
    counts.merge(what, 1, Integer::sum);
  }
}
