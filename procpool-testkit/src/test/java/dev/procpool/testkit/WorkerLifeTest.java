package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.MapResult;
import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.Shared;
import dev.procpool.TaskOptions;
import dev.procpool.WorkerContext;
import dev.procpool.WorkerInfo;
import dev.procpool.local.ProcessPool;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Section 6 of the contract: when workers are replaced, and end, and what they do then. */
class WorkerLifeTest extends ProcessPoolTest {

  private static final int MB = 1024 * 1024;

  /** What leaks in a worker. */
  private static final List<byte[]> LEAK = new ArrayList<>();

  private static byte[] filled(int bytes) {
    byte[] memory = new byte[bytes];
    Arrays.fill(memory, (byte) 1); // so that it is resident
    return memory;
  }

  private static long resident() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElseThrow();
  }

  private static <T> Map<T, Long> counted(List<T> values) {
    return values.stream()
        .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
  }

  // ---------------------------------------------------------------- replaced

  @Test
  void aChunkLargerThanMaxTasksPerWorkerIsSpreadOverSeveralWorkers() throws Exception {
    FileLog runs = log("runs");
    Pool pool = built(ProcessPool.builder().workers(1).maxTasksPerWorker(4));
    List<Integer> items = IntStream.range(0, 11).boxed().toList();
    MapResult<Long> result =
        pool.with(TaskOptions.defaults().chunkSize(11))
            .mapAsync(
                x -> {
                  runs.add(x);
                  return ProcessHandle.current().pid();
                },
                items);
    assertThat(counted(result.get()).values()).containsExactlyInAnyOrder(4L, 4L, 3L);
    assertThat(result.outcomes()).allMatch(outcome -> outcome.attempts() == 1);
    assertThat(runs.lines())
        .containsExactlyElementsOf(items.stream().map(String::valueOf).toList());
  }

  @Test
  void aWorkerThatLeaksIsReplacedAndNoItemIsLost() throws Exception {
    FileLog runs = log("runs");
    Pool pool =
        built(
            ProcessPool.builder()
                .workers(1)
                .maxWorkerMemory(250L * MB)
                .jvmOptions(List.of("-Xmx1g")));
    List<Integer> items = IntStream.range(0, 6).boxed().toList();
    MapResult<Long> result =
        pool.with(TaskOptions.defaults().chunkSize(6))
            .mapAsync(
                x -> {
                  runs.add(x);
                  LEAK.add(filled(60 * MB));
                  return ProcessHandle.current().pid();
                },
                items);
    List<Long> pids = result.get();
    assertThat(result.outcomes()).allMatch(outcome -> outcome.attempts() == 1);
    assertThat(runs.lines())
        .containsExactlyInAnyOrderElementsOf(items.stream().map(String::valueOf).toList());
    Eventually.until("the first worker is gone", () -> isGone(pids.get(0)));
    assertThat(pool.apply(() -> ProcessHandle.current().pid())).isNotEqualTo(pids.get(0));
  }

  @Test
  void aWorkerWhoseMemoryIsGarbageIsKept() throws Exception {
    long limit = 250L * MB;
    Pool pool =
        built(
            ProcessPool.builder().workers(1).maxWorkerMemory(limit).jvmOptions(List.of("-Xmx1g")));
    for (int round = 0; round < 2; round++) {
      long most =
          pool.apply(
              () -> {
                List<byte[]> used = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                  used.add(filled(40 * MB));
                }
                return used.isEmpty() ? 0 : resident();
              });
      assertThat(most).as("the garbage looked like too much").isGreaterThan(limit);
      // else it may be judged by what its next item uses
      Eventually.until(
          "its garbage was collected", () -> pool.workers().get(0).memoryBytes().orElse(0) < limit);
      List<WorkerInfo> before = pool.workers();
      assertThat(before).hasSize(1);
      assertThat(pool.apply(() -> ProcessHandle.current().pid())).isEqualTo(before.get(0).pid());
    }
    assertThat(pool.workers().get(0).tasksDone()).isEqualTo(4);
  }

  @Test
  void aSharedValueDoesNotCountAsTheWorkersMemory() throws Exception {
    Pool pool = built(ProcessPool.builder().workers(1).maxWorkerMemory(120L * MB));
    Shared<ByteBuffer> shared = pool.share(ByteBuffer.allocate(150 * MB));
    List<Long> pids = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      pids.add(
          pool.apply(
              () -> {
                ByteBuffer bytes = shared.get();
                for (int at = 0; at < bytes.capacity(); at += 4096) {
                  bytes.get(at); // so that it is resident
                }
                return resident() > 120L * MB ? ProcessHandle.current().pid() : 0;
              }));
    }
    assertThat(pids).doesNotContain(0L).containsOnly(pids.get(0));
  }

  // ---------------------------------------------------------------- the orderly end

  @Test
  void theFinalizerRunsOnceInEachWorkerThatEndsInOrder() throws Exception {
    FileLog ended = log("ended");
    Pool pool =
        built(
            ProcessPool.builder()
                .workers(1)
                .maxTasksPerWorker(2)
                .initializer(() -> WorkerContext.current().setState(String.class, "state"))
                .finalizer(
                    () ->
                        ended.add(
                            ProcessHandle.current().pid()
                                + WorkerContext.current().state(String.class))));
    List<Long> pids = pool.map(x -> ProcessHandle.current().pid(), List.of(1, 2, 3));
    pool.close();
    assertThat(ended.lines())
        .as("of the worker that was replaced and of the one that was shut down")
        .containsExactly(pids.get(0) + "state", pids.get(2) + "state");
  }

  @Test
  void theFinalizerRunsInAWorkerThatWasIdleForLong() throws Exception {
    FileLog ended = log("ended");
    Pool pool =
        built(
            ProcessPool.builder()
                .workers(1)
                .idleTimeout(Duration.ofMillis(50))
                .finalizer(() -> ended.add(ProcessHandle.current().pid())));
    long pid = pool.apply(() -> ProcessHandle.current().pid());
    Eventually.until("the idle worker has ended", () -> isGone(pid));
    assertThat(ended.lines()).containsExactly(String.valueOf(pid));
    Eventually.until("none is left", () -> pool.workers().isEmpty());
    assertThat(pool.apply(() -> ProcessHandle.current().pid())).isNotEqualTo(pid);
  }

  @Test
  void theFinalizerDoesNotRunInAWorkerThatIsKilled() throws Exception {
    FileLog ended = log("ended");
    Pool pool =
        built(
            ProcessPool.builder()
                .workers(1)
                .finalizer(() -> ended.add(ProcessHandle.current().pid())));
    pool.apply(() -> 1);
    pool.terminate();
    assertThat(pool.join(BOUND)).isTrue();
    assertThat(ended.lines()).isEmpty();
  }

  @Test
  void aFinalizerThatFailsHarmsNothing() throws Exception {
    List<String> lines = Collections.synchronizedList(new ArrayList<>());
    Pool pool =
        built(
            ProcessPool.builder()
                .workers(1)
                .maxTasksPerWorker(1)
                .output(line -> lines.add(line.text()))
                .finalizer(
                    () -> {
                      throw new IllegalStateException("nothing to finalize");
                    }));
    assertThat(pool.map(x -> x, List.of(1, 2))).containsExactly(1, 2);
    pool.close();
    assertThat(lines).anyMatch(line -> line.contains("nothing to finalize"));
  }

  @Test
  void aFinalizerThatHangsHoldsUpTheEndForAWhileOnly() throws Exception {
    FileLog ended = log("ended");
    Pool pool =
        built(
            ProcessPool.builder()
                .workers(1)
                .output(line -> {})
                .finalizer(
                    () -> {
                      ended.add(ProcessHandle.current().pid());
                      Thread.sleep(600_000);
                    }));
    long pid = pool.apply(() -> ProcessHandle.current().pid());
    pool.close();
    assertThat(ended.lines()).containsExactly(String.valueOf(pid));
    assertThat(isGone(pid)).isTrue();
  }

  // ---------------------------------------------------------------- prestart

  @Test
  void prestartStartsAllWorkersBeforeAnyCall() throws Exception {
    Pool pool = pool(2);
    assertThat(pool.workers()).hasSize(1); // the first starts by itself
    pool.prestart();
    Eventually.until(
        "two workers are idle",
        () ->
            pool.workers().stream()
                    .filter(worker -> worker.state() == WorkerInfo.State.IDLE)
                    .count()
                == 2);
    List<Long> pids = pool.workers().stream().map(WorkerInfo::pid).toList();
    pool.prestart();
    assertThat(pids).contains(pool.apply(() -> ProcessHandle.current().pid()));
    assertThat(pool.workers()).extracting(WorkerInfo::pid).isEqualTo(pids);
  }

  // ---------------------------------------------------------------- resize

  @Test
  void resizingUnderLoadLosesNothingAndRunsNothingTwice() throws Exception {
    FileLog runs = log("runs");
    Pool pool = pool(2);
    List<Integer> items = IntStream.range(0, 600).boxed().toList();
    MapResult<Integer> result =
        pool.with(TaskOptions.defaults().chunkSize(7))
            .mapAsync(
                x -> {
                  runs.add(x);
                  return x;
                },
                items);
    SplittableRandom random = new SplittableRandom(7);
    for (long done = 0; done < 500; done = result.completed()) {
      long target = done + 50;
      pool.resize(1 + random.nextInt(4));
      Eventually.until("some more are done", () -> result.completed() >= target);
    }
    assertThat(result.get()).isEqualTo(items);
    assertThat(result.outcomes()).allMatch(outcome -> outcome.attempts() == 1);
    assertThat(counted(runs.lines()).values()).hasSize(600).containsOnly(1L);
    pool.resize(2);
    Eventually.until("no worker is too many", () -> pool.workers().size() <= 2);
    assertThat(pidsOfAllWorkers(pool, 2, "after")).doesNotHaveDuplicates();
    pool.resize(3);
    assertThat(pidsOfAllWorkers(pool, 3, "more")).doesNotHaveDuplicates();
    assertThat(pool.workers()).hasSize(3);
  }

  @Test
  void aSmallerPoolLetsIdleWorkersGoFirst() throws Exception {
    Pool pool = pool(2);
    FileLog numbers = log("numbers");
    FileLatch first = latch("release-0");
    FileLatch second = latch("release-1");
    MapResult<Integer> result =
        pool.with(TaskOptions.defaults().chunkSize(1))
            .mapAsync(
                x -> {
                  int number = WorkerContext.current().workerNumber();
                  numbers.add(number);
                  (number == 0 ? first : second).await();
                  return number;
                },
                List.of(0, 1));
    Eventually.until("both workers are busy", () -> numbers.size() == 2);
    first.countDown();
    // Its result is there before the pool knows that it has nothing more to do.
    Eventually.until(
        "worker 0 is idle",
        () ->
            result.completed() == 1
                && pool.workers().stream()
                    .anyMatch(w -> w.number() == 0 && w.state() == WorkerInfo.State.IDLE));
    pool.resize(1);
    Eventually.until("one worker is left", () -> pool.workers().size() == 1);
    assertThat(pool.workers().get(0).number()).isEqualTo(1);
    second.countDown();
    assertThat(result.get()).containsExactlyInAnyOrder(0, 1);
    assertThat(result.outcomes()).allMatch(Outcome::isSuccess);
  }

  // ---------------------------------------------------------------- the machine is shared

  @Test
  void allPoolsOfTheJvmShareItsMemoryAndProcessors() throws Exception {
    double whole = pool(1).apply(() -> Runtime.getRuntime().maxMemory());
    List<Pool> pools = List.of(pool(1), pool(3));
    int processors = Math.max(1, Runtime.getRuntime().availableProcessors() / 5);
    for (Pool pool : pools) {
      assertThat(pool.apply(() -> Runtime.getRuntime().maxMemory()) / whole)
          .as("of all the workers' memory, for one of five")
          .isBetween(0.15, 0.25);
      assertThat(pool.apply(() -> Runtime.getRuntime().availableProcessors()))
          .isEqualTo(processors);
    }
    double nested =
        pools
            .get(0)
            .apply(
                () -> {
                  double own = Runtime.getRuntime().maxMemory();
                  try (Pool inner = ProcessPool.create(1)) {
                    return inner.apply(() -> Runtime.getRuntime().maxMemory()) / own;
                  }
                });
    assertThat(nested).as("of its worker's part, for a nested pool").isBetween(0.2, 0.5);
  }

  @Test
  void poolsNestedTooDeeplyAreRefusedWithAClearError() throws Exception {
    Pool ninth = built(ProcessPool.builder().workers(1).jvmOptions(List.of("-Dprocpool.depth=9")));
    String message =
        ninth.apply(
            () -> {
              try (Pool tenth = ProcessPool.create(1)) {
                return tenth.apply(WorkerLifeTest::oneMore);
              }
            });
    assertThat(message).contains("nested more than 10 deep").contains("outside the task");
  }

  private static String oneMore() {
    try (Pool eleventh = ProcessPool.create(1)) {
      return "made " + eleventh;
    } catch (IllegalStateException e) {
      return e.getMessage();
    }
  }
}
