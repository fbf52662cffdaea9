package dev.procpool.cli.options;

import dev.procpool.cli.message.UsageException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options about a Spark cluster. Filled by picocli, then read only. */
public final class ClusterOptions {

  @Option(
      names = "--master",
      paramLabel = "URL",
      description =
          "Run on the executors of a Spark cluster: spark://host:7077. SPARK_HOME names an unpacked"
              + " Spark of the cluster's version; its conf/spark-defaults.conf holds. The default of"
              + " --workers is then one a slot of the cluster.")
  public @Nullable String master;

  @Option(
      names = "--conf",
      paramLabel = "KEY=VALUE",
      description =
          "A property of Spark's for --master, as --conf spark.executor.memory=2g. Repeatable.")
  public Map<String, String> conf = new LinkedHashMap<>();

  public boolean isGiven() {
    return master != null;
  }

  /** Refuses what can't be, naming the option. */
  void check(RunOptions run) {
    if (master == null) {
      if (!conf.isEmpty()) {
        throw new UsageException("--conf sets up a Spark cluster: give --master too");
      }
      return;
    }
    if (run.inProcess) {
      throw new UsageException("--in-process runs in this JVM: it does not go with --master");
    }
    boolean isShare = run.pool.workers != null && run.pool.workers.isShare();
    String local = isShare ? "--workers with a share" : run.pool.ofThisMachine().orElse(null);
    if (local != null) {
      throw new UsageException(
          local + " is for workers of this machine: it does not go with --master");
    }
    if (master.startsWith("local")) {
      throw new UsageException(
          "--master " + master + " has no executors of its own: leave --master out on one machine");
    }
    for (String key : conf.keySet()) {
      if (!key.startsWith("spark.")) {
        throw new UsageException("--conf " + key + ": Spark's properties begin with 'spark.'");
      }
      if (key.equals("spark.master")) {
        throw new UsageException("--conf spark.master: the option --master names it");
      }
    }
  }
}
