package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.procpool.MapResult;
import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.TaskOptions;
import dev.procpool.folder.FolderRemoval;
import dev.procpool.local.ProcessPool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A program that runs out of file descriptors for a while loses nothing but that time. */
class DescriptorShortageTest {

  private static final Duration BOUND = ContractTest.BOUND;

  /** What the programs do. */
  static final class Program {

    /** What the program's own streams are. */
    private static final List<Path> STANDARD = standard();

    private Program() {}

    private static List<Path> standard() {
      return IntStream.range(0, 3)
          .mapToObj(i -> Path.of("/proc/self/fd/" + i))
          .map(
              descriptor -> {
                try {
                  return Files.readSymbolicLink(descriptor);
                } catch (IOException e) {
                  return Path.of(e.toString());
                }
              })
          .toList();
    }

    public static void main(String[] args) throws Exception {
      if (args[0].equals("removing")) {
        removing();
        return;
      }
      Pool pool = ProcessPool.builder().workers(2).maxTasksPerWorker(20).build();
      System.out.println(pool.map(i -> i + 1, List.of(1, 2, 3)));
      switch (args[0]) {
        case "replacing" -> replacing(pool, Integer.parseInt(args[1]));
        case "killing" -> killing(pool);
        case "closing" -> closing(pool);
        default -> throw new AssertionError(args[0]);
      }
      pool.close();
      System.out.println("children: " + ProcessHandle.current().children().count());
    }

    /** Workers are replaced all the time, also while there is nothing to make them of. */
    private static void replacing(Pool pool, int free) throws Exception {
      MapResult<Integer> result =
          pool.mapAsync(
              i -> {
                Thread.sleep(20);
                return i;
              },
              IntStream.range(0, 200).boxed().toList());
      TakenDescriptors all = new TakenDescriptors().takeAll();
      all.give(free);
      Thread.sleep(2000); // it is about what happens meanwhile
      give(all);
      System.out.println("ready: " + result.await(BOUND));
      System.out.println(result.outcomes().stream().filter(Outcome::isSuccess).count());
      System.out.println(pool.map(i -> i + 1, List.of(1, 2, 3)));
    }

    /** An item is to be killed just then. */
    private static void killing(Pool pool) throws Exception {
      TaskOptions limited = TaskOptions.defaults().timeout(Duration.ofSeconds(1)).chunkSize(1);
      MapResult<Integer> result = pool.with(limited).mapAsync(Program::deaf, List.of(1, 2, 3));
      TakenDescriptors all = new TakenDescriptors().takeAll();
      Thread.sleep(4000); // limit, grace and slack
      give(all);
      System.out.println("ready: " + result.await(BOUND));
      for (Outcome<Integer> outcome : result.outcomes()) {
        System.out.println(outcome.getClass().getSimpleName());
      }
    }

    /** The pool ends just then. */
    private static void closing(Pool pool) throws Exception {
      MapResult<Integer> result = pool.mapAsync(Program::deaf, List.of(1, 1, 3));
      TakenDescriptors all = new TakenDescriptors().takeAll();
      pool.terminate();
      Thread.sleep(1000); // it is about what happens meanwhile
      give(all);
      System.out.println("ended: " + pool.join(BOUND));
      try {
        result.get(1, TimeUnit.SECONDS);
      } catch (ExecutionException | CancellationException e) {
        System.out.println("call: ended");
      }
    }

    /** A pool's directory is to be removed just then. */
    private static void removing() throws Exception {
      Path folder = Files.createTempDirectory("folder-");
      Files.writeString(Files.createDirectories(folder.resolve("a/b")).resolve("file"), "content");
      Object key = FolderRemoval.key(folder);
      FolderRemoval.remove(Files.createTempDirectory("folder-"), null); // its classes are there
      TakenDescriptors all = new TakenDescriptors().takeAll();
      Thread removal = new Thread(() -> FolderRemoval.remove(folder, key));
      removal.start();
      while (removal.getState() != Thread.State.TIMED_WAITING && removal.isAlive()) {
        Thread.onSpinWait(); // until it waits for descriptors
      }
      give(all);
      removal.join();
      System.out.println("there: " + Files.exists(folder));
    }

    @SuppressWarnings("ThreadPriorityCheck") // a task that never ends
    static int deaf(int i) {
      while (i == 1) {
        Thread.onSpinWait();
      }
      return i;
    }

    /** Gives them back, if they are still those that were taken: a failed start closes none. */
    private static void give(TakenDescriptors all) throws IOException {
      if (!standard().equals(STANDARD)) {
        throw new AssertionError(STANDARD + " became " + standard());
      }
      all.close();
    }
  }

  @TempDir Path folder;

  /** What the program said of itself, for the case that it printed something else. */
  private String errors = "";

  private List<String> run(String... args) throws Exception {
    Path prlimit = Path.of("/usr/bin/prlimit");
    assumeTrue(Files.isExecutable(prlimit), "prlimit is missing");
    List<String> few = List.of(prlimit.toString(), "--nofile=256");
    // as users have it: a class in a directory can't be loaded without a descriptor
    List<String> options = List.of("-cp", Compiled.classPathWithJar(folder));
    try (ChildJvm program = new ChildJvm(folder, few, options, Program.class, args)) {
      assertThat(program.exitCode()).as(program.errors()).isZero();
      assertThat(program.workers()).isEmpty();
      assertThat(program.files()).isEmpty();
      errors = program.errors();
      return program.output();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 5, 8, 13, 20})
  void workersAreReplacedOnceThereAreDescriptors(int free) throws Exception {
    assertThat(run("replacing", Integer.toString(free)))
        .as(() -> errors)
        .containsExactly("[2, 3, 4]", "ready: true", "200", "[2, 3, 4]", "children: 0");
  }

  @Test
  void aKillThatIsDueComesWithTheDescriptors() throws Exception {
    assertThat(run("killing"))
        .as(() -> errors)
        .containsExactly(
            "[2, 3, 4]", "ready: true", "TimedOut", "Success", "Success", "children: 0");
  }

  @Test
  void thePoolEndsWithAllItsWorkers() throws Exception {
    assertThat(run("closing"))
        .as(() -> errors)
        .containsExactly("[2, 3, 4]", "ended: true", "call: ended", "children: 0");
  }

  @Test
  void aDirectoryIsRemovedOnceThereAreDescriptors() throws Exception {
    assertThat(run("removing")).as(() -> errors).containsExactly("there: false");
  }
}
