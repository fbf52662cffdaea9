package dev.procpool.examples;

// region program
import dev.procpool.Pool;
import dev.procpool.local.ProcessPool;
import java.io.Serializable;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

public class FromExecutor {
  interface Job<T> extends Callable<T>, Serializable {}

  static List<Integer> unchanged(ExecutorService executor) throws Exception {
    Job<Integer> one = () -> 1;
    Job<Integer> two = () -> 2;
    int sum = 0;
    for (Future<Integer> future : executor.invokeAll(List.of(one, two))) {
      sum += future.get();
    }
    return List.of(executor.submit((Callable<Integer> & Serializable) () -> 40).get(), sum);
  }

  public static void main(String[] args) throws Exception {
    try (Pool pool = ProcessPool.create(2)) {
      System.out.println(unchanged(pool.asExecutorService()));
      System.out.println(pool.applyAsync(x -> x + 1, 40).get());
      pool.applyAsync(x -> x + 2, 40)
          .toCompletableFuture()
          .thenApply(x -> "then " + x)
          .thenAccept(System.out::println)
          .join();
    }
  }
}
// endregion
