package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.MapResult;
import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.RetryPolicy;
import dev.procpool.TaskOptions;
import dev.procpool.inline.InlinePool;
import dev.procpool.local.ProcessPool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Processes that are stopped and continued, as by Ctrl-Z or in a paused container: the time that
 * they did not get does not count.
 */
class StoppedTest extends ProcessPoolTest {

  /** For the limits of items and of starts; that of a worker's end is five seconds. */
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private static final Duration GRACE = Duration.ofMillis(200);

  /** Longer than any of the limits, with what the pool waits before it acts itself. */
  private static final Duration STOP = Duration.ofSeconds(13);

  private static final Duration LONG = Duration.ofMinutes(1);

  @TempDir Path child;

  /** Who is stopped. */
  enum Who {
    PARENT,
    WORKERS,
    ALL;

    boolean includesParent() {
      return this != WORKERS;
    }

    boolean includesWorkers() {
      return this != PARENT;
    }
  }

  /** What items do when they are interrupted. */
  enum Kind {
    COOPERATIVE,
    DEAF,
    ENDLESS
  }

  /** A program that is stopped with something of everything under way. */
  static final class Program {
    private Program() {}

    public static void main(String[] arguments) throws Exception {
      FileLog begun = new FileLog(arguments[0]);
      FileLatch release = new FileLatch(arguments[1]);
      FileLog finished = new FileLog(arguments[2]);
      TaskOptions limited =
          TaskOptions.defaults()
              .timeout(LIMIT)
              .chunkSize(1)
              .retry(RetryPolicy.attempts(2).onWorkerLost());
      ProcessPool.Builder items = ProcessPool.builder().workers(4).gracePeriod(GRACE);
      ProcessPool.Builder ending =
          ProcessPool.builder()
              .workers(1)
              .finalizer(
                  () -> {
                    begun.add("finalizer " + ProcessHandle.current().pid());
                    release.await(LONG);
                    finished.add("finalizer");
                  });
      ProcessPool.Builder starting =
          ProcessPool.builder().workers(1).javaHome(Path.of(arguments[3])).startLimit(LIMIT);
      try (Pool pool = items.build();
          Pool stops = ending.build();
          Pool inline = InlinePool.create(1)) {
        pool.map(
            x -> { // all four have started, and one will have nothing to do
              finished.add("worker " + x + " " + ProcessHandle.current().pid());
              while (finished.size() < 4) {
                TimeUnit.MILLISECONDS.sleep(5);
              }
              return x;
            },
            List.of(1, 2, 3, 4));
        stops.apply(() -> 1);
        try (Pool starts = starting.build()) {
          starts.applyAsync(() -> 1);
          while (begun.size() == 0) {
            TimeUnit.MILLISECONDS.sleep(5);
          }
          MapResult<Kind> some =
              pool.with(limited)
                  .mapAsync(kind -> item(kind, begun, release), List.of(Kind.values()));
          MapResult<Kind> own =
              inline
                  .with(limited)
                  .mapAsync(kind -> item(kind, begun, release), List.of(Kind.COOPERATIVE));
          stops.shutdown();
          if (!Eventually.within(LONG, () -> finished.lines().contains("start"))) {
            throw new AssertionError("the worker that was starting was given up");
          }
          starts.terminate(); // how long its JVM takes then is not what is tested
          System.out.println(described(some.outcomes()));
          System.out.println(described(own.outcomes()));
          stops.join();
          System.out.println(pool.workers().stream().map(worker -> "" + worker.pid()).toList());
        }
      }
    }

    private static Kind item(Kind kind, FileLog begun, FileLatch release) throws Exception {
      begun.add(kind + " " + ProcessHandle.current().pid());
      while (kind == Kind.ENDLESS || !release.isOpen()) {
        try {
          TimeUnit.MILLISECONDS.sleep(5);
        } catch (InterruptedException e) {
          if (kind != Kind.DEAF) {
            throw e;
          }
        }
      }
      return kind;
    }

    private static String described(List<Outcome<Kind>> outcomes) {
      return outcomes.stream()
          .map(outcome -> outcome.getClass().getSimpleName() + " " + outcome.attempts())
          .collect(Collectors.joining(", "));
    }
  }

  @ParameterizedTest
  @EnumSource
  void timeThatNobodyGotDoesNotCount(Who who) throws Exception {
    FileLog begun = log("begun");
    FileLog finished = log("finished");
    FileLatch release = latch("release");
    Path home = slowJava(begun, release, finished);
    try (ChildJvm parent =
        new ChildJvm(
            child, Program.class, begun.path(), release.path(), finished.path(), home.toString())) {
      // the cooperative one twice: here and inline
      assertThat(Eventually.within(LONG, () -> begun.size() == 6)).as(parent::errors).isTrue();
      List<Long> workers = pidsIn(begun.lines());
      List<Long> idle = pidsIn(finished.lines()); // all of the first pool so far
      idle.removeAll(workers);
      assertThat(idle).hasSize(1);
      workers.addAll(idle);
      workers.remove(parent.pid());
      List<Long> stopped = who.includesWorkers() ? workers : new ArrayList<>();
      if (who.includesParent()) {
        stopped.add(parent.pid());
      }
      signal("STOP", stopped);
      if (who == Who.PARENT) {
        release.countDown(); // its workers go on, and so does their time
      }
      TimeUnit.NANOSECONDS.sleep(STOP.toNanos()); // the time that passes is what is tested
      signal("CONT", stopped);
      release.countDown();
      assertThat(parent.exitCode()).as(parent::errors).isZero();
      assertThat(parent.output().subList(0, 2))
          .containsExactly(
              "Success 1, Success 1, TimedOut 1",
              who.includesParent() ? "Success 1" : "TimedOut 1"); // the one that runs there
      assertThat(parent.output().get(2)).as("the idle worker lives").contains("" + idle.get(0));
      assertThat(finished.lines()).contains("finalizer", "start");
    }
  }

  private static List<Long> pidsIn(List<String> lines) {
    return lines.stream()
        .map(line -> Long.valueOf(line.substring(line.lastIndexOf(' ') + 1)))
        .collect(Collectors.toCollection(ArrayList::new));
  }

  /** A Java that waits before it begins. */
  private Path slowJava(FileLog begun, FileLatch release, FileLog finished) throws Exception {
    Path java = Files.createDirectories(child.resolve("java/bin")).resolve("java");
    Files.writeString(
        java,
        """
        #!/bin/sh
        echo "start $$" >> '%s'
        while ! [ -e '%s' ]; do sleep 0.05; done
        echo start >> '%s'
        exec '%s' "$@"
        """
            .formatted(
                begun.path(),
                release.path(),
                finished.path(),
                Path.of(System.getProperty("java.home"), "bin/java")));
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
    return child.resolve("java");
  }
}
