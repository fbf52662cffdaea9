package dev.procpool.examples;

// region program
import dev.procpool.Pool;
import dev.procpool.ResultIterator;
import dev.procpool.local.ProcessPool;
import java.math.BigInteger;
import java.util.stream.IntStream;

public class EndlessSource {
  static String primality(int n) {
    return n + (BigInteger.valueOf(n).isProbablePrime(50) ? " is prime" : " is not");
  }

  public static void main(String[] args) {
    IntStream numbers = IntStream.iterate(1_000_000, n -> n + 1);
    try (Pool pool = ProcessPool.create(2)) {
      Pool few = pool.withLookAhead(16);
      try (ResultIterator<String> results = few.imap(EndlessSource::primality, numbers)) {
        results.stream()
            .filter(line -> line.endsWith("prime"))
            .limit(3)
            .forEach(System.out::println);
      }
    }
  }
}
// endregion
