package dev.procpool.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.MapResult;
import dev.procpool.Pool;
import dev.procpool.testkit.FileLatch;
import dev.procpool.testkit.FileLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Pools and the contexts that users bring: before, beside and after one another. */
@Timeout(value = 120, unit = TimeUnit.SECONDS) // which a busy machine needs for a few JVMs
class ContextsTest extends OwnCluster {

  @Test
  void poolsComeAndGoOnContextsThatComeAndGo() throws Exception {
    SparkCluster cluster = start(1, 2, Map.of());
    List<Long> executors = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      JavaSparkContext context = connect(cluster.conf());
      cluster.awaitExecutors(context, 1);
      executors.add(cluster.executors().get(0).pid());
      // The context has run jobs before it has a pool, and has more pools than one.
      assertThat(SparkClusterTest.pidsOfTasks(context)).hasSize(1);
      Pool pool = pool(1);
      try (Pool other = SparkPool.builder(context).workers(1).build()) {
        assertThat(other.map(x -> x * 2, numbers(4))).containsExactly(0, 2, 4, 6);
        long parent = parentOf(pool, log("parent-" + i), latch("go-" + i));
        assertThat(parent).isEqualTo(executors.get(i));
      }
      assertThat(pool.map(x -> x + 1, numbers(4))).containsExactly(1, 2, 3, 4);
      if (i == 0) {
        pool.close();
        assertThat(context.sc().isStopped()).isFalse();
        assertThat(SparkClusterTest.pidsOfTasks(context)).hasSize(1);
        Traces.awaitNone(cluster);
        context.close();
      } else {
        context.close();
        pool.close();
        Traces.awaitNone(cluster);
      }
      cluster.awaitNoExecutors();
    }
    assertThat(executors).doesNotHaveDuplicates();
  }

  /** The parent of a worker, which is looked at while the worker has an item. */
  private static long parentOf(Pool pool, FileLog pids, FileLatch go) throws Exception {
    MapResult<Integer> result =
        pool.mapAsync(
            x -> {
              pids.add(ownPid());
              go.await();
              return x;
            },
            numbers(1));
    long parent = parentOf(awaitPids(pids, 1).get(0)).pid();
    go.countDown();
    result.get();
    return parent;
  }
}
