package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procpool.AsyncResult;
import dev.procpool.MapResult;
import dev.procpool.OnClose;
import dev.procpool.Pool;
import dev.procpool.PoolBrokenException;
import dev.procpool.TaskOptions;
import dev.procpool.WorkerContext;
import dev.procpool.local.ProcessPool;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sections 1 and 6 of the contract: the options of {@link ProcessPool#builder()}. */
class ProcessPoolBuilderTest extends ProcessPoolTest {

  @TempDir Path directory;

  @Test
  void createMakesOneWorkerForEachProcessor() throws Exception {
    int processors = Runtime.getRuntime().availableProcessors();
    Pool pool = endedAfterTest(ProcessPool.create());
    assertThat(pidsOfAllWorkers(pool, processors, "all"))
        .hasSize(processors)
        .doesNotHaveDuplicates();
    assertThat(pool.workers()).hasSize(processors);
  }

  @Test
  void theInitializerRunsOnceInEachWorkerBeforeItsFirstTask() throws Exception {
    FileLog runs = log("runs");
    Pool pool =
        built(
            ProcessPool.builder()
                .workers(2)
                .initializer(
                    () -> {
                      runs.add(ProcessHandle.current().pid());
                      WorkerContext.current().setState(String.class, "left by the initializer");
                    }));
    List<Long> pids = pidsOfAllWorkers(pool, 2, "first");
    assertThat(
            pool.map(
                x -> WorkerContext.current().state(String.class),
                IntStream.range(0, 20).boxed().toList()))
        .containsOnly("left by the initializer");
    assertThat(runs.lines())
        .containsExactlyInAnyOrderElementsOf(pids.stream().map(String::valueOf).toList());
  }

  @Test
  void anInitializerThatFailsBreaksThePoolAndIsTold() {
    Pool pool =
        built(
            ProcessPool.builder()
                .workers(2)
                .output(line -> {})
                .initializer(
                    () -> {
                      throw new IllegalStateException("no licence");
                    }));
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(() -> pool.apply(() -> 1))
        .withCauseInstanceOf(PoolBrokenException.class)
        .withStackTraceContaining("no licence");
  }

  @Test
  void aWrongJvmOptionBreaksThePoolAndTheWorkersWordsAreTold() {
    Pool pool =
        built(
            ProcessPool.builder()
                .workers(2)
                .output(line -> {})
                .jvmOptions(List.of("-XX:NoSuchOption=1")));
    MapResult<Integer> result = pool.mapAsync(x -> x, List.of(1, 2, 3));
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(result::get)
        .withCauseInstanceOf(PoolBrokenException.class)
        .withStackTraceContaining("NoSuchOption");
  }

  @Test
  void aWorkerIsReplacedAfterMaxTasksPerWorker() throws Exception {
    Pool pool = built(ProcessPool.builder().workers(1).maxTasksPerWorker(2));
    List<Long> pids =
        pool.map(x -> ProcessHandle.current().pid(), IntStream.range(0, 6).boxed().toList());
    Map<Long, Long> tasks =
        pids.stream().collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    assertThat(tasks).hasSize(3);
    assertThat(tasks.values()).containsOnly(2L);
  }

  @Test
  void jvmOptionsEnvironmentAndWorkingDirectoryReachTheWorkers() throws Exception {
    Pool pool =
        built(
            ProcessPool.builder()
                .workers(1)
                .jvmOptions(List.of("-Dprocpool.test=a b\"c", "-Xmx77m"))
                .environment(Map.of("PROCPOOL_TEST", "from the builder"))
                .workingDirectory(directory));
    assertThat(pool.apply(() -> System.getProperty("procpool.test"))).isEqualTo("a b\"c");
    assertThat(pool.apply(() -> Runtime.getRuntime().maxMemory() >> 20)).isBetween(60L, 80L);
    assertThat(pool.apply(() -> System.getenv("PROCPOOL_TEST"))).isEqualTo("from the builder");
    assertThat(pool.apply(() -> System.getenv("PATH"))).isEqualTo(System.getenv("PATH"));
    String where = pool.apply(() -> Path.of("").toRealPath().toString());
    assertThat(Path.of(where)).isEqualTo(directory.toRealPath());
  }

  @Test
  void onCloseTerminateStopsWhatStillRuns() throws Exception {
    FileLatch started = latch("started");
    FileLatch never = latch("never");
    Pool pool = built(ProcessPool.builder().workers(1).onClose(OnClose.TERMINATE));
    MapResult<Integer> result =
        pool.mapAsync(
            x -> {
              started.countDown();
              never.await();
              return x;
            },
            List.of(1, 2));
    started.await();
    pool.close();
    assertThat(result.isCancelled()).isTrue();
    assertThat(pool.isTerminated()).isTrue();
  }

  @Test
  void onCloseJoinAtMostStopsWhatHangs() throws Exception {
    OnClose soon = OnClose.joinAtMost(Duration.ofMillis(50));
    AsyncResult<Object> hanging;
    try (Pool pool = built(ProcessPool.builder().workers(1).onClose(soon))) {
      hanging = hanging(pool);
    }
    assertThat(hanging.isCancelled()).isTrue();
    AsyncResult<Object> another;
    Pool pool = built(ProcessPool.builder().workers(1).onClose(soon));
    try (Pool view = pool.with(TaskOptions.defaults().label("view"))) {
      another = hanging(view);
    }
    assertThat(another.isCancelled()).isTrue();
    assertThat(pool.isTerminated()).isTrue();
  }

  @Test
  void onCloseJoinAtMostWaitsForWhatEnds() throws Exception {
    FileLog done = log("done");
    OnClose late = OnClose.joinAtMost(ChronoUnit.FOREVER.getDuration());
    try (Pool pool = built(ProcessPool.builder().workers(1).onClose(late))) {
      pool.forEachAsync(x -> done.add(x), List.of(1, 2, 3));
    }
    assertThat(done.size()).isEqualTo(3);
  }

  @Test
  void theExecutorServiceClosesAsItsPool() throws Exception {
    OnClose soon = OnClose.joinAtMost(Duration.ofMillis(50));
    Pool pool = built(ProcessPool.builder().workers(1).onClose(soon));
    AsyncResult<Object> hanging = hanging(pool);
    ExecutorService executor = pool.asExecutorService();
    // a method of the interface only from JDK 19
    Class<?> declares = AutoCloseable.class.isInstance(executor) ? AutoCloseable.class : null;
    if (declares == null) {
      Method close = executor.getClass().getMethod("close");
      close.setAccessible(true);
      close.invoke(executor);
    } else {
      declares.getMethod("close").invoke(executor);
    }
    assertThat(hanging.isCancelled()).isTrue();
    assertThat(pool.isTerminated()).isTrue();
  }

  private AsyncResult<Object> hanging(Pool pool) throws Exception {
    FileLatch started = latch("started-" + System.identityHashCode(pool));
    FileLatch never = latch("never");
    AsyncResult<Object> result =
        pool.applyAsync(
            () -> {
              started.countDown();
              never.await();
              return null;
            });
    started.await();
    return result;
  }

  @Test
  void workersThatAreIdleForLongEndAndComeBackWhenNeeded() throws Exception {
    Pool pool = built(ProcessPool.builder().workers(2).idleTimeout(Duration.ofMillis(200)));
    List<Long> pids = pidsOfAllWorkers(pool, 2, "first");
    Eventually.until("the idle workers are gone", () -> pids.stream().allMatch(pid -> isGone(pid)));
    assertThat(pool.map(x -> x, List.of(1, 2, 3))).containsExactly(1, 2, 3);
  }

  @Test
  void aPayloadAboveTheLimitIsRefusedWithItsSizeAndTheOthersRun() throws Exception {
    Pool pool = built(ProcessPool.builder().workers(1).maxPayload(100_000));
    assertThatThrownBy(() -> pool.apply(bytes -> bytes.length, new byte[200_000]))
        .hasStackTraceContaining("maxPayload")
        .hasStackTraceContaining("100000");
    assertThatThrownBy(() -> pool.apply(length -> new byte[length], 200_000))
        .hasStackTraceContaining("maxPayload");
    int length = pool.apply(bytes -> bytes.length, new byte[50_000]);
    assertThat(length).isEqualTo(50_000);
    MapResult<Integer> many =
        pool.with(TaskOptions.defaults().chunkSize(10))
            .mapAsync(bytes -> bytes.length, Collections.nCopies(10, new byte[50_000]));
    assertThat(many.get()).as("the limit is an item's, not a chunk's").hasSize(10);
  }

  @Test
  void aWorkersStaticFieldsAreItsOwn() throws Exception {
    System.setProperty("procpool.parent", "parent");
    Pool pool = pool(1);
    pool.apply(() -> System.setProperty("procpool.parent", "worker"));
    assertThat(System.getProperty("procpool.parent")).isEqualTo("parent");
    System.clearProperty("procpool.parent");
  }

  @Test
  void aWorkingDirectoryThatDoesNotExistIsTold() {
    ProcessPool.Builder builder =
        ProcessPool.builder().workers(1).workingDirectory(directory.resolve("missing"));
    assertThatThrownBy(() -> built(builder).apply(() -> 1)).hasStackTraceContaining("missing");
  }

  @Test
  void valuesThatMakeNoSenseAreRefusedByName() {
    assertRefused("workers", b -> b.workers(0));
    assertRefused("workers", b -> b.workers(-1));
    assertRefused("maxTasksPerWorker", b -> b.maxTasksPerWorker(0));
    assertRefused("maxTasksPerWorker", b -> b.maxTasksPerWorker(-1));
    assertRefused("spareWorkers", b -> b.spareWorkers(-1));
    assertRefused("maxPayload", b -> b.maxPayload(0));
    assertRefused("idleTimeout", b -> b.idleTimeout(Duration.ZERO));
    assertRefused("gracePeriod", b -> b.gracePeriod(Duration.ofMillis(-1)));
    assertRefused("restartIntensity", b -> b.restartIntensity(-1, Duration.ofSeconds(1)));
    assertRefused("restartIntensity", b -> b.restartIntensity(1, Duration.ZERO));
  }

  private void assertRefused(String option, Consumer<ProcessPool.Builder> setting) {
    assertThatIllegalArgumentException()
        .as(option)
        .isThrownBy(
            () -> {
              ProcessPool.Builder builder = ProcessPool.builder();
              setting.accept(builder);
              built(builder);
            })
        .withMessageContaining(option);
  }
}
