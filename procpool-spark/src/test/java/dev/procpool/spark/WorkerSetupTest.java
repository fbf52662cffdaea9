package dev.procpool.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.PoolBrokenException;
import dev.procpool.WorkerLog;
import dev.procpool.WorkerOutput;
import dev.procpool.testkit.Eventually;
import dev.procpool.testkit.FileLog;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the driver sets for workers reaches them, and what they say reaches the driver. */
@ExtendWith(SharedCluster.class)
class WorkerSetupTest extends ClusterTest {

  @Test
  void workersAreAsTheOptionsSayAndWhatTheySayComesToTheDriver() throws Exception {
    List<WorkerOutput.Line> lines = new CopyOnWriteArrayList<>();
    List<WorkerLog> logs = new CopyOnWriteArrayList<>();
    FileLog ended = log("ended");
    Path place = folder().toRealPath();
    Pool pool =
        built(
            SparkPool.builder(context())
                .workers(1)
                .environment("PROCPOOL_TEST_COLOUR", "red")
                .workingDirectory(place)
                .initializer(() -> System.setProperty("procpool.test.begun", "yes"))
                .finalizer(() -> ended.add(ownPid()))
                .output(lines::add)
                .forwardLogs(logs::add));
    List<String> seen =
        pool.apply(
            () -> {
              System.out.println("printed");
              System.err.println("complained");
              Logger.getLogger("procpool.test").warning("logged");
              return List.of(
                  System.getenv("PROCPOOL_TEST_COLOUR"),
                  System.getProperty("user.dir"),
                  System.getProperty("procpool.test.begun"),
                  Long.toString(ownPid()));
            });
    assertThat(seen.subList(0, 3)).containsExactly("red", place.toString(), "yes");
    long pid = Long.parseLong(seen.get(3));
    Eventually.until("what was said is there", () -> lines.size() >= 2 && !logs.isEmpty());
    assertThat(lines)
        .allMatch(line -> line.pid() == pid)
        .extracting(WorkerOutput.Line::text, WorkerOutput.Line::isError)
        .contains(tuple("printed", false), tuple("complained", true));
    assertThat(logs).extracting(WorkerLog::message).containsExactly("logged");
    pool.close();
    assertThat(ended.lines()).containsExactly(Long.toString(pid));
  }

  @Test
  void aValueAboveMaxPayloadFailsItsItemAlone() throws Exception {
    Pool pool = built(SparkPool.builder(context()).workers(1).maxPayload(100_000));
    List<Outcome<byte[]>> outcomes =
        pool.mapAsync(
                bytes -> bytes.length == 1 ? new byte[200_000] : bytes,
                List.of(new byte[2], new byte[1], new byte[200_001], new byte[3]))
            .outcomes();
    assertThat(outcomes).extracting(Outcome::isSuccess).containsExactly(true, false, false, true);
    assertThat(outcomes.subList(1, 3))
        .allMatch(outcome -> outcome instanceof Outcome.Failure)
        .extracting(outcome -> outcome.failure().orElseThrow().getMessage())
        .allMatch(message -> message.contains("maxPayload"));
  }

  @Test
  void whatIsOutOfRangeIsRefusedWithItsValue() {
    SparkPool.Builder builder = SparkPool.builder(context());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.executorTimeout(Duration.ZERO))
        .withMessageContainingAll("executorTimeout", "PT0S");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.maxPayload(0))
        .withMessageContainingAll("maxPayload", "0");
  }

  @Test
  void aPoolMayWaitForExecutorsForEver() throws Exception {
    Pool pool =
        built(
            SparkPool.builder(context())
                .workers(1)
                .executorTimeout(Duration.ofSeconds(Long.MAX_VALUE)));
    assertThat(pool.map(x -> x + 1, List.of(1, 2))).containsExactly(2, 3);
  }

  @Test
  void whatCantBeMadeForAWorkerBreaksThePoolAndSaysWhy() {
    Pool pool =
        built(
            SparkPool.builder(context())
                .workers(2)
                .environment(
                    worker -> {
                      if (worker > 0) {
                        throw new IllegalArgumentException("no colour for worker " + worker);
                      }
                      return Map.of();
                    }));
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(() -> pool.withChunkSize(1).map(x -> meetOther(x), List.of(1, 2)))
        .havingCause()
        .isInstanceOf(PoolBrokenException.class)
        .withMessageContaining("no colour for worker 1");
  }

  /** Takes long enough for the other worker to be asked for. */
  private static int meetOther(int x) throws InterruptedException {
    TimeUnit.SECONDS.sleep(20); // the pool ends it
    return x;
  }

  @Test
  void anExceptionWithManyCausesIsLoggedAndCostsNoOutcome() throws Exception {
    List<WorkerLog> logs = new CopyOnWriteArrayList<>();
    Pool pool = built(SparkPool.builder(context()).workers(1).forwardLogs(logs::add));
    List<Integer> results =
        pool.map(
            x -> {
              Throwable deep = new IllegalStateException("innermost");
              for (int i = 0; i < 200; i++) {
                deep = new IllegalStateException("cause " + i, deep);
              }
              Logger.getLogger("procpool.test").log(Level.WARNING, "deep", deep);
              return x;
            },
            List.of(1, 2, 3));
    assertThat(results).containsExactly(1, 2, 3);
  }
}
