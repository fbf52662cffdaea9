package dev.procpool.examples;

// region program
import dev.procpool.ItemOutcome;
import dev.procpool.Pool;
import dev.procpool.local.ProcessPool;
import java.util.List;

public class StreamFailures {
  public static void main(String[] args) {
    try (Pool pool = ProcessPool.create(2)) {
      var texts = List.of("1", "two", "3");
      for (ItemOutcome<String, Integer> done : pool.imapOutcomes(Integer::parseInt, texts)) {
        System.out.println(
            done.item()
                + done.outcome().fold(value -> " is " + value, failure -> " failed: " + failure));
      }
    }
  }
}
// endregion
