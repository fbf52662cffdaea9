package dev.procpool.examples;

// region program
import dev.procpool.Pool;
import dev.procpool.TaskOptions;
import dev.procpool.local.ProcessPool;
import dev.procpool.view.PoolView;
import java.time.Duration;
import java.util.stream.IntStream;

public class LivePage {
  static int priced(int article) throws InterruptedException {
    if (article % 97 == 13) {
      throw new IllegalArgumentException("no price for article " + article);
    }
    Thread.sleep(article % 20);
    return 2 * article;
  }

  public static void main(String[] args) throws Exception {
    try (Pool pool = ProcessPool.builder().workers(4).name("prices").build();
        PoolView view = PoolView.open(pool)) {
      System.out.println("watch it at " + view.url());
      pool.with(TaskOptions.defaults().label("price list").timeout(Duration.ofSeconds(1)))
          .mapAsync(LivePage::priced, IntStream.range(0, 500))
          .outcomes();
    }
  }
}
// endregion
