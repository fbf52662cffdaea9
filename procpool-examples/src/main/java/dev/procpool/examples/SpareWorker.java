package dev.procpool.examples;

// region program
import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.local.ProcessPool;
import java.time.Duration;
import java.util.List;

public class SpareWorker {
  static String parse(String document) {
    while (document.equals("endless.pdf")) {
      Thread.onSpinWait(); // deaf to interrupts: its worker is killed
    }
    return "text of " + document;
  }

  public static void main(String[] args) throws Exception {
    List<String> documents = List.of("a.pdf", "endless.pdf", "b.pdf");
    try (Pool pool =
        ProcessPool.builder()
            .workers(1)
            .spareWorkers(1)
            .initializer(() -> Thread.sleep(500)) // a model to load, say
            .build()) {
      Pool limited = pool.withTimeout(Duration.ofSeconds(1));
      for (Outcome<String> outcome : limited.mapAsync(SpareWorker::parse, documents).outcomes()) {
        System.out.println(outcome.orElse("no text"));
      }
    }
  }
}
// endregion
