package dev.procpool.examples;

// region program
import dev.procpool.Pool;
import dev.procpool.ResultIterator;
import dev.procpool.local.ProcessPool;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

public class OwnVariables {
  static String card(int item) {
    return System.getenv("CUDA_VISIBLE_DEVICES");
  }

  public static void main(String[] args) {
    Set<String> cards = new TreeSet<>();
    try (Pool pool =
            ProcessPool.builder()
                .workers(2)
                .environment(worker -> Map.of("CUDA_VISIBLE_DEVICES", "card-" + worker))
                .build();
        ResultIterator<String> used =
            pool.imapUnordered(OwnVariables::card, IntStream.iterate(0, item -> item + 1))) {
      while (cards.size() < 2) {
        cards.add(used.next());
      }
    }
    System.out.println("Cards in use: " + cards);
  }
}
// endregion
