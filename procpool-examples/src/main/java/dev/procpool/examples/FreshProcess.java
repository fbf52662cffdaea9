package dev.procpool.examples;

// region program
import dev.procpool.Pool;
import dev.procpool.WorkerContext;
import dev.procpool.local.ProcessPool;
import java.util.List;

public class FreshProcess {
  /** What a library keeps in the process, and nobody can mend. */
  private static boolean isSpoiled;

  static String convert(String document) {
    if (isSpoiled) {
      return "garbage";
    }
    if (document.startsWith("odd")) {
      isSpoiled = true;
      WorkerContext.current().replaceWorker();
    }
    return "text of " + document;
  }

  public static void main(String[] args) throws Exception {
    try (Pool pool = ProcessPool.create(1)) {
      System.out.println(pool.map(FreshProcess::convert, List.of("a.pdf", "odd.pdf", "b.pdf")));
    }
  }
}
// endregion
