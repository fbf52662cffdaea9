package dev.procpool.testkit.chaos;

import dev.procpool.MapResult;
import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.PoolBrokenException;
import dev.procpool.ResultTooLargeException;
import dev.procpool.local.ProcessPool;
import dev.procpool.testkit.TakenDescriptors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A program with a small heap and few descriptors, all of which a thread takes for moments again
 * and again while its pools work. Calls and items may fail for it, and say so; nothing may hang, be
 * wrong or be left.
 *
 * <p>It lacks memory itself, at whatever step: what it must do it does again, and it counts without
 * an object.
 *
 * <p>Prints a line for what is wrong, and a summary; ends with 0 if all was well.
 */
@SuppressWarnings("EnumOrdinal") // an array by kind, as a map would box a count
final class ShortageProgram {

  /** A pool without memory tries each step of its end for a minute. */
  private static final Duration BOUND = Duration.ofMinutes(3);

  private static final int ITEMS = 50;
  private static final int BYTES = 2000;
  private static final int WRONG = 1;
  private static final int HANG = 2;

  private enum Count {
    SUCCESS("Success"),
    FAILURE("Failure"),
    NO_POOL("no pool"),
    BROKEN_POOL("a broken pool"),
    NO_MEMORY("out of memory here");

    private final String text;

    Count(String text) {
      this.text = text;
    }
  }

  private final SplittableRandom random;
  private final long end;
  private final Hog hog;
  private final long[] counts = new long[Count.values().length];
  private int status;

  private ShortageProgram(long seed, long seconds) {
    random = new SplittableRandom(seed);
    end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    hog = new Hog(random.nextLong());
  }

  public static void main(String[] arguments) throws InterruptedException {
    ShortageProgram program =
        new ShortageProgram(Long.parseLong(arguments[0]), Long.parseLong(arguments[1]));
    program.run();
    program.say(program::summary);
    System.out.flush();
    Runtime.getRuntime().halt(program.status); // whatever still hangs
  }

  private void run() throws InterruptedException {
    useOnce(); // a class that is not found for want of a descriptor is not looked for again
    Thread taking = new Thread(hog, "hog");
    taking.setDaemon(true);
    taking.start();
    while (status == 0 && System.nanoTime() - end < 0) {
      try {
        use();
      } catch (VirtualMachineError | LinkageError e) {
        count(Count.NO_MEMORY);
      }
    }
    hog.isOver = true;
    taking.join();
    long bound = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (status == 0 && left().findAny().isPresent()) {
      if (System.nanoTime() - bound > 0) {
        status = WRONG;
        say(ShortageProgram::processes);
        say(HangReport::threads);
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
      count(Count.NO_POOL);
      return;
    }
    boolean isUsable = true;
    for (int i = 0; i < 20 && isUsable && status == 0 && System.nanoTime() - end < 0; i++) {
      try {
        call(pool);
      } catch (PoolBrokenException | RejectedExecutionException e) {
        isUsable = false;
        count(Count.BROKEN_POOL);
      } catch (VirtualMachineError | LinkageError e) {
        count(Count.NO_MEMORY);
      }
    }
    end(pool);
  }

  /** There is memory for this at some time. */
  private void end(Pool pool) throws InterruptedException {
    long begin = System.nanoTime();
    boolean hasEnded = false;
    while (!hasEnded && System.nanoTime() - begin < BOUND.toNanos()) {
      try {
        pool.shutdown();
        hasEnded = pool.join(BOUND);
      } catch (VirtualMachineError | LinkageError e) {
        count(Count.NO_MEMORY);
      }
    }
    if (!hasEnded) {
      hog.isOver = true;
      Thread waiting = new Thread(() -> joinAgain(pool), "waits for the pool's end");
      waiting.setDaemon(true);
      waiting.start(); // so that it is seen what it waits for
      TimeUnit.SECONDS.sleep(1);
      hang("HANG: a pool does not end");
      say(() -> pool.stats().state() + ", calls under way: " + pool.stats().calls());
    }
  }

  private static void joinAgain(Pool pool) {
    try {
      pool.join(BOUND);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void call(Pool pool) throws InterruptedException {
    MapResult<byte[]> result =
        pool.mapAsync(x -> new byte[BYTES + x], IntStream.range(0, ITEMS).boxed().toList());
    if (!result.await(BOUND)) {
      hang("HANG: a call does not end");
      say(() -> result.completed() + " of its items have");
      return;
    }
    List<Outcome<byte[]>> outcomes = result.outcomes();
    if (outcomes.size() != ITEMS) {
      wrong(() -> outcomes.size() + " outcomes of " + ITEMS);
    }
    for (Outcome<byte[]> outcome : outcomes) {
      count(outcome.isSuccess() ? Count.SUCCESS : Count.FAILURE);
      if (!isBearable(outcome)) {
        wrong(outcome::toString);
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

  private void count(Count what) {
    counts[what.ordinal()]++;
  }

  private void wrong(Supplier<String> what) {
    status = WRONG;
    say(() -> "WRONG: " + what.get());
  }

  private void hang(String what) {
    status = HANG;
    say(() -> what);
    say(HangReport::threads);
  }

  /** Prints something, once there is memory for it; the other thread gives back some. */
  private void say(Supplier<String> text) {
    hog.isOver = true;
    boolean isSaid = false;
    while (!isSaid) {
      try {
        System.out.println(text.get());
        isSaid = true;
      } catch (VirtualMachineError | LinkageError e) {
        Thread.onSpinWait();
      }
    }
  }

  /**
   * The processes that still run. One that has ended may be there to the program's end: the JDK's
   * thread that waits for it may have died for want of memory.
   */
  private static Stream<ProcessHandle> left() {
    return ProcessHandle.current().descendants().filter(process -> !hasEnded(process));
  }

  private static boolean hasEnded(ProcessHandle process) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
      return stat.charAt(stat.lastIndexOf(')') + 2) == 'Z';
    } catch (IOException e) {
      return !process.isAlive();
    }
  }

  private static String processes() {
    return "WRONG: processes are left: "
        + left().map(process -> process.pid() + " " + process.info()).toList();
  }

  private String summary() {
    StringBuilder text = new StringBuilder();
    for (Count count : Count.values()) {
      if (counts[count.ordinal()] > 0) {
        text.append(count.text).append('=').append(counts[count.ordinal()]).append(' ');
      }
    }
    return text.toString();
  }

  /** Takes all of the heap, or all descriptors, for a moment, now and then. */
  private static final class Hog implements Runnable {

    private static final int PIECE_BYTES = 64 * 1024;

    private final SplittableRandom random;

    /** An interrupt would be lost where there is no memory for its exception. */
    private volatile boolean isOver;

    Hog(long seed) {
      random = new SplittableRandom(seed);
    }

    @Override
    public void run() {
      while (!isOver) {
        try {
          TimeUnit.MILLISECONDS.sleep(random.nextInt(100, 600));
          if (random.nextBoolean()) {
            takeHeap(random.nextInt(300));
          } else {
            takeDescriptors(random.nextInt(300));
          }
        } catch (InterruptedException e) {
          return;
        } catch (VirtualMachineError | LinkageError e) {
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
      try (TakenDescriptors taken = new TakenDescriptors()) {
        taken.takeAll();
        TimeUnit.MILLISECONDS.sleep(millis);
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
