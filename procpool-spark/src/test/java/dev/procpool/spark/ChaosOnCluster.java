package dev.procpool.spark;

import dev.procpool.Pool;
import dev.procpool.WorkerOutput;
import dev.procpool.testkit.Eventually;
import dev.procpool.testkit.Folders;
import dev.procpool.testkit.RunOptions;
import dev.procpool.testkit.chaos.ChaosPlan;
import dev.procpool.testkit.chaos.ChaosRun;
import dev.procpool.testkit.chaos.ChaosSite;
import dev.procpool.testkit.chaos.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * The chaos run on a standalone cluster of its own: misbehaving items, while worker processes,
 * executors, Worker daemons and the Master are killed, executors stopped and continued, and their
 * connections cut. As a program it takes {@code --seed N --items N --minutes N}, and ends as {@link
 * ChaosRun} does. For one thread at a time, and one in a JVM.
 */
public final class ChaosOnCluster implements ChaosSite, AutoCloseable {

  private static final int EXECUTORS = 2;
  private static final int CORES_EACH = 2;
  private static final int HANG_STATUS = 2;

  /** Results of 50 MB are among those of the plan. */
  private static final long MAX_PAYLOAD = 60_000_000;

  /** A Master that was killed, and executors started anew, on a machine that has much to do. */
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Path folder;
  private final SparkCluster cluster;
  private final JavaSparkContext context;
  private final Hits hits;
  private int rounds;

  /**
   * Starts the cluster.
   *
   * @param folder an empty folder for all that is written
   * @param seed what the hits follow from
   * @throws IOException if a process can't be started
   * @throws InterruptedException if this thread was interrupted
   */
  ChaosOnCluster(Path folder, long seed) throws IOException, InterruptedException {
    this.folder = folder;
    Map<String, String> conf =
        Map.of(
            "spark.deploy.recoveryMode",
            "FILESYSTEM",
            "spark.deploy.recoveryDirectory",
            folder.resolve("recovery").toString(),
            "spark.executor.memory",
            "900m");
    this.cluster = SparkCluster.start(folder, EXECUTORS, CORES_EACH, conf);
    this.hits = new Hits(seed);
    try {
      this.context = new JavaSparkContext(cluster.conf());
      cluster.awaitExecutors(context, EXECUTORS);
    } catch (Throwable e) {
      cluster.close();
      throw e;
    }
  }

  @Override
  public Scene open(ChaosPlan plan) throws IOException {
    return new ClusterScene(plan, Files.createDirectory(folder.resolve("round-" + ++rounds)));
  }

  @Override
  public void close() {
    context.close();
    cluster.close();
  }

  private final class ClusterScene implements Scene {

    private final ChaosPlan plan;
    private final Path place;
    private Pool pool;

    ClusterScene(ChaosPlan plan, Path place) {
      this.plan = plan;
      this.place = place;
    }

    @Override
    public Path file(String name) {
      return place.resolve(name);
    }

    @Override
    public Pool pool() throws IOException {
      SparkPool.Builder builder =
          SparkPool.builder(context)
              .workers(plan.workers())
              .executorTimeout(PATIENCE.multipliedBy(2))
              .maxPayload(MAX_PAYLOAD)
              .jvmOptions(ChaosPlan.jvmOptions("-Xmx256m", file("deep.jar")))
              .workingDirectory(place) // where a system may put core dumps
              .output(WorkerOutput.discard());
      pool = plan.configure(builder).build();
      return pool;
    }

    @Override
    public Torment torment(IntSupplier completed) {
      return new ClusterTormentor(cluster, pool, hits, plan.seed(), completed);
    }

    @Override
    public Duration patience() {
      return PATIENCE;
    }

    @Override
    public List<String> leftovers() throws IOException, InterruptedException {
      List<String> left = new ArrayList<>();
      Traces.killed();
      wakeOrphans();
      try {
        Traces.awaitNone(cluster);
        Eventually.until("no process of an item is left", () -> ofItems().isEmpty());
        Eventually.until("no thread of a pool is left", () -> threads().isEmpty());
      } catch (AssertionError e) {
        left.add(e.getMessage() + " " + ofItems() + " " + threads());
      }
      return left;
    }

    /**
     * A worker that is stopped does not see that its executor is gone; continued, it ends. Nobody
     * else is there to do it: an executor that lives ends its stopped workers.
     */
    private void wakeOrphans() throws IOException, InterruptedException {
      for (ProcessHandle process : Traces.of(cluster).processes()) {
        if (SparkCluster.read(process, "stat").contains(") T ")) {
          Signal.send("CONT", process.pid());
        }
      }
    }

    /** What items have started: their last argument is a file of the round. */
    private List<String> ofItems() {
      return ProcessHandle.allProcesses()
          .filter(SparkCluster::runs)
          .map(process -> process.pid() + " " + SparkCluster.read(process, "cmdline"))
          .filter(text -> text.contains(place.toString()))
          .toList();
    }

    private static List<String> threads() {
      return Thread.getAllStackTraces().keySet().stream()
          .map(Thread::getName)
          .filter(name -> name.startsWith("procpool-"))
          .toList();
    }

    @Override
    public void close() throws IOException {
      Folders.remove(place);
    }
  }

  /**
   * Runs as a program.
   *
   * @param args the options
   * @throws InterruptedException if this thread was interrupted
   * @throws IOException if a process can't be started
   */
  public static void main(String[] args) throws InterruptedException, IOException {
    RunOptions options =
        new RunOptions().with("--items", Integer.MAX_VALUE).with("--minutes", 10).read(args);
    Path folder = Files.createTempDirectory("chaos-on-cluster-");
    int faults;
    try (ChaosOnCluster site = new ChaosOnCluster(folder, options.seed())) {
      faults =
          new ChaosRun(
                  options.seed(),
                  Math.toIntExact(options.number("--items")),
                  Duration.ofMinutes(options.number("--minutes")),
                  System.out,
                  site,
                  () -> Runtime.getRuntime().halt(HANG_STATUS))
              .run()
              .size();
    }
    if (faults == 0) {
      Folders.remove(folder);
    } else {
      System.out.println("what daemons and executors have logged is in " + folder);
    }
    System.exit(faults == 0 ? 0 : 1);
  }
}
