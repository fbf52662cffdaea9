package dev.procpool.spark;

import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Tag;

/**
 * Tests that do to a cluster what can't be done to the shared one. Each test starts what it needs;
 * all of it ends with the test, and nothing may be left.
 */
@Tag("own-cluster")
abstract class OwnCluster extends ClusterTest {

  private SparkCluster cluster;
  private JavaSparkContext context;

  /** Starts the test's cluster: so many Workers, with so many cores each. */
  final SparkCluster start(int workers, int coresEach, Map<String, String> conf) throws Exception {
    SharedCluster.stopContext(); // a JVM has one at most
    cluster = SparkCluster.start(folder().resolve("cluster"), workers, coresEach, conf);
    return cluster;
  }

  /** Makes a context on the test's cluster. */
  final JavaSparkContext connect(SparkConf conf) {
    context = new JavaSparkContext(conf);
    return context;
  }

  @Override
  final SparkCluster cluster() {
    return cluster;
  }

  @Override
  final JavaSparkContext context() {
    return context;
  }

  @Override
  final void afterPools() throws Exception {
    if (cluster == null) {
      return;
    }
    try {
      Traces.awaitNone(cluster);
    } finally {
      if (context != null) {
        context.close();
      }
      cluster.close();
    }
  }
}
