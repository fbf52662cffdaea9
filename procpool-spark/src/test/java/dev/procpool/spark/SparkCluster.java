package dev.procpool.spark;

import dev.procpool.testkit.Folders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * A real standalone cluster on loopback: a Master and Workers as processes of their own, which
 * start executors as they do anywhere. Nothing but Spark's jars is on their class path. All of its
 * files are in one folder. For one thread at a time.
 */
public final class SparkCluster implements AutoCloseable {

  static final String HOST = "127.0.0.1";

  private static final String EXECUTOR = "org.apache.spark.executor.CoarseGrainedExecutorBackend";
  private static final Pattern MASTER_IS_UP =
      Pattern.compile("Starting Spark master at (spark://\\S+)(?s:.*)New state: ALIVE");
  private static final Pattern MASTER_LISTENS =
      Pattern.compile("Starting Spark master at spark://");
  private static final Pattern WORKER_IS_UP =
      Pattern.compile("Successfully registered with master");

  private static final Path SHARED_MEMORY = Path.of("/dev/shm");

  private final Path folder;

  /** Where workers' memory has its names: beside those of other clusters. */
  private final Path memory;

  private final int coresEach;
  private final Map<String, String> conf;
  private final SparkHome home;
  private SparkDaemon master;
  private int masters = 1;
  private final String url;
  private final List<SparkDaemon> workers = new ArrayList<>();

  private SparkCluster(
      Path folder,
      Path memory,
      int coresEach,
      Map<String, String> conf,
      SparkHome home,
      SparkDaemon master,
      String url) {
    this.folder = folder;
    this.memory = memory;
    this.coresEach = coresEach;
    this.conf = conf;
    this.home = home;
    this.master = master;
    this.url = url;
  }

  /**
   * Starts a cluster and waits until all its Workers are registered.
   *
   * @param folder an empty folder for all that the cluster writes
   * @param workers how many Workers
   * @param coresEach how many cores each of them claims to have
   * @param conf Spark's properties, for the daemons and for {@link #conf()}
   * @return the cluster
   * @throws IOException if a file can't be written or a process can't be started
   * @throws InterruptedException if this thread was interrupted
   * @throws AssertionError if a daemon is not up within two minutes
   */
  public static SparkCluster start(
      Path folder, int workers, int coresEach, Map<String, String> conf)
      throws IOException, InterruptedException {
    return start(folder, Collections.nCopies(workers, List.of()), coresEach, conf);
  }

  /** With what begins the command of each Worker. */
  static SparkCluster start(
      Path folder, List<List<String>> machines, int coresEach, Map<String, String> conf)
      throws IOException, InterruptedException {
    Map<String, String> defaults = new HashMap<>();
    // Its port is a fixed one, on which another cluster may be.
    defaults.put("spark.master.rest.enabled", "false");
    // An application is not given up, however many of its executors a test kills.
    defaults.put("spark.deploy.maxExecutorRetries", "-1");
    defaults.putAll(conf);
    SparkHome home = SparkHome.make(folder, defaults);
    SparkDaemon master = startMaster(folder, home, "master", 0);
    SparkCluster cluster = null;
    try {
      MatchResult up = master.await(MASTER_IS_UP);
      Path memory =
          Files.createTempDirectory(
              Files.isWritable(SHARED_MEMORY) ? SHARED_MEMORY : folder, "cluster-");
      cluster =
          new SparkCluster(folder, memory, coresEach, Map.copyOf(conf), home, master, up.group(1));
      for (List<String> machine : machines) {
        cluster.startWorker(machine);
      }
      for (SparkDaemon worker : cluster.workers) {
        worker.await(WORKER_IS_UP);
      }
      return cluster;
    } catch (Throwable e) {
      if (cluster == null) {
        master.kill();
      } else {
        cluster.close();
      }
      throw e;
    }
  }

  private static SparkDaemon startMaster(Path folder, SparkHome home, String name, int port)
      throws IOException {
    String type = "org.apache.spark.deploy.master.Master";
    String number = Integer.toString(port);
    String[] options = {"--host", HOST, "--port", number, "--webui-port", "0"};
    return SparkDaemon.start(folder, home, name, List.of(), type, options);
  }

  /**
   * The address for drivers.
   *
   * @return an address that begins with {@code spark://}
   */
  public String master() {
    return url;
  }

  /**
   * A driver's configuration for this cluster: one executor on each Worker, with all its cores.
   *
   * @return a new one, which the caller may change
   */
  public SparkConf conf() {
    SparkConf driver =
        // Not what the properties of this JVM say.
        new SparkConf(false)
            .setMaster(url)
            .setAppName("procpool-spark tests")
            .set("spark.driver.host", HOST)
            .set("spark.driver.bindAddress", HOST)
            .set("spark.local.dir", folder.resolve("driver-local").toString())
            .set("spark.ui.enabled", "false")
            .set("spark.eventLog.enabled", "false")
            // Hardly more than Spark's least, which is 450 MB.
            .set("spark.executor.memory", "512m")
            .set("spark.executor.cores", Integer.toString(coresEach))
            .set(
                "spark.executor.extraJavaOptions",
                // As the daemons: little work, and often a machine with few processors.
                "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Djava.io.tmpdir="
                    + temporary()
                    + " -Dprocpool.sharedMemory="
                    + memory);
    conf.forEach(driver::set);
    return driver;
  }

  /** The folder for all that the cluster writes. */
  Path folder() {
    return folder;
  }

  /** The folder for the memory that executors share with their workers. */
  Path memory() {
    return memory;
  }

  /**
   * The folder for temporary files of daemons and executors.
   *
   * @return the folder
   */
  public Path temporary() {
    return folder.resolve("tmp");
  }

  /**
   * The process of the Master.
   *
   * @return its handle, also after its end
   */
  public ProcessHandle masterProcess() {
    return master.handle();
  }

  /**
   * The process of a Worker.
   *
   * @param worker its number, from 0
   * @return its handle, also after its end
   */
  public ProcessHandle workerProcess(int worker) {
    return workers.get(worker).handle();
  }

  /**
   * The executors that run now, also those whose Worker was killed.
   *
   * @return their handles, by process identifier
   */
  public List<ProcessHandle> executors() {
    return ProcessHandle.allProcesses()
        .filter(this::isExecutor)
        .sorted(Comparator.comparing(ProcessHandle::pid))
        .toList();
  }

  /**
   * Waits until a driver has so many executors and all others have ended.
   *
   * @param context the driver
   * @param count how many
   * @throws InterruptedException if this thread was interrupted
   * @throws AssertionError if that is not so within two minutes
   */
  public void awaitExecutors(JavaSparkContext context, int count) throws InterruptedException {
    until(
        count + " executors",
        // The driver counts itself. Not what its status tracker says: for that, an executor that
        // ends while it registers its blocks is there for ever. And one that registers them again
        // while it ends is counted here for two minutes more.
        () -> context.sc().getExecutorMemoryStatus().size() > count && executors().size() == count);
  }

  /** Waits until no executor is left, as after the end of a driver. */
  void awaitNoExecutors() throws InterruptedException {
    until("no executor", () -> executors().isEmpty());
  }

  /**
   * Starts one more Worker and waits until it is registered.
   *
   * @return its number
   * @throws IOException if the process can't be started
   * @throws InterruptedException if this thread was interrupted
   */
  public int addWorker() throws IOException, InterruptedException {
    startWorker(List.of()).await(WORKER_IS_UP);
    return workers.size() - 1;
  }

  private SparkDaemon startWorker(List<String> machine) throws IOException {
    String name = "worker-" + workers.size();
    SparkDaemon worker =
        SparkDaemon.start(
            folder,
            home,
            name,
            machine,
            "org.apache.spark.deploy.worker.Worker",
            "--host",
            HOST,
            "--port",
            "0",
            "--webui-port",
            "0",
            "--cores",
            Integer.toString(coresEach),
            "--memory",
            "1g",
            "--work-dir",
            folder.resolve(name).toString(),
            url);
    workers.add(worker);
    return worker;
  }

  /**
   * Kills a Worker with SIGKILL and waits for its end. Its executors are left to find out.
   *
   * @param worker its number, from 0
   * @throws InterruptedException if this thread was interrupted
   */
  public void killWorker(int worker) throws InterruptedException {
    workers.get(worker).kill();
  }

  /**
   * Kills the Master with SIGKILL and waits for its end.
   *
   * @throws InterruptedException if this thread was interrupted
   */
  public void killMaster() throws InterruptedException {
    master.kill();
  }

  /**
   * Starts a Master in the place of one that was killed, at its address, and waits until it is up.
   * It knows Workers and drivers again if {@code spark.deploy.recoveryMode} says so.
   *
   * @throws IOException if the process can't be started
   * @throws InterruptedException if this thread was interrupted
   */
  public void restartMaster() throws IOException, InterruptedException {
    int port = URI.create(url).getPort();
    master = startMaster(folder, home, "master-" + masters++, port);
    master.await(MASTER_LISTENS);
  }

  /**
   * The numbers of the Workers that run.
   *
   * @return the numbers, for {@link #killWorker}
   */
  public List<Integer> liveWorkers() {
    return IntStream.range(0, workers.size())
        .filter(worker -> workers.get(worker).handle().isAlive())
        .boxed()
        .toList();
  }

  /**
   * Kills all processes of the cluster, also those that its executors have started, and waits until
   * they are gone, and their ports free. Does nothing twice.
   *
   * @throws AssertionError if a process is still there after two minutes
   */
  @Override
  public void close() {
    try {
      try {
        killAll();
        home.removeLinks();
      } finally {
        if (Files.exists(memory)) { // else it was closed before
          Folders.remove(memory);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the cluster ends", e);
    }
  }

  private void killAll() throws InterruptedException {
    // Seen before their parents end, for orphans are nobody's descendants.
    Set<ProcessHandle> processes = new LinkedHashSet<>(withDescendants());
    // Executors last: a Worker or Master that lives would start them again.
    for (SparkDaemon worker : workers) {
      worker.kill();
    }
    master.kill();
    until(
        "all processes of the cluster are gone",
        () -> {
          processes.addAll(withDescendants());
          processes.removeIf(process -> !runs(process));
          processes.forEach(ProcessHandle::destroyForcibly);
          return processes.isEmpty();
        });
  }

  private List<ProcessHandle> withDescendants() {
    return Stream.concat(workers.stream().map(SparkDaemon::handle), executors().stream())
        .flatMap(process -> Stream.concat(Stream.of(process), process.descendants()))
        .toList();
  }

  private static void until(String what, BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + SparkDaemon.BOUND.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("not within " + SparkDaemon.BOUND + ": " + what);
      }
      // Each look is one at all processes of the machine.
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  private boolean isExecutor(ProcessHandle process) {
    // What the JDK tells of a command line ends after a page.
    String line = read(process, "cmdline");
    return line.contains(EXECUTOR) && line.contains(home.path().toString());
  }

  /**
   * Tells whether a process has anything still: one that has ended is there for the JDK until
   * somebody asks for its status, and nobody may ask for that of an orphan.
   */
  static boolean runs(ProcessHandle process) {
    // pid (name) state …, and a name may have brackets
    String stat = read(process, "stat");
    return process.isAlive() && !stat.isEmpty() && stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
  }

  /** What the kernel tells of a process; empty if it has ended. */
  static String read(ProcessHandle process, String file) {
    try {
      return Files.readString(
          Path.of("/proc", Long.toString(process.pid()), file), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }
}
