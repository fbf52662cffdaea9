package dev.procpool.examples;

// region program
import dev.procpool.MapResult;
import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.RetryPolicy;
import dev.procpool.Shared;
import dev.procpool.WorkerContext;
import dev.procpool.local.ProcessPool;
import java.io.IOException;
import java.util.List;

public class FromDask {
  static String fetch(String name) throws IOException {
    if (WorkerContext.current().attempt() < 3) {
      throw new IOException("connection reset");
    }
    return "content of " + name;
  }

  public static void main(String[] args) throws Exception {
    try (Pool pool = ProcessPool.create(2)) { // on a cluster: SparkPool.create(context)
      // client.gather(client.map(square, [1, 2, 3]))
      System.out.println(pool.map(x -> x * x, List.of(1, 2, 3)));

      // for future in as_completed(client.map(square, [1, 2, 3])): …
      int best = 0;
      for (int square : pool.imapUnordered(x -> x * x, List.of(1, 2, 3))) {
        best = Math.max(best, square);
      }
      System.out.println(best);

      // table = client.scatter([10, 20, 30], broadcast=True)
      Shared<int[]> table = pool.share(new int[] {10, 20, 30});
      System.out.println(pool.map(i -> table.get()[i], List.of(2, 0)));

      // client.submit(fetch, "a.html", retries=2).result()
      Pool patient = pool.withRetry(RetryPolicy.attempts(3).on(IOException.class));
      System.out.println(patient.apply(FromDask::fetch, "a.html"));

      // client.map(divide, [8, 0]), then future.status and future.exception() of each
      MapResult<Integer> shares = pool.mapAsync(x -> 100 / x, List.of(8, 0));
      for (Outcome<Integer> outcome : shares.outcomes()) {
        System.out.println(outcome.fold(String::valueOf, Throwable::getMessage));
      }
    }
  }
}
// endregion
