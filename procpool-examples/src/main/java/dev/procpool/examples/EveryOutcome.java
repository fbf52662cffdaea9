package dev.procpool.examples;

// region program
import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.TaskOptions;
import dev.procpool.local.ProcessPool;
import java.time.Duration;
import java.util.List;

public class EveryOutcome {
  static int parse(String text) {
    while (text.equals("loop")) {}
    if (text.equals("exit")) {
      System.exit(42);
    }
    return Integer.parseInt(text);
  }

  static String describe(Outcome<Integer> outcome) {
    if (outcome instanceof Outcome.Success<Integer> success) {
      return "value " + success.value();
    } else if (outcome instanceof Outcome.Failure<Integer> failure) {
      return failure.error().toString();
    } else if (outcome instanceof Outcome.TimedOut<Integer> late) {
      return "over " + late.limit().toMillis() + " ms in " + late.stack().get(0).getMethodName();
    } else if (outcome instanceof Outcome.WorkerLost<Integer> lost) {
      return lost.exit().reason() + " with code " + lost.exit().exitCode().orElseThrow();
    }
    return "cancelled";
  }

  public static void main(String[] args) throws Exception {
    try (Pool pool = ProcessPool.create(2)) {
      Pool careful = pool.with(TaskOptions.defaults().timeout(Duration.ofSeconds(2)));
      var results = careful.mapAsync(EveryOutcome::parse, List.of("7", "loop", "x", "exit", "8"));
      for (Outcome<Integer> outcome : results.outcomes()) {
        System.out.println("item " + outcome.index() + ": " + describe(outcome));
      }
    }
  }
}
// endregion
