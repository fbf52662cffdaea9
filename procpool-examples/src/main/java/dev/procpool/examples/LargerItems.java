package dev.procpool.examples;

// region program
import dev.procpool.Pool;
import dev.procpool.function.Args;
import dev.procpool.local.ProcessPool;
import java.util.stream.IntStream;

public class LargerItems {
  static int primes(int from, int to) {
    return (int) IntStream.range(from, to).filter(LargerItems::isPrime).count();
  }

  static boolean isPrime(int n) {
    return n > 1 && IntStream.rangeClosed(2, (int) Math.sqrt(n)).allMatch(d -> n % d != 0);
  }

  public static void main(String[] args) throws Exception {
    int step = 10_000;
    var ranges = IntStream.range(0, 100).mapToObj(i -> Args.of(i * step, (i + 1) * step)).toList();
    try (Pool pool = ProcessPool.create()) {
      int sum = pool.starmap(LargerItems::primes, ranges).stream().mapToInt(n -> n).sum();
      System.out.println(sum + " primes below a million");
    }
  }
}
// endregion
