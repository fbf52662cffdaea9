package dev.procpool.examples;

// region program
import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.RetryPolicy;
import dev.procpool.TaskOptions;
import dev.procpool.WorkerContext;
import dev.procpool.local.ProcessPool;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

public class TriedAgain {
  static String fetch(String name) throws IOException {
    if (WorkerContext.current().attempt() < 3) {
      throw new IOException("connection reset");
    }
    return "content of " + name;
  }

  public static void main(String[] args) throws Exception {
    RetryPolicy policy =
        RetryPolicy.attempts(3)
            .on(IOException.class)
            .onWorkerLost()
            .backoff(Duration.ofMillis(50), Duration.ofSeconds(2));
    try (Pool pool = ProcessPool.create(2)) {
      Pool patient = pool.with(TaskOptions.defaults().retry(policy));
      for (Outcome<String> outcome :
          patient.mapAsync(TriedAgain::fetch, List.of("a", "b")).outcomes()) {
        System.out.println(outcome.valueOrThrow() + " at attempt " + outcome.attempts());
      }
    }
  }
}
// endregion
