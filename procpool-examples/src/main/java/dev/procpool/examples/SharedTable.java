package dev.procpool.examples;

// region program
import dev.procpool.Pool;
import dev.procpool.Shared;
import dev.procpool.local.ProcessPool;
import java.util.List;
import java.util.stream.IntStream;

public class SharedTable {
  public static void main(String[] args) throws Exception {
    int[] squares = IntStream.range(0, 1_000_000).map(i -> i % 1000 * (i % 1000)).toArray();
    try (Pool pool = ProcessPool.create(2)) {
      Shared<int[]> table = pool.share(squares);
      System.out.println(pool.map(i -> table.get()[i], List.of(3, 1_003, 999_999)));
    }
  }
}
// endregion
