package dev.procpool.examples;

// region program
import dev.procpool.Pool;
import dev.procpool.local.ProcessPool;
import java.util.List;

public class ForwardedLogs {
  static int half(int number) {
    if (number % 2 == 1) {
      System.getLogger("app").log(System.Logger.Level.WARNING, "{0} is odd", number);
    }
    return number / 2;
  }

  public static void main(String[] args) throws Exception {
    try (Pool pool = ProcessPool.builder().workers(1).forwardLogs().build()) {
      System.out.println(pool.map(ForwardedLogs::half, List.of(4, 5, 6)));
    }
  }
}
// endregion
