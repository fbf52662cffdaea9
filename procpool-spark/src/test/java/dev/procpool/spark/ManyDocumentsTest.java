package dev.procpool.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import scala.Tuple2;

/** The program that README and guide show runs on a cluster: what fails costs itself. */
@ExtendWith(SharedCluster.class)
class ManyDocumentsTest {

  @Test
  void theOthersHaveTheirResults(SparkCluster cluster) throws Exception {
    SharedCluster.stopContext(); // the program makes its own, as its readers' programs do
    assertThat(printed(submitted(cluster)))
        .satisfiesExactly(
            first -> assertThat(first).isEqualTo("2 words"),
            hung ->
                assertThat(hung)
                    .startsWith("failed: item 1 ran longer than its time limit of 10000 ms"),
            exited ->
                assertThat(exited)
                    .matches(
                        "failed: worker process \\d+ .*exited with code 42 \\(System.exit or"
                            + " Runtime.halt was called\\) while it ran item 2"),
            last -> assertThat(last).isEqualTo("3 words"));
  }

  /** What {@code spark-submit} hands to a program: the cluster, as system properties. */
  private static Map<String, String> submitted(SparkCluster cluster) {
    Map<String, String> properties = new HashMap<>();
    for (Tuple2<String, String> each : cluster.conf().getAll()) {
      properties.put(each._1(), each._2());
    }
    return properties;
  }

  private static List<String> printed(Map<String, String> properties) throws Exception {
    PrintStream before = System.out;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    properties.forEach(System::setProperty);
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    try {
      ManyDocuments.main(new String[0]);
    } finally {
      System.setOut(before);
      properties.keySet().forEach(System::clearProperty);
    }
    return out.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
