package dev.procpool.examples;

// region program
import dev.procpool.Pool;
import dev.procpool.local.ProcessPool;
import java.util.List;
import java.util.stream.IntStream;

public class ManySources {
  public static void main(String[] args) throws Exception {
    try (Pool pool = ProcessPool.create(2)) {
      System.out.println(pool.map(String::length, List.of("a", "bb", "ccc")));
      System.out.println(pool.map(String::length, new String[] {"a", "bb", "ccc"}));
      System.out.println(pool.map(x -> x * x, IntStream.range(0, 5)));
      System.out.println(pool.map(String::length, "one line\nanother".lines()));
      for (int square : pool.imap(x -> x * x, List.of(1, 2, 3))) {
        System.out.println(square);
      }
    }
  }
}
// endregion
