package dev.procpool.examples;

// region program
import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.TaskOptions;
import dev.procpool.local.ProcessPool;
import java.time.Duration;
import java.util.List;

public class LimitByItem {
  record Document(String name, int pages) {}

  static String convert(Document document) throws InterruptedException {
    if (document.name().equals("stuck.pdf")) {
      Thread.sleep(60_000);
    }
    return document.name() + " is converted";
  }

  public static void main(String[] args) throws Exception {
    TaskOptions byPages =
        TaskOptions.defaults().timeout((Document document) -> Duration.ofSeconds(document.pages()));
    List<Document> documents = List.of(new Document("book.pdf", 900), new Document("stuck.pdf", 2));
    try (Pool pool = ProcessPool.create(2)) {
      for (Outcome<String> outcome :
          pool.with(byPages).mapAsync(LimitByItem::convert, documents).outcomes()) {
        System.out.println(
            outcome instanceof Outcome.TimedOut<String> late
                ? "It took longer than " + late.limit()
                : outcome.valueOrThrow());
      }
    }
  }
}
// endregion
