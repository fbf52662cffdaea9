package dev.procpool.examples;

// region program
import dev.procpool.Pool;
import dev.procpool.local.ProcessPool;
import java.io.Serializable;
import java.util.List;
import java.util.function.IntUnaryOperator;

public class Captures {
  enum Rounding {
    UP,
    DOWN
  }

  record Price(double factor, Rounding rounding) {
    long of(int amount) {
      double exact = amount * factor;
      return (long) (rounding == Rounding.UP ? Math.ceil(exact) : Math.floor(exact));
    }
  }

  interface Step extends IntUnaryOperator, Serializable {}

  public static void main(String[] args) throws Exception {
    var amounts = List.of(1, 2, 3);
    int offset = 10; // a local variable: its value goes along
    Price price = new Price(1.5, Rounding.UP); // a record: goes along
    Step twice = x -> 2 * x; // a lambda: its type must be Serializable
    try (Pool pool = ProcessPool.create(2)) {
      System.out.println(pool.map(x -> x + offset, amounts));
      System.out.println(pool.map(price::of, amounts));
      System.out.println(pool.map(x -> twice.applyAsInt(x), amounts));
    }
  }
}
// endregion
