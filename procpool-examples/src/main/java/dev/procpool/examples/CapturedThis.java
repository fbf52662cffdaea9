package dev.procpool.examples;

import dev.procpool.Pool;
import dev.procpool.local.ProcessPool;
import java.util.List;
import java.util.concurrent.ExecutionException;

// region program
public class CapturedThis { // not serializable, like most classes
  private final int factor;

  CapturedThis(int factor) {
    this.factor = factor;
  }

  List<Integer> wrong(Pool pool) throws Exception {
    return pool.map(x -> x * factor, List.of(1, 2, 3)); // means this.factor: takes `this` along
  }

  List<Integer> right(Pool pool) throws Exception {
    int factor = this.factor; // a copy, and all that the lambda captures
    return pool.map(x -> x * factor, List.of(1, 2, 3));
  }

  // endregion

  public static void main(String[] args) throws Exception {
    var example = new CapturedThis(2);
    try (Pool pool = ProcessPool.create()) {
      try {
        System.out.println("Got " + example.wrong(pool));
      } catch (ExecutionException e) {
        System.out.println("Failed with: " + e.getCause());
      }
      System.out.println("Got " + example.right(pool));
    }
  }
}
