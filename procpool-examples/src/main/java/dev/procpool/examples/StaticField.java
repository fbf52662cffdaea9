package dev.procpool.examples;

// region program
import dev.procpool.Pool;
import dev.procpool.local.ProcessPool;
import java.util.List;

public class StaticField {
  static final Pool POOL = ProcessPool.create(2); // made in each worker, too; starts nothing there

  static int square(int x) {
    return x * x;
  }

  public static void main(String[] args) throws Exception {
    System.out.println(POOL.map(StaticField::square, List.of(1, 2, 3)));
    POOL.close();
  }
}
// endregion
