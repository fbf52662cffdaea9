package dev.procpool.examples;

// region program
import dev.procpool.Pool;
import dev.procpool.function.Args;
import dev.procpool.local.ProcessPool;
import java.io.Serializable;
import java.util.stream.IntStream;

public class FailureCallback {
  record Result(int identifier, double value) implements Serializable {}

  static Result task(int identifier, double value) throws Exception {
    System.out.println("Task " + identifier + " executing with " + value);
    Thread.sleep((long) (value * 1000));
    if (identifier == 5) {
      throw new Exception("Something bad happened");
    }
    return new Result(identifier, value);
  }

  public static void main(String[] args) {
    try (Pool pool = ProcessPool.create()) {
      var items = IntStream.range(0, 10).mapToObj(i -> Args.of(i, Math.random())).toList();
      pool.starmapAsync(FailureCallback::task, items)
          .onSuccess(results -> System.out.println("Callback got values: " + results))
          .onFailure(error -> System.out.println("Callback got error: " + error));
    }
  }
}
// endregion
