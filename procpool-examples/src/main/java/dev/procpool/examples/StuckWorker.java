package dev.procpool.examples;

// region program
import dev.procpool.Pool;
import dev.procpool.WorkerInfo;
import dev.procpool.local.ProcessPool;
import java.time.Duration;

public class StuckWorker {
  static int wait(int millis) throws InterruptedException {
    Thread.sleep(millis);
    return millis;
  }

  public static void main(String[] args) throws Exception {
    try (Pool pool = ProcessPool.create(1)) {
      var result = pool.applyAsync(StuckWorker::wait, 3_600_000);
      while (!result.await(Duration.ofSeconds(1))) {
        for (WorkerInfo worker : pool.workers()) {
          if (worker.state() == WorkerInfo.State.BUSY) {
            String dump = worker.threadDump();
            System.out.println(dump);
            if (dump.contains("StuckWorker.wait")) {
              pool.terminate();
            }
          }
        }
      }
    }
  }
}
// endregion
