package dev.procpool.examples;

// region program
import dev.procpool.Pool;
import dev.procpool.function.Args;
import dev.procpool.local.ProcessPool;
import java.util.stream.IntStream;

public class ShutdownAndJoin {
  static void task(int identifier, double value) throws InterruptedException {
    System.out.println("Task " + identifier + " executing with " + value);
    Thread.sleep((long) (value * 1000));
  }

  public static void main(String[] args) throws Exception {
    try (Pool pool = ProcessPool.create()) {
      var first = IntStream.range(0, 10).mapToObj(i -> Args.of(i, Math.random())).toList();
      pool.starForEachAsync(ShutdownAndJoin::task, first);
      var second = IntStream.range(11, 20).mapToObj(i -> Args.of(i, Math.random())).toList();
      pool.starForEachAsync(ShutdownAndJoin::task, second);
      pool.shutdown();
      pool.join();
      System.out.println("All workers are gone");
    }
  }
}
// endregion
