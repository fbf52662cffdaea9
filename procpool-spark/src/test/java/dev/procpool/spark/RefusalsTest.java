package dev.procpool.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.procpool.AsyncResult;
import dev.procpool.Pool;
import dev.procpool.PoolBrokenException;
import dev.procpool.function.Action0;
import dev.procpool.testkit.FileLatch;
import dev.procpool.testkit.FileLog;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clusters and contexts that are not as they should be: a clear error soon, and never a hang. */
@Timeout(value = 240, unit = TimeUnit.SECONDS) // Spark looks for a Master for a minute
class RefusalsTest extends OwnCluster {

  /** Longer than Spark looks for a Master, three times 20 seconds. */
  private static final Duration LONGER_THAN_SPARK = Duration.ofSeconds(100);

  /** In Spark's words or ours. */
  private static final String STOPPED = "(?is).*context was (stopped|shut down).*";

  private static final Map<String, String> SECURE =
      Map.of(
          "spark.authenticate", "true",
          "spark.authenticate.secret", "the right one",
          "spark.network.crypto.enabled", "true");

  @Test
  void contextsWithoutExecutorsAreRefusedAndStoppedOnes() throws Exception {
    SharedCluster.stopContext();
    SparkConf here =
        new SparkConf(false)
            .setMaster("local[1]")
            .setAppName("procpool-spark tests")
            .set("spark.ui.enabled", "false")
            .set("spark.local.dir", folder().toString());
    JavaSparkContext context = new JavaSparkContext(here);
    SparkPool.Builder builder = SparkPool.builder(context);
    assertThatIllegalStateException()
        .as("without executors of its own")
        .isThrownBy(builder::build)
        .withMessageContainingAll("local[1]", "ProcessPool");
    context.close();
    assertThatIllegalStateException()
        .isThrownBy(builder::build)
        .withMessageContaining("context was stopped");
    assertThatIllegalStateException()
        .isThrownBy(() -> SparkPool.create(context))
        .withMessageContaining("context was stopped");
  }

  @Test
  void aContextThatIsStoppedEndsTheCallsOfItsPool() throws Exception {
    SparkCluster cluster = start(1, 1, Map.of());
    cluster.awaitExecutors(connect(cluster.conf()), 1);
    FileLog pids = log("pids");
    FileLatch never = latch("never");
    Pool pool = pool(1);
    AsyncResult<Object> running =
        pool.applyAsync(
            () -> {
              pids.add(ownPid());
              never.await();
              return null;
            });
    AsyncResult<Integer> waiting = pool.applyAsync(() -> 1);
    awaitPids(pids, 1);
    context().close();
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(() -> running.get(BOUND))
        .withMessageMatching(STOPPED);
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(() -> waiting.get(BOUND))
        .withCauseInstanceOf(PoolBrokenException.class)
        .withMessageMatching(STOPPED);
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(() -> pool.applyAsync(() -> 1).get(BOUND))
        .withCauseInstanceOf(PoolBrokenException.class)
        .withMessageMatching(STOPPED)
        .withMessageContaining("log says why");
    awaitEnds(awaitPids(pids, 1));
    assertThat(pool.close(BOUND)).as("closed in time").isTrue();
  }

  @Test
  void aContextThatIsStoppedWhileAPoolIsMadeIsNamed() throws Exception {
    connect(start(0, 1, Map.of()).conf());
    Stopping.context = context();
    assertThatIllegalStateException()
        .isThrownBy(() -> SparkPool.builder(context()).initializer(new Stopping()).build())
        .withMessageContaining("context was stopped");
  }

  /** Stops a context when it is written, which a pool does while it is made. */
  private static final class Stopping implements Action0 {
    private static final long serialVersionUID = 1L;
    private static JavaSparkContext context;

    @Override
    public void run() {}

    private Object writeReplace() {
      context.close();
      return this;
    }
  }

  @Test
  void withoutAnyExecutorACallFailsAndSaysSo() throws Exception {
    SparkCluster cluster = start(0, 1, Map.of());
    connect(cluster.conf());
    Pool pool =
        built(SparkPool.builder(context()).workers(1).executorTimeout(Duration.ofSeconds(2)));
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(() -> pool.applyAsync(() -> 1).get(BOUND))
        .withCauseInstanceOf(PoolBrokenException.class)
        .withMessageContaining("no executor")
        .withMessageContaining("executorTimeout");
  }

  @Test
  void aPoolWorksUnderASecretAndWithoutItNobodyGetsIn() throws Exception {
    SparkCluster cluster = start(1, 1, SECURE);
    FileLog pids = log("pids");
    Path wrong = folder().resolve("wrong-secret.txt");
    Path plain = folder().resolve("plain.txt");
    Path dead = folder().resolve("dead-master.txt");
    // All at a time: each is given a minute by Spark.
    Process withTheWrong =
        DriverProgram.start(
            cluster.conf().set("spark.authenticate.secret", "a wrong one"), pids, wrong);
    Process withNone =
        DriverProgram.start(
            cluster
                .conf()
                .set("spark.authenticate", "false")
                .set("spark.network.crypto.enabled", "false"),
            pids,
            plain);
    Process toNobody =
        DriverProgram.start(
            cluster.conf().setMaster("spark://127.0.0.1:" + freePort()), pids, dead);
    try {
      cluster.awaitExecutors(connect(cluster.conf()), 1);
      assertThat(pool(1).map(x -> x + 1, numbers(3))).containsExactly(1, 2, 3);
      assertRefused(withTheWrong, wrong);
      assertRefused(withNone, plain);
      assertRefused(toNobody, dead);
      assertThat(pids.lines()).as("items that nobody may start").isEmpty();
    } finally {
      withTheWrong.destroyForcibly();
      withNone.destroyForcibly();
      toNobody.destroyForcibly();
    }
  }

  /** Waits until a driver has ended because no Master took it. */
  private static void assertRefused(Process driver, Path printed) throws Exception {
    assertThat(driver.waitFor(LONGER_THAN_SPARK.toSeconds(), TimeUnit.SECONDS))
        .as("ended; it printed %s", Files.readString(printed))
        .isTrue();
    assertThat(driver.exitValue()).isNotZero();
    assertThat(Files.readString(printed)).contains("All masters are unresponsive");
  }

  /** A port on which nobody listens. */
  private static int freePort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
