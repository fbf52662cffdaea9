package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.MapResult;
import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.PoolBrokenException;
import dev.procpool.local.ProcessPool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Section 5 of the contract: where workers can't start, or die again and again, every waiting call
 * fails with the workers' own words after a bounded number of starts.
 */
class SupervisionTest extends ProcessPoolTest {

  @TempDir Path directory;

  @Test
  void aFailingInitializerIsTriedSoOftenAndNoMore() throws Exception {
    FileLog starts = log("starts");
    Pool pool =
        built(
            quiet()
                .restartIntensity(2, Duration.ofMinutes(1))
                .initializer(
                    () -> {
                      starts.add(ProcessHandle.current().pid());
                      throw new IllegalStateException("no licence");
                    }));
    MapResult<Integer> first = pool.mapAsync(x -> x, List.of(1, 2));
    MapResult<Integer> second = pool.mapAsync(x -> x, List.of(1));
    assertThat(brokenBy(first)).hasMessageContaining("no licence").hasMessageContaining("restart");
    assertThat(brokenBy(second)).hasMessageContaining("no licence");
    assertThat(first.outcomes()).allMatch(outcome -> outcome instanceof Outcome.Failure);
    assertThat(starts.size()).isEqualTo(3);
    assertThat(brokenBy(pool.mapAsync(x -> x, List.of(1))))
        .as("a call after the end")
        .hasMessageContaining("no licence");
    assertThat(starts.size()).isEqualTo(3);
  }

  @Test
  void anInitializerThatEndsItsProcessIsToldWithItsLastWords() throws Exception {
    Pool pool =
        built(
            quiet()
                .restartIntensity(1, Duration.ofMinutes(1))
                .initializer(
                    () -> {
                      System.err.println("the licence server is down");
                      System.exit(9);
                    }));
    assertThat(brokenBy(pool.mapAsync(x -> x, List.of(1))))
        .hasMessageContaining("9")
        .hasMessageContaining("the licence server is down");
  }

  @Test
  void workersThatDieAgainAndAgainBreakThePoolThoughOneWorks() throws Exception {
    FileLog starts = log("starts");
    FileLatch release = latch("release");
    Pool pool =
        built(
            quiet()
                .workers(2)
                .restartIntensity(3, Duration.ofMinutes(1))
                .initializer(
                    () -> {
                      starts.add(ProcessHandle.current().pid());
                      if (starts.size() > 1) { // the one that runs the call stays
                        System.err.println("the card reader is gone");
                        Runtime.getRuntime().halt(6);
                      }
                    }));
    MapResult<Integer> result =
        pool.mapAsync(
            x -> {
              release.await();
              return x;
            },
            List.of(1, 2, 3, 4));
    assertThat(brokenBy(result))
        .hasMessageContaining("the card reader is gone")
        .hasMessageContaining("restart");
    assertThat(starts.size()).isLessThanOrEqualTo(6);
  }

  @Test
  void aWrongJvmOptionIsNotTriedTwice() throws Exception {
    Pool pool =
        built(
            quiet()
                .restartIntensity(1000, Duration.ofMinutes(10))
                .jvmOptions(List.of("-XX:NoSuchOption=1")));
    assertThat(brokenBy(pool.mapAsync(x -> x, List.of(1))))
        .hasMessageContaining("NoSuchOption")
        .hasMessageContaining("jvmOptions");
  }

  @Test
  void aMissingJavaIsNotTriedTwice() throws Exception {
    Pool pool = built(quiet().javaHome(directory.resolve("no-jdk")));
    assertThat(brokenBy(pool.mapAsync(x -> x, List.of(1))))
        .hasMessageContaining("no-jdk")
        .hasMessageContaining("javaHome");
  }

  @Test
  void aJavaThatSaysNothingIsNotWaitedForForEver() throws Exception {
    Path java = Files.createDirectories(directory.resolve("jdk/bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\necho debugger is waiting >&2\nexec sleep 1000\n");
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
    Pool pool =
        built(quiet().javaHome(directory.resolve("jdk")).startLimit(Duration.ofMillis(500)));
    assertThat(brokenBy(pool.mapAsync(x -> x, List.of(1))))
        .hasMessageContaining("startLimit")
        .hasMessageContaining("debugger is waiting");
  }

  /** A program that loses the pool's classes before its workers start. */
  static final class Uprooted {
    private Uprooted() {}

    public static void main(String[] arguments) throws Exception {
      ProcessPool.Builder builder = quiet();
      Path core = Path.of(arguments[0]);
      boolean isJar = Files.isRegularFile(core); // which this process has open
      Path lost = isJar ? core : core.resolve("dev/procpool/worker");
      Files.move(lost, core.resolveSibling("gone"));
      try (Pool pool = builder.build()) {
        MapResult<Integer> result = pool.mapAsync(x -> x, List.of(1));
        System.out.println(brokenBy(result).getMessage());
      }
    }
  }

  @Test
  void aClassPathThatLostThePoolIsTold() throws Exception {
    Path original =
        Path.of(ProcessPool.class.getProtectionDomain().getCodeSource().getLocation().getPath());
    Path copy = copyOf(original);
    String classPath =
        System.getProperty("java.class.path").replace(original.toString(), copy.toString());
    try (ChildJvm program = new ChildJvm(directory, classPath, Uprooted.class, copy.toString())) {
      assertThat(program.exitCode()).as(program::errors).isZero();
      assertThat(String.join("\n", program.output()))
          .contains("dev.procpool.worker.WorkerMain")
          .contains("class path");
    }
  }

  /** Copies a jar or a directory of classes. */
  private Path copyOf(Path from) throws IOException, InterruptedException {
    Path to = directory.resolve(from.getFileName());
    Process copy = new ProcessBuilder("cp", "-r", "" + from, "" + to).start();
    assertThat(copy.waitFor(BOUND.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(to).exists();
    return to;
  }

  private static ProcessPool.Builder quiet() {
    return ProcessPool.builder().workers(1).output(line -> {});
  }

  private static PoolBrokenException brokenBy(MapResult<Integer> result) throws Exception {
    assertThat(result.await(BOUND)).as("the call ends").isTrue();
    try {
      throw new AssertionError("expected a failure, got " + result.get());
    } catch (ExecutionException e) {
      assertThat(e.getCause()).isInstanceOf(PoolBrokenException.class);
      return (PoolBrokenException) e.getCause();
    }
  }
}
