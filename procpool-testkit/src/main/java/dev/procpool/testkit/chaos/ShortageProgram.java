package dev.procpool.testkit.chaos;

import dev.procpool.MapResult;
import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.PoolBrokenException;
import dev.procpool.ResultTooLargeException;
import dev.procpool.local.ProcessPool;
import java.io.FileInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * A program with a small heap and few descriptors, all of which a thread takes for moments again
 * and again while its pools work. Calls and items may fail for it, and say so; nothing may hang, be
 * wrong or be left.
 *
 * <p>Prints a line for what is wrong, and a summary; ends with 0 if all was well.
 */
final class ShortageProgram {

  private static final Duration BOUND = Duration.ofMinutes(1);
  private static final int ITEMS = 50;
  private static final int BYTES = 2000;
  private static final int WRONG = 1;
  private static final int HANG = 2;

  private final SplittableRandom random;
  private final long end;
  private final Map<String, Integer> counts = new TreeMap<>();
  private int status;

  private ShortageProgram(long seed, long seconds) {
    random = new SplittableRandom(seed);
    end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
  }

  public static void main(String[] arguments) throws InterruptedException {
    ShortageProgram program =
        new ShortageProgram(Long.parseLong(arguments[0]), Long.parseLong(arguments[1]));
    program.run();
    System.out.println(program.counts);
    System.out.flush();
    Runtime.getRuntime().halt(program.status); // whatever still hangs
  }

  private void run() throws InterruptedException {
    useOnce(); // a class that is not found for want of a descriptor is not looked for again
    Thread hog = new Thread(new Hog(random.nextLong()), "hog");
    hog.setDaemon(true);
    hog.start();
    while (status == 0 && System.nanoTime() - end < 0) {
      try {
        use();
      } catch (OutOfMemoryError e) {
        count("out of memory here");
      }
    }
    hog.interrupt();
    hog.join();
    long bound = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (ProcessHandle.current().descendants().findAny().isPresent()) {
      if (System.nanoTime() - bound > 0) {
        wrong(
            "processes are left: "
                + ProcessHandle.current()
                    .descendants()
                    .map(process -> process.pid() + " " + process.info())
                    .toList());
        System.out.println(HangReport.threads());
        return;
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private void useOnce() throws InterruptedException {
    try (Pool pool = ProcessPool.create(1)) {
      call(pool);
    }
  }

  /** A pool's life: to its end, or until it breaks. */
  private void use() throws InterruptedException {
    Pool pool;
    try {
      pool =
          ProcessPool.builder()
              .workers(2)
              .jvmOptions(List.of("-Xmx32m"))
              .restartIntensity(1000, Duration.ofMinutes(1))
              .build();
    } catch (RuntimeException e) { // no descriptor for its socket
      count("no pool");
      return;
    }
    try {
      for (int i = 0; i < 20 && status == 0 && System.nanoTime() - end < 0; i++) {
        call(pool);
      }
    } catch (PoolBrokenException | RejectedExecutionException e) {
      count("a broken pool");
    } finally {
      pool.shutdown();
      if (!pool.join(BOUND)) {
        System.out.println("HANG: a pool does not end");
        System.out.println(HangReport.threads());
        status = HANG;
      }
    }
  }

  private void call(Pool pool) throws InterruptedException {
    MapResult<byte[]> result =
        pool.mapAsync(x -> new byte[BYTES + x], IntStream.range(0, ITEMS).boxed().toList());
    if (!result.await(BOUND)) {
      System.out.println("HANG: a call does not end, " + result.completed() + " items have");
      System.out.println(HangReport.threads());
      status = HANG;
      return;
    }
    List<Outcome<byte[]>> outcomes = result.outcomes();
    if (outcomes.size() != ITEMS) {
      wrong(outcomes.size() + " outcomes of " + ITEMS);
    }
    for (Outcome<byte[]> outcome : outcomes) {
      count(outcome.getClass().getSimpleName());
      if (!isBearable(outcome)) {
        wrong(outcome.toString());
      }
    }
  }

  private static boolean isBearable(Outcome<byte[]> outcome) {
    if (outcome instanceof Outcome.Success<byte[]> success) {
      return success.value().length == BYTES + outcome.index();
    }
    Throwable error = outcome.failure().orElse(null);
    return error instanceof ResultTooLargeException
        || error instanceof OutOfMemoryError
        || error instanceof PoolBrokenException;
  }

  private void wrong(String what) {
    System.out.println("WRONG: " + what);
    status = WRONG;
  }

  private void count(String what) {
    counts.merge(what, 1, Integer::sum);
  }

  /** Takes all of the heap, or all descriptors, for a moment, now and then. */
  private static final class Hog implements Runnable {

    private static final int PIECE_BYTES = 64 * 1024;

    private final SplittableRandom random;

    Hog(long seed) {
      random = new SplittableRandom(seed);
    }

    @Override
    public void run() {
      while (!Thread.currentThread().isInterrupted()) {
        try {
          TimeUnit.MILLISECONDS.sleep(random.nextInt(100, 600));
          if (random.nextBoolean()) {
            takeHeap(random.nextInt(300));
          } else {
            takeDescriptors(random.nextInt(300));
          }
        } catch (InterruptedException e) {
          return;
        } catch (OutOfMemoryError e) {
          // which is what it is for
        }
      }
    }

    private static void takeHeap(int millis) throws InterruptedException {
      List<byte[]> hoard = new ArrayList<>();
      try {
        while (hoard.size() < 100_000) {
          hoard.add(new byte[PIECE_BYTES]);
        }
      } catch (OutOfMemoryError e) {
        TimeUnit.MILLISECONDS.sleep(millis);
      }
      hoard.clear();
    }

    private static void takeDescriptors(int millis) throws InterruptedException {
      List<FileInputStream> hoard = new ArrayList<>();
      try {
        while (hoard.size() < 100_000) {
          hoard.add(new FileInputStream("/dev/null"));
        }
      } catch (IOException e) {
        TimeUnit.MILLISECONDS.sleep(millis);
      } finally {
        hoard.forEach(Hog::close);
      }
    }

    private static void close(FileInputStream file) {
      try {
        file.close();
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
