package dev.procpool.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.MapResult;
import dev.procpool.testkit.Eventually;
import dev.procpool.testkit.FileLatch;
import dev.procpool.testkit.FileLog;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.SparkConf;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerSpeculativeTaskSubmitted;
import org.junit.jupiter.api.Test;

/** A context whose owner has Spark start slow tasks a second time. */
class SpeculationTest extends OwnCluster {

  private static final int ITEMS = 4;

  @Test
  void whatSparkStartsAgainStartsNoItemAgain() throws Exception {
    SparkCluster cluster = start(2, 3, Map.of());
    SparkConf conf =
        cluster
            .conf()
            .set("spark.speculation", "true")
            .set("spark.speculation.interval", "100ms")
            .set("spark.speculation.minTaskRuntime", "100ms")
            // Whatever has run for so long is slow, though no other task has ended.
            .set("spark.speculation.task.duration.threshold", "500ms");
    cluster.awaitExecutors(connect(conf), 2);
    AtomicInteger copies = new AtomicInteger();
    context()
        .sc()
        .addSparkListener(
            new SparkListener() {
              @Override
              public void onSpeculativeTaskSubmitted(SparkListenerSpeculativeTaskSubmitted event) {
                copies.incrementAndGet();
              }
            });
    FileLog starts = log("starts");
    FileLatch release = latch("release");
    MapResult<Integer> result =
        pool(2)
            .mapAsync(
                x -> {
                  starts.add(x);
                  release.await();
                  return x;
                },
                numbers(ITEMS));
    List<Long> told = told(result);
    Eventually.until("Spark has started a slot again", () -> copies.get() >= 1);
    Eventually.until("two items run", () -> starts.size() == 2);
    release.countDown();

    assertThat(result.get()).isEqualTo(numbers(ITEMS));
    assertEachOnce(told, ITEMS);
    assertThat(starts.lines()).doesNotHaveDuplicates().hasSize(ITEMS);
    assertThat(pool(2).map(x -> x, numbers(10))).as("afterwards").isEqualTo(numbers(10));
  }
}
