package dev.procpool.spark;

// region program
import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.TaskOptions;
import java.time.Duration;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

public class ManyDocuments {
  static int countWords(String document) {
    while (document.contains("an endless loop")) {} // a parser's bug
    if (document.contains("a call of exit")) {
      System.exit(42); // or a crash in native code, or an OutOfMemoryError
    }
    return document.split(" ").length;
  }

  public static void main(String[] args) throws Exception {
    var documents =
        List.of("plain words", "an endless loop", "a call of exit", "three plain words");
    SparkConf conf = new SparkConf().setAppName("documents");
    // region change
    try (JavaSparkContext context = new JavaSparkContext(conf);
        Pool pool = SparkPool.create(context)) { // in place of ProcessPool.create()
      // endregion
      Pool careful = pool.with(TaskOptions.defaults().timeout(Duration.ofSeconds(10)));
      for (Outcome<Integer> outcome :
          careful.mapAsync(ManyDocuments::countWords, documents).outcomes()) {
        System.out.println(
            outcome.isSuccess()
                ? outcome.valueOrThrow() + " words"
                : "failed: " + outcome.failure().orElseThrow().getMessage());
      }
    }
  }
}
// endregion
