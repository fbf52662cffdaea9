package dev.procpool.examples;

// region program
import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.TaskOptions;
import dev.procpool.local.ProcessPool;
import java.time.Duration;
import java.util.List;

public class Documents {
  static int countWords(String document) {
    while (document.contains("an endless loop")) {} // a parser's bug
    if (document.contains("a call of exit")) {
      System.exit(42); // or a crash in native code, or an OutOfMemoryError
    }
    return document.split(" ").length;
  }

  public static void main(String[] args) throws Exception {
    var documents =
        List.of("plain words", "an endless loop", "a call of exit", "three plain words");
    try (Pool pool = ProcessPool.create()) {
      Pool careful = pool.with(TaskOptions.defaults().timeout(Duration.ofSeconds(1)));
      for (Outcome<Integer> outcome :
          careful.mapAsync(Documents::countWords, documents).outcomes()) {
        System.out.println(
            outcome.isSuccess()
                ? outcome.valueOrThrow() + " words"
                : "failed: " + outcome.failure().orElseThrow().getMessage());
      }
    }
  }
}
// endregion
