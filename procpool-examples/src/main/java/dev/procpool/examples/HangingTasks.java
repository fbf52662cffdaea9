package dev.procpool.examples;

// region program
import dev.procpool.Pool;
import dev.procpool.function.Args;
import dev.procpool.local.ProcessPool;
import java.io.Serializable;
import java.time.Duration;
import java.util.stream.IntStream;

public class HangingTasks {
  record Result(int identifier, double value) implements Serializable {}

  static Result task(int identifier, double value) throws InterruptedException {
    System.out.println("Task " + identifier + " executing with " + value);
    boolean hangs = identifier == 7 || identifier == 13;
    Thread.sleep(hangs ? 3_600_000 : (long) (value * 1000));
    return new Result(identifier, value);
  }

  public static void main(String[] args) throws Exception {
    try (Pool pool = ProcessPool.create(4)) {
      var items = IntStream.range(0, 20).mapToObj(i -> Args.of(i, Math.random() / 10)).toList();
      var results = pool.starmapAsync(HangingTasks::task, items);
      for (var outcome : results.outcomes(Duration.ofSeconds(5))) {
        if (outcome.isSuccess()) {
          System.out.println("Got result: " + outcome.valueOrThrow());
        } else {
          System.out.println("Task " + outcome.index() + " hangs");
        }
      }
      pool.terminate();
    }
  }
}
// endregion
