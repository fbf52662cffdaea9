package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procpool.AsyncResult;
import dev.procpool.Pool;
import dev.procpool.PoolBrokenException;
import dev.procpool.WorkerContext;
import dev.procpool.local.ProcessPool;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Options and variables that differ from worker to worker. */
class ByWorkerTest extends ProcessPoolTest {

  @Test
  void eachWorkerHasItsOwn() throws Exception {
    Pool pool =
        built(
            ProcessPool.builder()
                .workers(3)
                .jvmOptions("-Dall=yes", "-Dwho=all")
                .environment(Map.of("ALL", "yes", "WHO", "all"))
                .environment("ONE", "more")
                .jvmOptions(worker -> List.of("-Dwho=" + worker, "-Dspace=a b"))
                .environment(worker -> Map.of("WHO", "" + worker)));
    FileLog arrived = log("arrived");
    List<String> found =
        pool.withChunkSize(1)
            .map(
                x -> {
                  arrived.add(x);
                  Eventually.until("each worker has one", () -> arrived.size() >= 3);
                  return described();
                },
                List.of(0, 1, 2));
    assertThat(found)
        .containsExactlyInAnyOrder(
            "0 yes 0 a b yes 0 more", "1 yes 1 a b yes 1 more", "2 yes 2 a b yes 2 more");
  }

  private static String described() {
    return String.join(
        " ",
        "" + WorkerContext.current().workerNumber(),
        System.getProperty("all"),
        System.getProperty("who"),
        System.getProperty("space"),
        System.getenv("ALL"),
        System.getenv("WHO"),
        System.getenv("ONE"));
  }

  @Test
  void aReplacementHasThoseOfItsNumber() throws Exception {
    Pool pool =
        built(
            ProcessPool.builder()
                .workers(1)
                .maxTasksPerWorker(1)
                .jvmOptions(worker -> List.of("-Dwho=" + worker)));
    for (int i = 0; i < 3; i++) {
      assertThat(pool.apply(() -> System.getProperty("who"))).isEqualTo("0");
    }
  }

  @Test
  void aWorkerMayHaveACollectorOfItsOwn() throws Exception {
    Pool pool =
        built(
            ProcessPool.builder()
                .workers(1)
                .jvmOptions(worker -> List.of("-XX:+UseParallelGC", "-Xmx64m")));
    List<String> collectors =
        pool.apply(
            () ->
                ManagementFactory.getGarbageCollectorMXBeans().stream()
                    .map(bean -> bean.getName())
                    .toList());
    assertThat(collectors).anyMatch(name -> name.contains("PS"));
    assertThat(pool.apply(() -> Runtime.getRuntime().maxMemory())).isLessThan(80L << 20);
  }

  @Test
  void theFunctionsAreAskedWithTheNumbersOfTheWorkers() throws Exception {
    List<Integer> asked = Collections.synchronizedList(new ArrayList<>());
    Pool pool =
        built(
            ProcessPool.builder()
                .workers(2)
                .environment(
                    worker -> {
                      asked.add(worker);
                      return new TreeMap<>();
                    }));
    pool.prestart();
    Eventually.until("both have started", () -> asked.size() >= 4);
    assertThat(asked).containsOnly(0, 1);
  }

  @Test
  void aMistakeIsFoundWhenThePoolIsBuilt() {
    assertThatThrownBy(
            () ->
                ProcessPool.builder()
                    .workers(3)
                    .jvmOptions(worker -> worker < 2 ? List.of() : List.of("-jar"))
                    .build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("jvmOptions of worker 2: ")
        .hasMessageContaining("'-jar' is no option of a JVM");
    assertThatThrownBy(
            () -> ProcessPool.builder().workers(1).environment(w -> Map.of("A=B", "c")).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("environment of worker 0: ")
        .hasMessageContaining("'A=B' is no name of a variable");
    assertThatThrownBy(() -> ProcessPool.builder().workers(1).jvmOptions(w -> null).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("jvmOptions of worker 0: ")
        .hasMessageContaining("the function gave null");
    assertThatThrownBy(
            () ->
                ProcessPool.builder()
                    .workers(1)
                    .environment(
                        w -> {
                          throw new Unspeakable(Unspeakable.Answer.OVERFLOW);
                        })
                    .build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("environment of worker 0: " + Unspeakable.class.getName());
  }

  @Test
  void whatFailsLaterBreaksThePoolInWords() throws Exception {
    AtomicBoolean isBuilt = new AtomicBoolean();
    Pool pool =
        built(
            ProcessPool.builder()
                .workers(1)
                .restartIntensity(0, Duration.ofSeconds(10))
                .environment(
                    worker -> {
                      if (isBuilt.getAndSet(true)) {
                        throw new IllegalStateException("no more cards");
                      }
                      return Map.of();
                    }));
    AsyncResult<Integer> call = pool.applyAsync(() -> 1);
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(() -> call.get(BOUND))
        .havingCause()
        .isInstanceOf(PoolBrokenException.class)
        .withMessageContaining(
            "can't be started: environment of worker 0: java.lang.IllegalStateException: no more"
                + " cards.");
  }
}
