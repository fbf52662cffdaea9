package dev.procpool.examples;

// region program
import dev.procpool.MapResult;
import dev.procpool.Pool;
import dev.procpool.local.ProcessPool;
import java.util.stream.IntStream;

public class Urgent {
  static int render(int page) throws InterruptedException {
    Thread.sleep(10);
    return page;
  }

  public static void main(String[] args) throws Exception {
    try (Pool pool = ProcessPool.create(1)) {
      MapResult<Integer> batch = pool.mapAsync(Urgent::render, IntStream.range(0, 100_000));
      int page = pool.withPriority(10).apply(Urgent::render, 42);
      System.out.println("page " + page + " is there, the batch is not: " + !batch.isDone());
      batch.cancel(true);
    }
  }
}
// endregion
