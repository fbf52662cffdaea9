package dev.procpool.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.procpool.ResultIterator;
import dev.procpool.TaskOptions;
import dev.procpool.WorkerInfo;
import dev.procpool.local.ProcessPool;
import dev.procpool.view.PoolView;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What share of a processor the live page takes in the pool's JVM while 10,000 items a second run,
 * and how many frames a second a browser draws of it: of a pool of two workers, and of one of 256.
 */
final class PageShare {

  private static final long NANOS_PER_ITEM = 100_000;
  private static final String NAME = "watched";

  /** Threads that there are for the page alone: the view's, and that which tells it of events. */
  private static final List<String> THREADS =
      List.of("procpool-view", "procpool-" + NAME + "-observer");

  private final WatchedPool watched;
  private final int workers;
  private final AtomicLong taken = new AtomicLong();
  private volatile @Nullable RuntimeException failure;

  private PageShare(WatchedPool watched, int workers) {
    this.watched = watched;
    this.workers = workers;
  }

  static void ofTwo(Options options, Peers peers, Table table) throws Exception {
    measure(2, 0, options, table);
  }

  /** Items of 20 ms, so that 200 of them are busy. */
  static void ofMany(Options options, Peers peers, Table table) throws Exception {
    measure(256, 20, options, table);
  }

  private static void measure(int workers, int itemMillis, Options options, Table table)
      throws Exception {
    ProcessPool.Builder builder =
        ProcessPool.builder()
            .name(NAME)
            .workers(workers)
            .jvmOptions("-Xmx16m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
            .startLimit(Duration.ofMinutes(10)); // for so many JVMs at a time on few processors
    try (WatchedPool watched = WatchedPool.open(EnumSet.noneOf(Watcher.class), builder)) {
      PageShare share = new PageShare(watched, workers);
      ResultIterator<Integer> results =
          watched
              .pool()
              .with(TaskOptions.defaults().chunkSize(1))
              .imapUnordered(item -> Work.nap(itemMillis), Paced::new);
      Thread consumer = new Thread(() -> share.consume(results));
      consumer.start();
      share.awaitWorkers();
      share.measure(options, table);
      results.close();
      consumer.join();
    }
  }

  private void consume(ResultIterator<Integer> results) {
    try {
      while (results.hasNext()) {
        results.next();
        taken.incrementAndGet();
      }
    } catch (RuntimeException e) {
      failure = e; // of the end, if all was measured before
    }
  }

  private void check() {
    if (failure != null) {
      throw new IllegalStateException("there are no more items", failure);
    }
  }

  private void awaitWorkers() throws InterruptedException {
    long all;
    do {
      Thread.sleep(500);
      check();
      all =
          watched.pool().workers().stream()
              .filter(worker -> worker.state() != WorkerInfo.State.STARTING)
              .count();
    } while (all < workers);
  }

  private void measure(Options options, Table table) throws Exception {
    int warmUp = options.pick(5, 20);
    int seconds = options.pick(10, 60);
    during(warmUp);
    Share unseen = during(seconds);
    try (PoolView view = PoolView.open(watched.pool());
        PageReader reader = PageReader.start(view.url())) {
      during(warmUp);
      Share seen = during(seconds);
      reader.check();
      table
          .ours(
              "a live page with a reader, %d workers, %,.0f items/s: its threads' share of a processor"
                      .formatted(workers, seen.itemsPerSecond)
                  + "; the whole JVM's %.1f %%, without a page %.1f %% at %,.0f items/s"
                      .formatted(seen.ofJvm, unseen.ofJvm, unseen.itemsPerSecond),
              "%",
              Table.Better.LOWER,
              seen.ofPage)
          .reach(5);
    }
    try (PoolView view = PoolView.open(watched.pool());
        PageInBrowser browser = PageInBrowser.start()) {
      browser.show(view.url(), workers);
      table
          .ours(
              "frames that a browser draws of that page, while it is drawn",
              "frames/s",
              Table.Better.HIGHER,
              browser.framesPerSecond(warmUp))
          .reach(60);
    } catch (PageInBrowser.Missing e) {
      System.err.println("left out: " + e.getMessage());
    }
  }

  /** What some seconds have taken. */
  private record Share(double itemsPerSecond, double ofPage, double ofJvm) {}

  private Share during(int seconds) throws InterruptedException {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long items = taken.get();
    long page = nanosOfPage();
    long jvm = system.getProcessCpuTime();
    long begin = System.nanoTime();
    Thread.sleep(seconds * 1000L);
    double passed = System.nanoTime() - begin;
    check();
    return new Share(
        (taken.get() - items) * 1e9 / passed,
        100 * (nanosOfPage() - page) / passed,
        100 * (system.getProcessCpuTime() - jvm) / passed);
  }

  private static long nanosOfPage() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    return Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
        .filter(Objects::nonNull)
        .filter(info -> THREADS.stream().anyMatch(info.getThreadName()::startsWith))
        .mapToLong(info -> Math.max(0, threads.getThreadCpuTime(info.getThreadId())))
        .sum();
  }

  /** An endless source that gives 10,000 items a second, or what the pool takes if that is less. */
  private static final class Paced implements Iterator<Integer> {

    private static final long MOST_BEHIND = 100_000_000;

    private long due = System.nanoTime();
    private int given;

    @Override
    public boolean hasNext() {
      return true;
    }

    @Override
    public Integer next() {
      due = Math.max(due + NANOS_PER_ITEM, System.nanoTime() - MOST_BEHIND);
      while (due - System.nanoTime() > 0) {
        LockSupport.parkNanos(due - System.nanoTime());
      }
      return given++;
    }
  }
}
