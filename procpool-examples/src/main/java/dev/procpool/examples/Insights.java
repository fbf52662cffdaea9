package dev.procpool.examples;

// region program
import dev.procpool.Pool;
import dev.procpool.TaskOptions;
import dev.procpool.local.ProcessPool;
import java.util.List;
import java.util.stream.IntStream;

public class Insights {
  static int parsed(int document) throws InterruptedException {
    Thread.sleep(document % 10);
    return document;
  }

  public static void main(String[] args) throws Exception {
    Pool pool = ProcessPool.builder().name("documents").workers(2).maxTasksPerWorker(10).build();
    List<Integer> documents = IntStream.range(0, 100).boxed().toList();
    pool.with(TaskOptions.defaults().label("parse")).map(Insights::parsed, documents);
    pool.close();
    System.out.print(pool.stats().report());
  }
}
// endregion
