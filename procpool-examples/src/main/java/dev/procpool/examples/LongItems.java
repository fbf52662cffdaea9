package dev.procpool.examples;

// region program
import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.TaskOptions;
import dev.procpool.WorkerContext;
import dev.procpool.local.ProcessPool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

public class LongItems {
  static List<String> read(String document) throws InterruptedException {
    List<String> pages = new ArrayList<>();
    for (int page = 1; page <= 4; page++) {
      WorkerContext.current().progress(pages.size() / 4.0, "page " + page);
      if (document.equals("bad.pdf") && page == 3) {
        Thread.sleep(Long.MAX_VALUE); // its parser hangs
      }
      pages.add("text of page " + page);
      WorkerContext.current().publish(pages);
    }
    return pages;
  }

  public static void main(String[] args) throws Exception {
    try (Pool pool = ProcessPool.create(2)) {
      Pool watched = pool.with(TaskOptions.defaults().stallTimeout(Duration.ofSeconds(3)));
      for (Outcome<List<String>> outcome :
          watched.mapAsync(LongItems::read, List.of("good.pdf", "bad.pdf")).outcomes()) {
        if (outcome instanceof Outcome.TimedOut<List<String>> late) {
          System.out.println(late.kind() + " at " + late.progress().orElseThrow());
        }
        System.out.println(outcome.orElse(outcome.partial().orElse(List.of())));
      }
    }
  }
}
// endregion
