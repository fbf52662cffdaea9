package dev.procpool.examples;

// region program
import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.ResultIterator;
import dev.procpool.local.ProcessPool;
import java.util.List;

public class StreamFailures {
  public static void main(String[] args) {
    var texts = List.of("1", "two", "3");
    try (Pool pool = ProcessPool.create(2);
        ResultIterator<Integer> numbers = pool.imapUnordered(Integer::parseInt, texts)) {
      while (numbers.hasNext()) {
        Outcome<Integer> outcome = numbers.nextOutcome();
        System.out.println(
            texts.get((int) outcome.index())
                + (outcome.isSuccess()
                    ? " is " + outcome.valueOrThrow()
                    : " failed: " + outcome.failure().orElseThrow()));
      }
    }
  }
}
// endregion
