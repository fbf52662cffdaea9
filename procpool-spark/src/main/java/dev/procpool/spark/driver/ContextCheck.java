package dev.procpool.spark.driver;

import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.resource.ResourceProfile;
import scala.util.Properties;

/** Looks, before a pool is made, whether its context can have one. Without state. */
public final class ContextCheck {

  private static final List<String> VERSIONS = List.of("3.5.", "4.");

  private static final String SCALA = "2.13.";

  private ContextCheck() {}

  /**
   * Checks a context.
   *
   * @throws IllegalStateException if it was stopped, has no executors, or is of a Spark that is not
   *     known to work
   */
  public static void check(JavaSparkContext context) {
    if (context.sc().isStopped()) {
      throw new IllegalStateException("the Spark context was stopped: a pool needs one that runs");
    }
    if (context.isLocal()) {
      throw new IllegalStateException(
          "the master of this Spark context is "
              + context.master()
              + ", which has no executors of its own: use ProcessPool on one machine");
    }
    checkVersion(context.version(), Properties.versionNumberString());
  }

  /**
   * Refuses a version of Spark's whose messages are not known to be those that are used here, or
   * that was built for another Scala, whose classes are other ones.
   */
  static void checkVersion(String version, String scala) {
    if (VERSIONS.stream().noneMatch(version::startsWith) || !scala.startsWith(SCALA)) {
      throw new IllegalStateException(
          "this is Spark "
              + version
              + " for Scala "
              + scala
              + "; procpool-spark needs Spark 4.x or 3.5, either of them for Scala 2.13: take the"
              + " download or the artifacts whose names have '2.13' or 'scala2.13'");
    }
  }

  /**
   * Tells how many tasks can run at a time on the executors that there are now, and at least one.
   * Not by the default parallelism, which a user may set, and which is two where there is no
   * executor yet; but where Spark starts executors as they are asked for, so that there may be
   * none, it says how many to ask for.
   */
  static int slots(JavaSparkContext context) {
    ResourceProfile profile = context.sc().resourceProfileManager().defaultResourceProfile();
    int slots = Math.max(1, context.sc().maxNumConcurrentTasks(profile));
    return context.getConf().getBoolean("spark.dynamicAllocation.enabled", false)
        ? Math.max(slots, context.defaultParallelism())
        : slots;
  }

  /**
   * Tells how many bytes one value may have by default: it is in the memory of driver and executor
   * several times, as bytes, as a message, and decoded.
   */
  public static long maxPayload(SparkConf conf) {
    long executor = conf.getSizeAsMb("spark.executor.memory", "1g") << 20;
    return Math.max(1 << 20, Math.min(Runtime.getRuntime().maxMemory(), executor) / 16);
  }
}
