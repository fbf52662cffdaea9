package dev.procpool.examples;

// region program
import dev.procpool.MapResult;
import dev.procpool.Pool;
import dev.procpool.RetryPolicy;
import dev.procpool.TaskOptions;
import dev.procpool.local.ProcessPool;
import java.time.Duration;
import java.util.List;

public class Service {
  static int length(String document) {
    return document.length();
  }

  public static void main(String[] args) throws Exception {
    Pool pool =
        ProcessPool.builder()
            .name("documents")
            .workers(2)
            .jvmOptions(List.of("-Xmx64m"))
            .maxWorkerMemory(200_000_000)
            .maxTasksPerWorker(10_000)
            .forwardLogs()
            .build();
    Pool parsing =
        pool.with(
            TaskOptions.defaults()
                .label("parse")
                .timeout(Duration.ofSeconds(30))
                .retry(RetryPolicy.attempts(2).onWorkerLost()));
    MapResult<Integer> results = parsing.mapAsync(Service::length, List.of("one", "three"));
    results.onOutcome(
        outcome ->
            outcome
                .failure()
                .ifPresent(
                    failure ->
                        System.getLogger("documents")
                            .log(System.Logger.Level.WARNING, "item " + outcome.index(), failure)));
    long failed = results.outcomes().stream().filter(outcome -> !outcome.isSuccess()).count();
    System.out.println(results.completed() + " done, " + failed + " failed");

    pool.close(Duration.ofSeconds(60));
    System.out.println("the pool has ended: " + pool.isTerminated());
  }
}
// endregion
