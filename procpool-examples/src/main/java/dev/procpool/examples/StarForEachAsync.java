package dev.procpool.examples;

// region program
import dev.procpool.Pool;
import dev.procpool.function.Args;
import dev.procpool.local.ProcessPool;
import java.util.stream.IntStream;

public class StarForEachAsync {
  static void task(int identifier, double value) throws InterruptedException {
    System.out.println("Task " + identifier + " executing with " + value);
    Thread.sleep((long) (value * 1000));
  }

  public static void main(String[] args) throws Exception {
    try (Pool pool = ProcessPool.create()) {
      var items = IntStream.range(0, 10).mapToObj(i -> Args.of(i, Math.random())).toList();
      var result = pool.starForEachAsync(StarForEachAsync::task, items);
      result.await();
      System.out.println("All tasks are done");
    }
  }
}
// endregion
